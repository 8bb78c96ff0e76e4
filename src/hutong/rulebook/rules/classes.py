"""The three classes of children in difficulty (家庭困境 FAM, 自身困境 SELF, 监护困境 GRD) with their subtypes.

A child may stand in several at once. Subtypes of the de facto unsupported follow the cause: illness and disability only
→ FAM; any hard cause (服刑、强戒、限制自由、失联、撤销、遣送) → GRD.
"""

from __future__ import annotations

from hutong.kernel.facts import DISABILITY_TYPES
from hutong.rulebook.expr import FALSE, Expr, FactRef, any_of, lift
from hutong.rulebook.rules.parents import graded
from hutong.rulebook.ruleset import ChildView, PackView, ParentView, rule

S2 = "三年行动方案二（二）"
TEKUN = "民发〔2021〕43号特困人员认定办法"


def told(fact: Expr) -> Expr:
    """A yes on file; silence is no."""
    return fact.or_else(False)


@rule("在世的未成年人", kind="background")
def child_now(c: ChildView, pack: PackView) -> Expr:
    return c.alive & c.minor


@rule("属于生活保障类别")
def living_scheme(c: ChildView, pack: PackView) -> Expr:
    return c.orphan | c.ref_orphan | c.defacto


@rule("有服刑、强戒、限制自由、失联、撤销或遣送情形", S2 + "3", of_parent=True)
def hard_cause(p: ParentView, pack: PackView) -> Expr:
    return p.d5 | p.lost


@rule("残疾（家庭困境口径）或重病", S2 + "1", of_parent=True)
def disabled_or_ill(p: ParentView, pack: PackView) -> Expr:
    if not pack.dis_s2:
        return FALSE
    return (graded(f"{p.prefix}_", pack.dis_s2) & ~p.certificate_expired) | p.seriously_ill


@rule("特困（未纳入孤儿类保障）", TEKUN)
def tekun(c: ChildView, pack: PackView) -> Expr:
    return told(c.low_income.eq("tekun")) & ~c.living_scheme


@rule("无劳动能力（特困口径）", TEKUN)
def cannot_work(c: ChildView, pack: PackView) -> Expr:
    young: Expr = c.age < pack.tekun_entry_age
    return young.called("未满特困认定年龄") | (graded("", pack.dis_tekun) & c.certified_disabled).called(
        "重残（特困口径）"
    )


@rule("无法定抚养义务人，或义务人无履行能力", TEKUN)
def no_supporter(c: ChildView, pack: PackView) -> Expr:
    f, m = c.father, c.mother
    return (f.gone | f.c8) & (m.gone | m.c8)


@rule("符合特困认定条件", TEKUN)
def tekun_test(c: ChildView, pack: PackView) -> Expr:
    return c.cannot_work & told(c.no_income).called("无生活来源") & c.no_supporter


@rule("重病或持证重残（一、二级），医疗倾斜", "2017年实施意见三（二）")
def medical_tilt(c: ChildView, pack: PackView) -> Expr:
    heavy = (graded("", pack.dis_tilt) & c.certified_disabled).called("重残（医疗倾斜口径）")
    return c.child_now & (told(c.ill) | heavy)


@rule("家庭困境：低保和特困家庭儿童", S2 + "1", kind="category", code="FAM:低保特困")
def fam_relief(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & (told(c.low_income.eq("dibao")) | c.tekun)


@rule("家庭困境：建档立卡家庭儿童", S2 + "1", kind="category", code="FAM:建档立卡")
def fam_registered(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.low_income.eq("poor_registered"))


@rule("家庭困境：部分事实无人抚养儿童", S2 + "1", kind="category", code="FAM:事实无人")
def fam_defacto(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & c.defacto & ~c.father.hard_cause & ~c.mother.hard_cause


@rule("家庭困境：其他", S2 + "1", kind="category", code="FAM:其他")
def fam_other(c: ChildView, pack: PackView) -> Expr:
    f, m = c.father, c.mother
    soft = (
        (f.disabled_or_ill & m.disabled_or_ill) | (f.gone & m.disabled_or_ill) | (f.disabled_or_ill & m.gone)
    )
    return c.child_now & (told(c.low_income.eq("other_poor")) | (soft & ~c.living_scheme))


@rule("家庭贫困", S2 + "1（三）")
def poor(c: ChildView, pack: PackView) -> Expr:
    other = told(c.low_income.one_of(("dibao", "poor_registered", "other_poor")))
    return c.child_now & (other | c.tekun)


@rule("有残疾")
def impaired(c: ChildView, pack: PackView) -> Expr:
    grades = any_of(~FactRef(f"dis_{kind}", "int").missing() for kind in DISABILITY_TYPES)
    return grades & ~told(c.dis_expired_on < lift(c.today))


@rule("自身困境：残疾儿童", S2 + "2（需持残疾人证）", kind="category", code="SELF:残疾")
def self_disabled(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & c.impaired & c.dis_cert.or_else(True)


@rule("自身困境：重病儿童", S2 + "2", kind="category", code="SELF:重病")
def self_ill(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.ill)


@rule("自身困境：艾滋病病毒感染儿童", S2 + "2", kind="category", code="SELF:艾滋")
def self_hiv(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.hiv)


@rule("自身困境：其他", S2 + "2", kind="category", code="SELF:其他")
def self_other(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.other_self)


@rule("监护困境：孤弃儿童", S2 + "3", kind="category", code="GRD:孤弃")
def grd_orphan(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & ~c.is_adopted & (told(c.foundling) | c.orphan)


@rule("监护困境：参照孤儿保障的对象", S2 + "3", kind="category", code="GRD:参照孤儿")
def grd_ref_orphan(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & c.ref_orphan & c.both_absent


@rule("监护困境：部分事实无人抚养儿童", S2 + "3", kind="category", code="GRD:事实无人")
def grd_defacto(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & c.defacto & (c.father.hard_cause | c.mother.hard_cause)


@rule("监护困境：监护侵害儿童", S2 + "3", kind="category", code="GRD:监护侵害")
def grd_abused(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.abuse.one_of(("suspected", "severe")))


@rule("监护困境：打拐解救儿童", S2 + "3", kind="category", code="GRD:打拐解救")
def grd_trafficked(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.trafficked)


@rule("监护困境：流浪乞讨儿童", S2 + "3", kind="category", code="GRD:流浪乞讨")
def grd_wandering(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.wandering)


@rule("脱离监护单独居住", "未成年人保护法第21条")
def living_alone(c: ChildView, pack: PackView) -> Expr:
    young: Expr = c.age < pack.alone_age
    return told(c.alone) & young


@rule("幼儿无人看护", "未成年人保护法第21条")
def left_unattended(c: ChildView, pack: PackView) -> Expr:
    young: Expr = c.age < pack.unattended_age
    return told(c.unattended) & young


@rule("监护缺失", "三年行动方案四（三）8")
def unguarded(c: ChildView, pack: PackView) -> Expr:
    return told(c.guard.eq("ABSENT")) | told(c.emergency_gap)


@rule("监护困境：其他", S2 + "3", kind="category", code="GRD:其他")
def grd_other(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & (c.living_alone | c.left_unattended | c.unguarded | told(c.guardian_refuses))


@rule("属于困境儿童", S2)
def in_difficulty(c: ChildView, pack: PackView) -> Expr:
    family = c.fam_relief | c.fam_registered | c.fam_defacto | c.fam_other
    own = c.self_disabled | c.self_ill | c.self_hiv | c.self_other
    guardianship = (
        c.grd_orphan
        | c.grd_ref_orphan
        | c.grd_defacto
        | c.grd_abused
        | c.grd_trafficked
        | c.grd_wandering
        | c.grd_other
    )
    return c.living_scheme | family | own | guardianship


@rule("属于困境儿童或留守儿童", S2)
def classified(c: ChildView, pack: PackView) -> Expr:
    return c.in_difficulty | c.lb


@rule("关注对象", "不属任何类别但有重点关注情形（工作约定）", kind="category", code="WATCH")
def watch(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & ~c.classified & c.key_child
