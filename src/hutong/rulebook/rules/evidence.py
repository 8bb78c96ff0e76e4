"""Contradicting evidence: something that used to hold has ended, by a date or a registration on record.

A lead to stop a protection needs one of these; a list in which a row is merely missing never makes one. A short term
that never counted does not contradict anything when it ends.
"""

from __future__ import annotations

from hutong.rulebook.expr import AnyTold, Expr, FactRef
from hutong.rulebook.rules.parents import began, graded
from hutong.rulebook.ruleset import ChildView, PackView, ParentView, rule


def _term_over(p: ParentView, pack: PackView, kind: str, label: str) -> Expr:
    start = FactRef(f"{p.prefix}_{kind}_from", "date")
    to = FactRef(f"{p.prefix}_{kind}_to", "date")
    counted = (start.plus_months(pack.term_months) <= to).or_else(True)
    return (began(to, p.today) & counted).called(f"{p.label}{label}")


@rule("曾有的情形已结束", "民发〔2019〕62号（情形消失的终止保障）", kind="evidence", of_parent=True)
def ended(p: ParentView, pack: PackView) -> Expr:
    dates = (
        "prison_to",
        "rehab_to",
        "detention_to",
        "restored_on",
        "reentry_on",
        "missing_revoked_on",
        "dis_expired_on",
    )
    any_end = AnyTold(tuple(FactRef(f"{p.prefix}_{name}", "date") for name in dates))
    expired = p.certificate_expired & graded(f"{p.prefix}_", pack.dis_nat62)
    return any_end & (
        _term_over(p, pack, "prison", "服刑期满")
        | _term_over(p, pack, "rehab", "强制隔离戒毒期满")
        | _term_over(p, pack, "detention", "限制人身自由措施期满")
        | began(p.restored_on, p.today).called(f"{p.label}已恢复监护资格")
        | began(p.reentry_on, p.today).called(f"{p.label}已再入境")
        | began(p.missing_revoked_on, p.today).called(f"{p.label}宣告失踪已撤销")
        | expired.called(f"{p.label}残疾证已过期")
    )


@rule("已满18周岁且不符合延长保障", "未成年人保护法第2条；地方延长规定", kind="evidence")
def aged_out(c: ChildView, pack: PackView) -> Expr:
    return (~c.minor & ~c.studying).or_else(False)


@rule("有证据表明生活保障情形已不成立", "民发〔2019〕62号", kind="evidence")
def contradicted_living(c: ChildView, pack: PackView) -> Expr:
    return c.father.ended | c.mother.ended | c.aged_out | c.is_adopted | ~c.alive


@rule("外出务工已返乡", "三年行动方案二（一）", kind="evidence", of_parent=True)
def returned(p: ParentView, pack: PackView) -> Expr:
    return began(p.work_returned_on, p.today)


@rule("有证据表明留守情形已不成立", "国发〔2016〕13号；三年行动方案二（一）", kind="evidence")
def contradicted_lb(c: ChildView, pack: PackView) -> Expr:
    grown = (~c.under_sixteen).or_else(False).called("已满16周岁")
    back = c.father.returned | c.mother.returned
    return grown | back | c.father.ended | c.mother.ended | c.is_adopted | ~c.alive
