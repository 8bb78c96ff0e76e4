"""What a rule asks, in words, before any child is looked at: its conditions as a tree of short Chinese phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from hutong.kernel.money import format_yuan
from hutong.rulebook import expr as x
from hutong.rulebook.facts import FACTS_BY_NAME, value_label

_OPS: Final = {
    "eq": "等于", "ne": "不同于", "lt": "小于", "le": "不超过", "gt": "大于", "ge": "不小于",
}  # fmt: skip
_DAYS: Final = {"lt": "早于", "le": "不晚于", "gt": "晚于", "ge": "不早于"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: ``text``, the rule it leads to ('' for none), and what it is made of."""

    text: str
    rule: str = ""
    parts: tuple[Condition, ...] = ()


def of(expr: x.Expr, labels: Mapping[str, str], *, whose: str = "", money: bool = False) -> Condition:
    """The conditions of an expression; ``labels``: rule name (``father.gone`` too) → what officials read.

    ``whose``: a word left away before facts (a parent's rule is told once); ``money``: whole numbers are fen.
    """
    return _Outline(labels, whose, money).condition(expr)


class _Outline:
    def __init__(self, labels: Mapping[str, str], whose: str, money: bool) -> None:
        self._labels = labels
        self._whose = whose
        self._money = money

    def condition(self, node: x.Expr) -> Condition:
        if isinstance(node, x.RuleRef):
            label = self._labels.get(node.name, node.name).removeprefix(self._whose)
            return Condition(label, node.name.rpartition(".")[2])
        if isinstance(node, x.Named):
            return Condition(node.label.removeprefix(self._whose))
        if isinstance(node, x.And | x.Or):
            word = "同时符合" if isinstance(node, x.And) else "符合其中一项"
            return Condition(word, parts=tuple(self.condition(one) for one in node.operands))
        if isinstance(node, x.Not) and isinstance(node.inner, x.IsNull):
            return Condition(f"有“{self._phrase(node.inner.inner)}”的记录")
        if isinstance(node, x.Not):
            inner = self.condition(node.inner)
            parts = inner.parts and (inner,)
            return Condition("以下不成立" if parts else f"不成立：{inner.text}", inner.rule, parts)
        if isinstance(node, x.OrElse):
            return self.condition(node.inner)
        if isinstance(node, x.When):
            return self._choice(node)
        return Condition(self._phrase(node))

    def _choice(self, node: x.When) -> Condition:
        asked = self.condition(node.condition)
        parts = [
            Condition(f"{word}：{inner.text}", inner.rule, inner.parts)
            for word, branch in (("是", node.then), ("否则", node.other))
            if (inner := self.condition(branch)).text != "无"
        ]
        if asked.parts:
            return Condition("分情形：以下条件是否成立", parts=(asked, *parts))
        return Condition(f"分情形：{asked.text}", asked.rule, tuple(parts))

    def _phrase(self, node: x.Expr) -> str:
        if isinstance(node, x.Const):
            return self._value(node.value)
        if isinstance(node, x.FactRef):
            return FACTS_BY_NAME[node.name].label.removeprefix(self._whose)
        if isinstance(node, x.Unknown):
            return f"需要查明：{FACTS_BY_NAME[node.fact].label if node.fact in FACTS_BY_NAME else node.fact}"
        if isinstance(node, x.Compare):
            ops = _OPS | (_DAYS if node.left.type == "date" else {})
            return f"{self._phrase(node.left)} {ops[node.op]} {self._valued(node.right, node.left)}"
        if isinstance(node, x.OneOf):
            values = "、".join(self._valued(x.lift(one), node.inner) for one in node.values)
            return f"{self._phrase(node.inner)} 是 {values} 之一"
        if isinstance(node, x.IsNull):
            return f"没有“{self._phrase(node.inner)}”的记录"
        if isinstance(node, x.AnyTold):
            return f"有“{'、'.join(FACTS_BY_NAME[one.name].label for one in node.facts[:3])}”等记录"
        if isinstance(node, x.Lists):
            return f"{self._phrase(node.inner)} 中有 {node.item}"
        return self._measure(node)

    def _measure(self, node: x.Expr) -> str:
        if isinstance(node, x.PlusMonths):
            return f"{self._phrase(node.inner)}之后 {node.months} 个月"
        if isinstance(node, x.PlusDays):
            word = "之后" if node.days >= 0 else "之前"
            return f"{self._phrase(node.inner)}{word} {abs(node.days)} 天"
        if isinstance(node, x.CompletedYears):
            return "年龄（周岁）"
        if isinstance(node, x.Minus):
            return f"{self._phrase(node.left)} 减去 {self._phrase(node.right)}"
        if isinstance(node, x.Prefix):
            return f"{self._phrase(node.inner)}（前 {node.length} 位）"
        told = isinstance(node, x.RuleRef | x.Named | x.And | x.Or | x.Not | x.OrElse | x.When)
        return self.condition(node).text if told else "另行计算的值"

    def _valued(self, node: x.Expr, beside: x.Expr) -> str:
        """A constant beside a fact is told with the fact's own words."""
        while isinstance(beside, x.OrElse):
            beside = beside.inner
        if isinstance(node, x.Const) and isinstance(beside, x.FactRef) and node.value is not None:
            return value_label(beside.name, node.value)
        return self._phrase(node)

    def _value(self, value: x.Value) -> str:
        if value is None:
            return "无"
        if isinstance(value, bool):
            return "成立" if value else "不成立"
        if isinstance(value, int) and self._money:
            return f"{format_yuan(value, grouped=True)} 元/月"
        return value.isoformat() if isinstance(value, date) else str(value)
