"""An explanation tree of the rulebook as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from hutong.kernel import formats, money
from hutong.rulebook.facts import FACTS_BY_NAME

MONEY_KINDS: Final = {"amount", "benefit"}


def why(tree: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The tree in the shape the component ``ui.why`` draws: text, result, value, source, children. None stays None.

    Conditions nothing on record speaks of are gathered in one line, as in the printed form.
    """
    if not tree:
        return None
    children = list(tree.get("conditions") or ())
    silent = [child for child in children if _silent(child)]
    shown = children if len(silent) < 2 else [child for child in children if not _silent(child)]
    branches = [why(child) for child in shown]
    if len(silent) >= 2:
        names = "、".join(str(child["label"]) for child in silent)
        branches.append(_leaf("以下各项均无记录：" + names, False))
    return {
        "text": str(tree["label"]),
        "result": _result(tree),
        "value": _value(tree),
        "source": _source(tree),
        "children": [branch for branch in branches if branch],
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
    if value is None or isinstance(value, bool):
        return ""
    if tree.get("kind") in MONEY_KINDS and isinstance(value, int):
        return f"{money.format_yuan(value, grouped=True)} 元/月"
    return str(tree.get("shown") or value)


def _source(tree: Mapping[str, Any]) -> str:
    """Facts, figures and article, in this order, as one sentence."""
    parts = [f"{fact['label']}：{_said(fact['value'])}" for fact in tree.get("facts") or ()]
    needs = tree.get("needs") or ()
    if tree.get("value") is None and needs and not tree.get("conditions"):
        parts.append("尚缺：" + "、".join(_labels(needs)))
    parts += [
        f"{one['label']}（{one['source']}）" for one in tree.get("parameters") or () if one.get("source")
    ]
    if tree.get("citation"):
        parts.append(f"依据：{tree['citation']}")
    return "；".join(parts)


def _labels(names: Any) -> list[str]:
    return [FACTS_BY_NAME[name].label if name in FACTS_BY_NAME else str(name) for name in names]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return formats.date_zh(date.fromisoformat(value))
        except ValueError:
            return value
    return str(value)
