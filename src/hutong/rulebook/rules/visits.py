"""How often a child is visited: guardianship status sets the interval, a key child one step denser."""

from __future__ import annotations

from hutong.rulebook.expr import Expr, any_of, lift, nothing, when
from hutong.rulebook.ruleset import ChildView, PackView, rule

SOURCE = "三年行动方案四（三）8"


def _by(value: Expr, steps: dict[str, str]) -> Expr:
    result = nothing("str")
    for key, step in steps.items():
        result = when(value.eq(key), lift(step), result)
    return result


@rule("按监护状况的走访间隔", SOURCE, kind="interval", type="str")
def visit_base(c: ChildView, pack: PackView) -> Expr:
    return _by(c.guard, pack.visit_base)


@rule("走访间隔", SOURCE, kind="interval", type="str")
def visit(c: ChildView, pack: PackView) -> Expr:
    place = c.place.or_else("home")
    usual = when(c.key_child, _by(c.visit_base, pack.visit_denser), c.visit_base)
    grown = when(c.living_scheme & ~c.minor, lift("学期在校核验"), lift("-"))
    at_place = when(place.eq("foster"), lift("1m(机构)"), usual)
    minor = when(place.one_of(("institution", "rescue")), lift("机构照料"), at_place)
    return when(c.child_now & (c.classified | c.key_child), minor, grown)


@rule("距上次走访已超过走访间隔", SOURCE)
def visit_overdue(c: ChildView, pack: PackView) -> Expr:
    """From the last visit on record; without one, or where none is due here, nothing is overdue."""
    steps = []
    for step in sorted({*pack.visit_base.values(), *pack.visit_denser.values()}):
        number = int(step[:-1])
        due = c.visited_on.plus_months(number) if step.endswith("m") else c.visited_on.plus_days(number)
        steps.append(c.visit.eq(step) & (due < c.today))
    return any_of(steps)
