"""Which department a body is, so that a clerk delivers only the lists of that department (R-24.01, R-24.02)."""

from __future__ import annotations

from hutong.foundation.access.acting import Acting
from hutong.foundation.network.models import Org
from hutong.linkage.catalogue import LISTS
from hutong.linkage.contract import DEPARTMENTS

_KINDS = {"MZ": "CA", "SJ": "SF", "JCY": "JC", "JIAOYU": "JY"}
"""Kinds of bodies written otherwise in the network than in the catalogue."""
_WORDS = {
    "民政": "CA", "公安": "GA", "法院": "FY", "检察": "JC", "司法": "SF", "卫健": "WJ", "卫生": "WJ", "医保": "YB",
    "医疗保障": "YB", "教育": "JY", "教委": "JY", "人社": "RS", "人力资源": "RS", "残联": "CL", "残疾人": "CL",
    "应急": "YJ", "乡村振兴": "XC", "农业农村": "XC", "殡葬": "BZ", "殡仪": "BZ",
}  # fmt: skip


def provider_of(org: Org) -> str | None:
    """The catalogue's department code for a body, by its kind or its name; None for one that provides nothing."""
    kind = org.kind.upper()
    named = next((code for word, code in _WORDS.items() if word in org.name), None)
    if named:
        return named
    return kind if kind in DEPARTMENTS else _KINDS.get(kind)


def providers_for(actor: Acting, list_code: str) -> list[str]:
    """For which departments the actor may deliver this list: the county for all, a clerk for his own."""
    all_of = list(LISTS[list_code].table.providers)
    if actor.may("exchange.confirm"):
        return all_of
    own = provider_of(actor.post.org)
    return [own] if own in all_of else []


def lists_for(actor: Acting) -> list[str]:
    """Codes of the lists the actor may deliver."""
    return [code for code in LISTS if providers_for(actor, code)]


def shown_to(actor: Acting) -> list[str]:
    """Codes of the lists the catalogue shows: sealed ones only to those who deliver or compare them."""
    deliver = set(lists_for(actor))
    return [code for code, spec in LISTS.items() if not spec.table.sealed or code in deliver]


def neutral_title(list_code: str) -> str:
    """A list's name for places others may read (worklist, notices, jobs): a sealed one is not named."""
    table = LISTS[list_code].table
    return "密封清单" if table.sealed else f"“{table.title}”清单"
