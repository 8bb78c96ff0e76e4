"""Benefits other than the monthly living allowance decide yes or no here; amounts stand in ``amounts``."""

from __future__ import annotations

from hutong.kernel.facts import DISABILITY_TYPES
from hutong.rulebook.expr import FALSE, Expr, FactRef, any_of
from hutong.rulebook.rules.classes import TEKUN, told
from hutong.rulebook.ruleset import ChildView, PackView, rule

WAS_ORPHAN = ("ORPHAN", "ORPHAN-I", "ORPHAN-S")


def _confirmed(c: ChildView) -> Expr:
    return c.confirmed.or_else(True).called("已确认")


@rule("孤儿基本生活费", "民发〔2010〕161号", kind="benefit", code="孤儿基本生活费")
def ben_orphan(c: ChildView, pack: PackView) -> Expr:
    return _confirmed(c) & ~c.hukou_elsewhere & c.orphan


@rule(
    "参照孤儿基本生活费", "吉林省三部门转发民发〔2020〕125号的通知", kind="benefit", code="参照孤儿基本生活费"
)
def ben_ref_orphan(c: ChildView, pack: PackView) -> Expr:
    return _confirmed(c) & ~c.hukou_elsewhere & c.ref_orphan


@rule("事实无人抚养儿童补贴", "民发〔2019〕62号", kind="benefit", code="事实无人抚养儿童补贴")
def ben_defacto(c: ChildView, pack: PackView) -> Expr:
    return _confirmed(c) & c.defacto


@rule("艾滋病病毒感染儿童基本生活费", "民发〔2012〕179号", kind="benefit", code="孤儿基本生活费(艾滋)")
def ben_hiv(c: ChildView, pack: PackView) -> Expr:
    if not pack.hiv_paid_as_orphan:
        return FALSE
    held = c.child_now & ~c.is_adopted & told(c.hiv) & ~c.living_scheme
    return _confirmed(c) & ~c.hukou_elsewhere & held


@rule("低保中的儿童提高救助水平", "2017年实施意见三（一）", kind="benefit", code="低保(儿童提高)")
def ben_dibao(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & ~c.hukou_elsewhere & told(c.low_income.eq("dibao"))


@rule("特困人员救助供养", TEKUN, kind="benefit", code="特困救助供养")
def ben_tekun(c: ChildView, pack: PackView) -> Expr:
    """A child already kept stays so to 18, and on at school; entry is by the test. Orphan-like protection comes first."""
    kept_on = c.school.one_of(pack.tekun_continue_stages) & c.enrolled.or_else(True)
    kept = told(c.low_income.eq("tekun")) & (c.minor | kept_on.called("仍在校就读"))
    enters = c.minor & c.tekun_test
    return c.alive & ~c.hukou_elsewhere & ~c.living_scheme & (kept | enters)


@rule(
    "临时救助（对儿童适当提高）",
    "2017年实施意见三（一）（突发性、紧迫性、临时性）",
    kind="benefit",
    code="临时救助(儿童提高)",
)
def ben_temporary(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.sudden_hardship)


@rule("医保一档参保全额资助", "2017年实施意见三（二）", kind="benefit", code="医保一档参保资助100%")
def ben_insurance(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & ~c.hukou_elsewhere & (c.orphan | c.fam_relief)


@rule("此前已认定且仍在校就读")
def former_at_school(c: ChildView, pack: PackView) -> Expr:
    at_school = c.school.ne("none") & c.enrolled.or_else(True)
    still = ~c.is_adopted | c.certified_disabled
    return c.was_protected & ~c.minor & at_school & still


@rule("曾认定为孤儿或事实无人抚养儿童", "重庆市“十四五”规划专栏2")
def was_protected(c: ChildView, pack: PackView) -> Expr:
    return told(c.was.one_of((*WAS_ORPHAN, "DEFACTO")))


@rule("被收养的残疾孤儿", "“孤儿医疗康复明天计划”项目实施办法")
def adopted_disabled(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & c.is_adopted & told(c.was.one_of(WAS_ORPHAN)) & c.certified_disabled


@rule("孤儿医疗康复明天计划", "重庆市“十四五”规划专栏2", kind="benefit", code="明天计划")
def ben_tomorrow(c: ChildView, pack: PackView) -> Expr:
    return c.alive & c.local_hukou & (c.orphan | c.defacto | c.former_at_school | c.adopted_disabled)


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


@rule("成年后就业困难优先安置", "重庆市“十四五”规划", kind="benefit", code="成年就业优先")
def ben_work(c: ChildView, pack: PackView) -> Expr:
    return c.alive & ~c.minor & c.was_protected & told(c.job_hard)


@rule("就医一站式结算", "重庆市“十四五”规划二章一节", kind="benefit", code="医疗一站式结算")
def ben_settlement(c: ChildView, pack: PackView) -> Expr:
    return (c.orphan | c.defacto) & told(c.in_treatment)
