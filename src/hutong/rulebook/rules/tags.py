"""Key tags: the twelve kinds of children to be visited more often (三年行动方案四（三）8)."""

from __future__ import annotations

from hutong.rulebook.expr import Expr
from hutong.rulebook.rules.classes import told
from hutong.rulebook.rules.parents import began
from hutong.rulebook.ruleset import ChildView, PackView, ParentView, rule

SOURCE = "三年行动方案四（三）8"


@rule("正在服刑或强制隔离戒毒（不论期限）", SOURCE, of_parent=True)
def jailed_or_rehab(p: ParentView, pack: PackView) -> Expr:
    prison = began(p.prison_from, p.today) & ~began(p.prison_to, p.today)
    return prison | (began(p.rehab_from, p.today) & ~began(p.rehab_to, p.today))


@rule("重点：家庭贫困", SOURCE, kind="tag", code="K1贫困")
def key_poor(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & c.poor


@rule("重点：社会散居孤儿（含参照孤儿）", SOURCE, kind="tag", code="K2散居孤儿")
def key_orphan(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & ~c.in_institution & (c.orphan | c.ref_orphan)


@rule("重点：事实无人抚养", SOURCE, kind="tag", code="K3事实无人")
def key_defacto(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & c.defacto


@rule("重点：艾滋病病毒感染", SOURCE, kind="tag", code="K4艾滋")
def key_hiv(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.hiv)


@rule("重点：服刑和戒毒人员子女", SOURCE, kind="tag", code="K5服刑戒毒")
def key_custody(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & (c.father.jailed_or_rehab | c.mother.jailed_or_rehab)


@rule("重点：私自收养", SOURCE, kind="tag", code="K6私自收养")
def key_informal(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.informal_adopt)


@rule("重点：农村单亲家庭", SOURCE, kind="tag", code="K7农村单亲")
def key_single(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.single) & told(c.rural) & c.classified


@rule("重点：无户籍", SOURCE, kind="tag", code="K8无户籍")
def key_unregistered(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(~c.registered)


@rule("重点：失辍学", SOURCE, kind="tag", code="K9失辍学")
def key_dropout(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.dropout.one_of(("suspected", "confirmed")))


@rule("重点：重病", SOURCE, kind="tag", code="K10重病")
def key_ill(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.ill)


@rule("重点：残疾", SOURCE, kind="tag", code="K11残疾")
def key_disabled(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & c.self_disabled


@rule("重点：有流浪经历", SOURCE, kind="tag", code="K12流浪")
def key_wandering(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & (told(c.wandering) | told(c.wander_history))


@rule("重点儿童", SOURCE)
def key_child(c: ChildView, pack: PackView) -> Expr:
    needs = c.key_poor | c.key_orphan | c.key_defacto | c.key_hiv | c.key_custody | c.key_informal
    risks = c.key_single | c.key_unregistered | c.key_dropout | c.key_ill | c.key_disabled | c.key_wandering
    return needs | risks
