"""Alerts: what somebody must look at now. Names as in the worked cases."""

from __future__ import annotations

from datetime import date

from hutong.kernel.facts import DISABILITY_TYPES
from hutong.rulebook.expr import Expr, FactRef, any_of, lift
from hutong.rulebook.rules.categories import LIVING_SCHEMES
from hutong.rulebook.rules.classes import told
from hutong.rulebook.rules.parents import began
from hutong.rulebook.ruleset import ChildView, PackView, ParentView, rule


def _soon(day: Expr, today: Expr, days: int) -> Expr:
    """After today, and today has come within ``days`` of it."""
    return told((day > today) & (day.plus_days(-days) <= today))


@rule("强制报告（立即）", "未成年人保护法第11条；高检发〔2020〕9号", kind="alert", code="强制报告-立即")
def alert_report(c: ChildView, pack: PackView) -> Expr:
    harm = told(c.abuse.one_of(("suspected", "severe"))) | told(c.injury_suspected)
    return c.child_now & (c.living_alone | told(c.missing) | told(c.guardian_refuses) | harm)


@rule("不满八周岁无人看护", "未成年人保护法第21条", kind="alert", code="<8岁无人看护")
def alert_unattended(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & c.left_unattended


@rule("无户籍", "三年行动方案四（三）8", kind="alert", code="无户籍")
def alert_unregistered(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(~c.registered)


@rule("控辍保学", "三年行动方案四（三）10", kind="alert", code="控辍保学")
def alert_dropout(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.dropout.one_of(("risk", "suspected", "confirmed")))


@rule(
    "留守儿童未签委托照护协议",
    "未成年人保护法第22条；三年行动方案四（二）5",
    kind="alert",
    code="未签委托照护",
)
def alert_unentrusted(c: ChildView, pack: PackView) -> Expr:
    return c.lb & ~told(c.entrusted)


@rule("更换被委托人", "未成年人保护法第22条", kind="alert", code="更换被委托人")
def alert_carer(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.caretaker_bad)


@rule("失联尚未达到认定条件", "民发〔2020〕125号", of_parent=True)
def lost_running(p: ParentView, pack: PackView) -> Expr:
    return began(p.lost_since, p.today) & ~told(p.lost) & ~told(p.gone)


@rule("失联计时", "民发〔2020〕125号", kind="alert", code="失联计时")
def alert_lost(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & (c.father.lost_running | c.mother.lost_running)


@rule("情形即将结束", of_parent=True)
def ending_soon(p: ParentView, pack: PackView) -> Expr:
    days = pack.expiring_days
    return (
        (told(p.imprisoned) & _soon(p.prison_to, p.today, days))
        | (told(p.in_rehab) & _soon(p.rehab_to, p.today, days))
        | (told(p.detained) & _soon(p.detention_to, p.today, days))
        | (p.heavily_disabled & _soon(p.dis_expired_on, p.today, days))
    )


@rule("情形即将变化", "民发〔2019〕62号（情形消失的终止保障）", kind="alert", code="情形即将变化")
def alert_ending(c: ChildView, pack: PackView) -> Expr:
    return (c.ref_orphan | c.defacto) & (c.father.ending_soon | c.mother.ending_soon)


@rule("在册享受生活保障")
def on_living_roll(c: ChildView, pack: PackView) -> Expr:
    return any_of(told(c.roll.lists(scheme)) for scheme in ("ORPHAN", *LIVING_SCHEMES))


@rule("应退未退", "民发〔2019〕62号（情形消失的终止保障）", kind="alert", code="应退未退")
def alert_should_exit(c: ChildView, pack: PackView) -> Expr:
    return c.on_living_roll & ~c.living_scheme & c.contradicted_living


@rule("疑似保障对象", "三年行动方案四（五）18", kind="alert", code="疑似保障对象")
def alert_suspected(c: ChildView, pack: PackView) -> Expr:
    return c.living_scheme & ~c.confirmed.or_else(True) & ~c.on_living_roll


@rule("满16周岁退出留守名单", "国发〔2016〕13号", kind="alert", code="满16退出留守")
def alert_lb_over(c: ChildView, pack: PackView) -> Expr:
    return told(c.roll.lists("LB")) & told(~c.under_sixteen)


@rule("将满16周岁", "工作约定", kind="alert", code="将满16")
def alert_lb_ending(c: ChildView, pack: PackView) -> Expr:
    birthday = c.birth_date.plus_months(12 * pack.left_behind_age)
    return c.lb & _soon(birthday, lift(c.today), pack.near_left_behind_age_days)


@rule("将满18周岁", "工作约定（成年前6个月评估）", kind="alert", code="将满18")
def alert_adult(c: ChildView, pack: PackView) -> Expr:
    birthday = c.birth_date.plus_months(12 * pack.child_age)
    return c.living_scheme & _soon(birthday, lift(c.today), pack.near_child_age_days)


@rule("户籍地与居住地两地协调", "三年行动方案四（三）8", kind="alert", code="两地协调")
def alert_two_places(c: ChildView, pack: PackView) -> Expr:
    apart = told(c.residence_area.starts(6).ne(c.hukou_area.starts(6)))
    return c.child_now & c.classified & apart


@rule("突发事件监护缺失", "民发〔2021〕5号；民法典第34条", kind="alert", code="突发事件监护缺失")
def alert_emergency(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.emergency_gap)


@rule("启动临时监护评估", "未成年人保护法第92条", kind="alert", code="启动临时监护评估")
def alert_temporary(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & (told(c.abuse.eq("severe")) | c.unguarded) & c.tg_since.missing()


@rule(
    "转长期监护评估",
    "未成年人救助保护机构管理办法（超过3个月仍未查明身份）",
    kind="alert",
    code="转长期监护评估",
)
def alert_long_term(c: ChildView, pack: PackView) -> Expr:
    past = told(c.tg_since.plus_months(pack.identify_months) < lift(c.today))
    return c.child_now & past & told(c.unknown_id)


@rule("私自收养处置", "三年行动方案四（三）7", kind="alert", code="私自收养处置")
def alert_informal(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.informal_adopt)


@rule("责令停止收留", "三年行动方案四（三）7", kind="alert", code="责令停止收留")
def alert_shelter(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.private_shelter)


@rule("引导残疾评定", "三年行动方案二（二）2", kind="alert", code="引导残疾评定")
def alert_certify(c: ChildView, pack: PackView) -> Expr:
    graded = any_of(~FactRef(f"dis_{kind}", "int").missing() for kind in DISABILITY_TYPES)
    uncertified = (graded | told(c.autism)) & ~c.dis_cert.or_else(True)
    return c.child_now & uncertified


@rule("特困与孤儿类保障择一", "民发〔2021〕43号特困人员认定办法", kind="alert", code="特困与孤儿类保障择一")
def alert_either(c: ChildView, pack: PackView) -> Expr:
    return c.living_scheme & told(c.low_income.eq("tekun"))


@rule("残疾证将到期", "残疾人证管理办法", kind="alert", code="残疾证将到期")
def alert_certificate(c: ChildView, pack: PackView) -> Expr:
    """The day it runs out still counts as valid, so that is the last day of the warning."""
    today = lift(c.today)
    running_out = told(
        (c.dis_expired_on >= today) & (c.dis_expired_on.plus_days(-pack.expiring_days) <= today)
    )
    return c.self_disabled & running_out


@rule("委托照护协议将到期", "未成年人保护法第22条", kind="alert", code="委托协议将到期")
def alert_agreement(c: ChildView, pack: PackView) -> Expr:
    return c.lb & _soon(c.entrusted_until, lift(c.today), pack.expiring_days)


@rule("走访逾期", "三年行动方案四（三）8", kind="alert", code="走访逾期")
def alert_visit(c: ChildView, pack: PackView) -> Expr:
    return c.child_now & told(c.visit_overdue)


@rule(
    "孤儿与事实无人抚养儿童标准不一致",
    "重庆市“十四五”规划二章一节",
    kind="alert",
    code="保障标准不一致",
    valid_from=date(2025, 1, 1),
)
def alert_disparity(c: ChildView, pack: PackView) -> Expr:
    orphans = pack.amount("orphan_scattered", c.hukou_area)
    return c.defacto & told(pack.amount("defacto_standard", c.hukou_area).ne(orphans))
