"""An explanation tree of the rulebook as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from hutong.domains.policy.selectors import packs
from hutong.kernel import formats, money
from hutong.rulebook.words import NOT_LOADED, figure

if TYPE_CHECKING:
    from hutong.domains.policy.selectors.explaining import Assessment
    from hutong.domains.registry.models import Child

MARKS: Final = {"assumption": "约定，待文件明确", "verify": "待核对原文", "not_loaded": "标准待录入"}
MONEY_KINDS: Final = {"amount", "benefit"}


def why(tree: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The tree in the shape the component ``ui.why`` draws: text, result, value, source, children. None stays None.

    Conditions nothing on record speaks of are gathered in one line, as in the printed form.
    """
    return _branch(tree, top=True) if tree else None


def _branch(tree: Mapping[str, Any], *, top: bool = False) -> dict[str, Any]:
    """One node; a category inside another has its own tree elsewhere and is not unfolded again."""
    folded = not top and tree.get("kind") == "category"
    children = [] if folded else list(tree.get("conditions") or ())
    silent = [child for child in children if _silent(child)]
    shown = children if len(silent) < 2 else [child for child in children if not _silent(child)]
    branches = [_branch(child) for child in shown]
    if len(silent) >= 2:
        names = "、".join(str(child["label"]) for child in silent)
        branches.append(_leaf("以下各项均无记录：" + names, False))
    return {
        "text": str(tree["label"]),
        "result": _result(tree),
        "value": _value(tree),
        "source": _source(tree),
        "children": branches,
    }


def _leaf(text: str, result: bool | None) -> dict[str, Any]:
    return {"text": text, "result": result, "value": "", "source": "", "children": []}


def _silent(tree: Mapping[str, Any]) -> bool:
    conditions = tree.get("conditions") or ()
    return tree.get("value") is False and not tree.get("facts") and all(_silent(one) for one in conditions)


def _result(tree: Mapping[str, Any]) -> bool | None:
    value = tree.get("value")
    return value if isinstance(value, bool) or value is None else True


def _value(tree: Mapping[str, Any]) -> str:
    value = tree.get("value")
    if tree.get("shown") == NOT_LOADED:
        return NOT_LOADED
    if value is None or isinstance(value, bool):
        return ""
    if tree.get("rule") == "scheme":
        return packs.scheme_label(str(value))
    if tree.get("kind") in MONEY_KINDS and isinstance(value, int):
        return f"{money.format_yuan(value, grouped=True)} 元/月"
    return str(tree.get("shown") or value)


def _source(tree: Mapping[str, Any]) -> str:
    """Facts, figures and article, in this order, as one sentence."""
    parts = [f"{fact['label']}：{said(fact['value'])}{_origin(fact)}" for fact in tree.get("facts") or ()]
    needs = tree.get("needs") or ()
    if tree.get("value") is None and needs and not tree.get("conditions"):
        parts.append("尚缺：" + "；".join(one["sentence"] for one in tree.get("asked") or ()))
    parts += [
        f"{one['label']}：{figure(one['label'], one.get('value'))}（{one['source']}）"
        for one in tree.get("parameters") or ()
        if one.get("source")
    ]
    if tree.get("citation"):
        parts.append(f"依据：{tree['citation']}")
    return "；".join(parts)


def _origin(fact: Mapping[str, Any]) -> str:
    """Where the fact is from and since when it is known, in brackets."""
    learnt = f"{fact['learnt']} 获知" if fact.get("learnt") else ""
    words = "，".join(filter(None, (fact.get("source"), learnt)))
    return f"（来源：{words}）" if words else ""


def said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return formats.date_zh(date.fromisoformat(value))
        except ValueError:
            return value
    return str(value)


def missing(remedy: Mapping[str, Any]) -> list[str]:
    """What would have to hold, all of it together: one sentence a condition."""
    return [str(slot["words"]) for slot in remedy["slots"]]


def assessment(found: Assessment, child: Child) -> dict[str, Any]:
    """Context of the panel and the printed page: categories that hold, that are open, the money, the trees.

    Trees stand for what holds or is open; of what does not hold, the reason is one line unless it is on the roll.
    """
    roll = [packs.scheme_label(code) for code in found.roll]
    return {
        "found": found,
        "child": child,
        "scheme": packs.scheme_label(found.scheme) if found.scheme else "",
        "roll": roll,
        "differs": set(found.roll) - {"LB"} != ({found.scheme} if found.scheme else set()),
        "categories": [
            {
                "label": one.label,
                "holds": one.holds,
                "words": {True: "符合", False: "不符合", None: "尚不能判定"}[one.holds],
                "tone": {True: "ok", False: "plain", None: "warn"}[one.holds],
                "needs": "、".join(one.needs),
                "why": why(one.tree),
                "missing": [missing(remedy) for remedy in one.outlook["remedies"]],
                "turn": one.outlook["turn"]["sentence"] if one.outlook["turn"] else "",
            }
            for one in found.categories
        ],
        "amount": why(found.amount),
    }


@dataclass(frozen=True, slots=True)
class Group:
    """One parameter with its dated lines, newest first."""

    label: str
    lines: tuple[dict[str, Any], ...]


def parameters(info: packs.PackInfo) -> list[Group]:
    """Parameters by name: value in words, from when, source, whether in force, what is only assumed."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in info.parameters:
        words = MARKS.get(one.line.mark, "")
        groups.setdefault(one.label, []).append(
            {
                "value": figure(one.label, one.line.value),
                "start": one.line.start,
                "source": one.line.source,
                "area": one.line.area,
                "live": one.live,
                "mark": words,
            }
        )
    return [Group(label, tuple(lines)) for label, lines in groups.items()]
