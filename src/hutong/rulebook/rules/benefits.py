"""Benefits other than the monthly living allowance decide yes or no here; amounts stand in ``amounts``."""

from __future__ import annotations

from hutong.kernel.facts import DISABILITY_TYPES
from hutong.rulebook.expr import FALSE, Expr, FactRef, any_of
from hutong.rulebook.rules.classes import told
from hutong.rulebook.ruleset import ChildView, PackView, rule

WAS_ORPHAN = ("ORPHAN", "ORPHAN-I", "ORPHAN-S")


def _confirmed(c: ChildView) -> Expr:
    return c.confirmed.or_else(True).called("已确认")


@rule("孤儿基本生活费", "民发〔2010〕161号", kind="benefit", code="孤儿基本生活费")
def ben_orphan(c: ChildView, pack: PackView) -> Expr:
    return _confirmed(c) & c.orphan


@rule(
    "参照孤儿基本生活费", "吉林省三部门转发民发〔2020〕125号的通知", kind="benefit", code="参照孤儿基本生活费"
)
def ben_ref_orphan(c: ChildView, pack: PackView) -> Expr:
    return _confirmed(c) & c.ref_orphan


@rule("事实无人抚养儿童补贴", "民发〔2019〕62号", kind="benefit", code="事实无人抚养儿童补贴")
def ben_defacto(c: ChildView, pack: PackView) -> Expr:
    return _confirmed(c) & c.defacto


@rule("艾滋病病毒感染儿童基本生活费", "民发〔2012〕179号", kind="benefit", code="孤儿基本生活费(艾滋)")
def ben_hiv(c: ChildView, pack: PackView) -> Expr:
    if not pack.hiv_paid_as_orphan:
        return FALSE
    return _confirmed(c) & c.child_now & ~c.is_adopted & told(c.hiv) & ~c.living_scheme


@rule("低保中的儿童提高救助水平", "2017年实施意见三（一）", kind="benefit", code="低保(儿童提高)")
def ben_dibao(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.low_income.eq("dibao"))


@rule("医保一档参保全额资助", "2017年实施意见三（二）", kind="benefit", code="医保一档参保资助100%")
def ben_insurance(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & (c.orphan | c.fam_relief)


@rule("此前已认定且仍在校就读")
def former_at_school(c: ChildView, pack: PackView) -> Expr:
    held = told(c.was.one_of((*WAS_ORPHAN, "DEFACTO")))
    still = ~c.is_adopted | c.certified_disabled
    return held & ~c.minor & c.school.ne("none") & c.enrolled.or_else(True) & still


@rule("孤儿医疗康复明天计划", "重庆市“十四五”规划专栏2", kind="benefit", code="明天计划")
def ben_tomorrow(c: ChildView, pack: PackView) -> Expr:
    return c.alive & c.local_hukou & (c.orphan | c.defacto | c.former_at_school)


@rule("持证残疾")
def certified_disabled(c: ChildView, pack: PackView) -> Expr:
    return c.impaired & c.dis_cert.or_else(True)


def _study_aid(c: ChildView, stages: list[str], held: tuple[str, ...], *, adopted_disabled: bool) -> Expr:
    still = ~c.is_adopted | c.certified_disabled if adopted_disabled else ~c.is_adopted
    at_school = c.school.one_of(stages) & c.full_time.or_else(True) & c.enrolled.or_else(True)
    return c.alive & ~c.minor & told(c.was.one_of(held)) & at_school & still


@rule("福彩圆梦·孤儿助学", "福彩圆梦·孤儿助学工程项目实施办法", kind="benefit", code="福彩圆梦·孤儿助学")
def ben_study_orphan(c: ChildView, pack: PackView) -> Expr:
    return _study_aid(c, pack.study_aid_orphan, WAS_ORPHAN, adopted_disabled=pack.study_aid_adopted_disabled)


@rule("福彩圆梦·助学成长", "重庆市“十四五”规划专栏2", kind="benefit", code="福彩圆梦·助学成长")
def ben_study_defacto(c: ChildView, pack: PackView) -> Expr:
    return _study_aid(c, pack.study_aid_defacto, ("DEFACTO",), adopted_disabled=False)


@rule("0—6岁残疾儿童康复", "2017年实施意见三（五）", kind="benefit", code="0—6岁康复")
def ben_rehab(c: ChildView, pack: PackView) -> Expr:
    kinds = [k for k in DISABILITY_TYPES if k in pack.rehab_disabilities]
    disabled = any_of(~FactRef(f"dis_{kind}", "int").missing() for kind in kinds)
    young: Expr = c.age <= pack.rehab_last_age
    return c.alive & young & (disabled | told(c.autism))


@rule("两免一补", "2017年实施意见三（三）", kind="benefit", code="两免一补")
def ben_school_waiver(c: ChildView, pack: PackView) -> Expr:
    return c.poor & told(c.school.one_of(pack.compulsory_stages))


@rule("贫困残疾学生12年免费教育", "2017年实施意见三（三）", kind="benefit", code="残疾贫困12年免费")
def ben_twelve_years(c: ChildView, pack: PackView) -> Expr:
    return c.poor & c.self_disabled & told(c.school.one_of(pack.twelve_year_stages))
