"""Who may do what with a batch, which body delivers which lists (R-24.01, R-24.02); the sentences users see."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from hutong.domains.compartments import selectors as compartments
from hutong.domains.exchange.machines import batch as machine
from hutong.domains.exchange.models import COMPARTMENT_OF, Batch, Push
from hutong.foundation.access.acting import Acting
from hutong.foundation.network.models import Org
from hutong.foundation.workflow.errors import NotNow
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


def named_for(actor: Acting, list_code: str) -> bool:
    """Whether the list is ordinary, or the actor is named for its compartment."""
    return not LISTS[list_code].table.sealed or compartments.may_open(actor, COMPARTMENT_OF[list_code])


def providers_for(actor: Acting, list_code: str) -> list[str]:
    """For which departments the actor may deliver this list: the county for all (a sealed one only who is named for it),
    a clerk for his own."""
    all_of = list(LISTS[list_code].table.providers)
    if actor.may("exchange.confirm"):
        return all_of if named_for(actor, list_code) else []
    own = provider_of(actor.post.org)
    return [own] if own in all_of else []


def lists_for(actor: Acting) -> list[str]:
    """Codes of the lists the actor may deliver."""
    return [code for code in LISTS if providers_for(actor, code)]


def shown_to(actor: Acting) -> list[str]:
    """Codes of the lists the catalogue shows: sealed ones only to those who deliver or compare them."""
    deliver = set(lists_for(actor))
    return [code for code, spec in LISTS.items() if not spec.table.sealed or code in deliver]


def check_can_deliver(actor: Acting, list_code: str) -> None:
    """The county delivers any list, a department clerk those his department provides."""
    actor.check("exchange.upload")
    if list_code not in LISTS or not providers_for(actor, list_code):
        title = LISTS[list_code].table.title if list_code in shown_to(actor) else "该"
        raise PermissionDenied(f"{actor.post.org.name}不是“{title}”清单的提供部门，请核对清单类别。")


def lists_provided_by(org: Org) -> set[str]:
    """Codes of the lists the body may deliver."""
    provider = provider_of(org)
    return {code for code, spec in LISTS.items() if provider in spec.table.providers}


def check_can_push(actor: Acting, list_code: str) -> str:
    """A department's system pushes rows of the lists its department provides; returns the provider."""
    actor.check("exchange.push")
    own = providers_for(actor, list_code) if list_code in LISTS else []
    if len(own) != 1:
        raise PermissionDenied(f"{actor.post.org.name}不是该清单的提供部门，请核对清单类别。")
    return own[0]


def check_can_ask(actor: Acting, subject: Batch | Push) -> None:
    """Only who delivered it asks to take it back."""
    actor.check("exchange.upload")
    if subject.sender_post_id != actor.post.pk:
        raise PermissionDenied("只有提供这份数据的岗位可以请求更正。")


def check_can_confirm(actor: Acting, batch: Batch) -> None:
    """A second person: whoever uploaded never confirms (rights.APART)."""
    actor.check("exchange.confirm")
    if not named_for(actor, batch.list_code):
        raise PermissionDenied("这一批须由专管名单上的人确认。")
    if batch.uploaded_by_id == actor.user.pk:
        raise PermissionDenied("上传人不能确认自己上传的批次，请由另一位工作人员办理。")
    if batch.state == machine.CHECKED and batch.passed == 0:
        raise NotNow("这一批没有一行通过检查，无须确认。请退回提供部门改正后重新上传。")
    root = batch.supplements
    if root is not None and root.state != machine.CONFIRMED:
        raise NotNow("这是补报，请先确认原批次，再确认补报。")


def can_confirm(actor: Acting, batch: Batch) -> bool:
    try:
        check_can_confirm(actor, batch)
    except PermissionDenied:
        return False
    return batch.state == machine.CHECKED


def can_see_rows(actor: Acting, batch: Batch) -> bool:
    """Rejected rows go back to the sender's post and to the county; sealed ones as well, without detail."""
    return actor.post.pk == batch.sender_post_id or (
        actor.may("exchange.confirm") and named_for(actor, batch.list_code)
    )
