"""Charity projects a child may be put forward for (三年行动方案四（三）9): the sponsor decides, not this book.

Only what the name of a project says of its group is a condition here; each is adopted by the packs of its place.
"""

from __future__ import annotations

from hutong.rulebook.expr import Expr
from hutong.rulebook.rules.classes import told
from hutong.rulebook.ruleset import ChildView, PackView, rule

SOURCE = "三年行动方案四（三）9"


@rule("“点燃希望”困难家庭儿童重大疾病救助", SOURCE, kind="project", code="点燃希望")
def project_hope(c: ChildView, pack: PackView) -> Expr:
    return c.poor & told(c.ill)


@rule("“生命之光”儿童先天性心脏病救助", SOURCE, kind="project", code="生命之光")
def project_heart(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.heart_disease)


@rule("“童在蓝天下”困境儿童救助", SOURCE, kind="project", code="童在蓝天下")
def project_sky(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & c.in_difficulty


@rule("佑苗爱心基金儿童大病救助", SOURCE, kind="project", code="佑苗爱心基金")
def project_ill(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.ill)
