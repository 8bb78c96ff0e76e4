"""A rule's conditions in words: the expression tree as a nested Chinese list, for the reference pages.

What decided one child is told by ``explain``; here nothing is evaluated, so every branch is written out.
"""

from __future__ import annotations

from collections.abc import Callable

from hutong.rulebook import expr as x
from hutong.rulebook.facts import FACTS_BY_NAME, value_label
from hutong.rulebook.ruleset import RULES

_SIGNS = {"eq": "＝", "ne": "≠", "lt": "＜", "le": "≤", "gt": "＞", "ge": "≥"}
_SHOWN = 4
"""So many facts of a long enumeration are named; the rest is a number."""

Link = Callable[[str], str]


def lines(node: x.Expr, link: Link, depth: int = 0) -> list[str]:
    """Markdown list items. ``link`` turns a rule's name (``father.gone``) into what stands for it."""
    pad = "  " * depth
    if isinstance(node, x.And | x.Or):
        head = "以下各项都成立" if isinstance(node, x.And) else "以下任一项成立"
        below = [line for part in node.operands for line in lines(part, link, depth + 1)]
        return [f"{pad}- {head}：", *below]
    if isinstance(node, x.Not) and isinstance(node.inner, x.And | x.Or):
        return [f"{pad}- 并非如下：", *lines(node.inner, link, depth + 1)]
    if isinstance(node, x.Named) and isinstance(node.inner, x.And | x.Or):
        return [f"{pad}- {node.label}：", *lines(node.inner, link, depth + 1)]
    if isinstance(node, x.When):
        branches = ((f"若{say(node.condition, link)}，则：", node.then), ("否则：", node.other))
        return [line for head, part in branches for line in _branch(pad, head, part, link, depth)]
    return [f"{pad}- {say(node, link)}"]


def _branch(pad: str, head: str, part: x.Expr, link: Link, depth: int) -> list[str]:
    below = lines(part, link, depth + 1)
    return [f"{pad}- {head}{below[0].strip()[2:]}"] if len(below) == 1 else [f"{pad}- {head}", *below]


def say(node: x.Expr, link: Link) -> str:
    """One expression as one phrase."""
    return _PHRASES[type(node)](node, link)


def fact(name: str) -> str:
    return FACTS_BY_NAME[name].label


def _const(node: x.Const, link: Link) -> str:
    if node.value is None:
        return "无"
    if isinstance(node.value, bool):
        return "恒成立" if node.value else "恒不成立"
    return str(node.value)


def _compare(node: x.Compare, link: Link) -> str:
    left, right = say(node.left, link), say(node.right, link)
    if isinstance(node.left, x.FactRef) and isinstance(node.right, x.Const):
        right = value_label(node.left.name, node.right.value)
    return f"{left} {_SIGNS[node.op]} {right}"


def _one_of(node: x.OneOf, link: Link) -> str:
    name = node.inner.name if isinstance(node.inner, x.FactRef) else ""
    values = "、".join(value_label(name, value) for value in node.values)
    return f"{say(node.inner, link)}为{values or '（空）'}之一"


def _told(node: x.AnyTold, link: Link) -> str:
    names = [fact(one.name) for one in node.facts]
    rest = f"等 {len(names)} 项" if len(names) > _SHOWN else ""
    return f"{'、'.join(names[:_SHOWN])}{rest}至少有一项记录"


def _or_else(node: x.OrElse, link: Link) -> str:
    inner = say(node.inner, link)
    if isinstance(node.default, x.Const) and isinstance(node.default.value, bool):
        return f"{inner}（未告知视为{'是' if node.default.value else '否'}）"
    return f"{inner}（未告知时：{say(node.default, link)}）"


def _days(node: x.PlusDays, link: Link) -> str:
    return f"{say(node.inner, link)}{'后' if node.days >= 0 else '前'} {abs(node.days)} 天"


def _several(word: str) -> Callable[[x.And | x.Or, Link], str]:
    return lambda node, link: "（" + word.join(say(part, link) for part in node.operands) + "）"


_PHRASES: dict[type[x.Expr], Callable[..., str]] = {
    x.Const: _const,
    x.Unknown: lambda n, link: f"尚待查明：{fact(n.fact)}",
    x.FactRef: lambda n, link: fact(n.name),
    x.RuleRef: lambda n, link: link(n.name),
    x.Named: lambda n, link: f"{n.label}（{say(n.inner, link)}）",
    x.And: _several("，且"),
    x.Or: _several("，或"),
    x.Not: lambda n, link: f"不是：{say(n.inner, link)}",
    x.Compare: _compare,
    x.OneOf: _one_of,
    x.IsNull: lambda n, link: f"没有{say(n.inner, link)}的结论或记录",
    x.AnyTold: _told,
    x.OrElse: _or_else,
    x.When: lambda n, link: f"若{say(n.condition, link)}则{say(n.then, link)}，否则{say(n.other, link)}",
    x.PlusMonths: lambda n, link: f"{say(n.inner, link)}后 {n.months} 个月",
    x.PlusDays: _days,
    x.CompletedYears: lambda n, link: f"按{say(n.inner, link)}计算的周岁",
    x.Minus: lambda n, link: f"{say(n.left, link)} 减 {say(n.right, link)}（不低于零）",
    x.Prefix: lambda n, link: f"{say(n.inner, link)}的前 {n.length} 位",
    x.Lists: lambda n, link: f"{say(n.inner, link)}含 {n.item}",
}


def plain_name(name: str) -> str:
    """``father.gone`` is the rule ``gone``."""
    return name.split(".", 1)[-1]


def label(name: str) -> str:
    """The label of a rule, with whose it is."""
    whose = {"father": "父亲", "mother": "母亲"}.get(name.split(".", 1)[0], "") if "." in name else ""
    return whose + RULES[plain_name(name)].label
