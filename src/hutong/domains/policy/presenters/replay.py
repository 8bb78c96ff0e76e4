"""Replays and kept decisions as pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hutong.domains.policy.presenters import trees
from hutong.domains.policy.selectors import packs
from hutong.kernel import money
from hutong.rulebook.facts import FACTS_BY_NAME, value_label
from hutong.rulebook.ruleset import RULES

if TYPE_CHECKING:
    from hutong.domains.policy.selectors.explaining import Assessment
    from hutong.domains.policy.selectors.replaying import Checked, Replay

VERDICT: Final = {True: "符合", False: "不符合", None: "尚不能判定"}


def replay(found: Replay) -> dict[str, Any]:
    """Three answers side by side, the facts known otherwise since, and the reasons of then."""
    answers = (found.then, found.hindsight, found.today)
    rules = dict.fromkeys(one.rule for answer in answers for one in answer.categories)
    rows = [(RULES[rule].label, *(_verdict(answer, rule) for answer in answers)) for rule in rules]
    rows.append(("应享类别", *(_scheme(answer.scheme) for answer in answers)))
    rows.append(("月标准", *(_money(answer.scheme, answer.monthly_due) for answer in answers)))
    rows.append(("适用政策", *(answer.pack_label for answer in answers)))
    rows.append(("规则版本", *(answer.version for answer in answers)))
    return {
        "found": found,
        "rows": rows,
        "late": [row[:3] for row in rows if row[1] != row[2]],
        "changed": [
            (one.label, _said(one.fact, one.then), _said(one.fact, one.now), one.learnt)
            for one in found.changed
        ],
        "trees": [(one.label, trees.why(one.tree)) for one in found.then.categories],
    }


def decision(found: Checked) -> dict[str, Any]:
    kept = found.decision
    return {
        "found": found,
        "kept": kept,
        "facts": [(label, _plain(value)) for label, value in found.facts],
        "verdicts": [
            (RULES[rule].label, VERDICT.get(value, str(value)))
            for rule, value in kept.outcome.items()
            if rule in RULES
        ],
        "scheme": _scheme(kept.scheme),
        "monthly": _money(kept.scheme, kept.monthly),
        "scheme_now": _scheme(found.scheme_now),
        "monthly_now": _money(found.scheme_now, found.monthly_now),
    }


def _verdict(answer: Assessment, rule: str) -> str:
    return next((VERDICT[one.holds] for one in answer.categories if one.rule == rule), "当地未设")


def _scheme(code: str | None) -> str:
    return packs.scheme_label(code) if code else "无"


def _money(scheme: str | None, fen: int | None) -> str:
    if not scheme:
        return "—"
    return f"{money.format_yuan(fen, grouped=True)} 元" if fen is not None else "标准尚未录入"


def _said(fact: str, value: Any) -> str:
    return (
        "未登记"
        if value is None
        else _plain(value)
        if FACTS_BY_NAME[fact].type != "str"
        else value_label(fact, value)
    )


def _plain(value: Any) -> str:
    return trees.said(value.isoformat() if hasattr(value, "isoformat") else value)
