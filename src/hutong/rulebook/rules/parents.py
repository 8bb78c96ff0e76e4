"""What holds of one parent on the day (declared once, built for father and mother).

Silence: where the registry has heard nothing at all of a parent (no kin row, no fact), or only that the identity is
unknown, nothing of the kind is decided; where the parent is on file, a circumstance without a record does not hold.
"""

from __future__ import annotations

from hutong.rulebook.expr import TRUE, AnyTold, Expr, FactRef, Unknown, any_of, when
from hutong.rulebook.ruleset import PackView, ParentView, rule

NAT62 = "民发〔2019〕62号第一条"
NAT125 = "民发〔2020〕125号"


def began(fact: Expr, on: Expr) -> Expr:
    """On record as having begun; no record means it has not."""
    return (fact <= on).or_else(False)


def silence(p: ParentView) -> Expr:
    """False where somebody has told us of this parent, else undecided until somebody does."""
    return ~p.on_file & Unknown(f"{p.prefix}_known")


@rule("有登记信息", kind="background", of_parent=True)
def on_file(p: ParentView, pack: PackView) -> Expr:
    return (p.known.or_else(False) | p.told()) & ~p.unknown.or_else(False)


@rule("死亡", "民法典第46条（含宣告死亡）；民发〔2019〕62号第一条", of_parent=True)
def dead(p: ParentView, pack: PackView) -> Expr:
    return began(p.died_on, p.today)


@rule("被宣告失踪", "民法典第40条；民发〔2019〕62号第一条", of_parent=True)
def declared_missing(p: ParentView, pack: PackView) -> Expr:
    return began(p.missing_on, p.today) & ~began(p.missing_revoked_on, p.today)


@rule("死亡或被宣告失踪", "民法典第40条、第46条", of_parent=True)
def gone(p: ParentView, pack: PackView) -> Expr:
    return p.dead | p.declared_missing | silence(p)


def _long_enough(p: ParentView, pack: PackView, kind: str) -> Expr:
    """The whole term counts, not what is left of it; an open end is undecided until the time served suffices."""
    full = FactRef(f"{p.prefix}_{kind}_from", "date").plus_months(pack.term_months)
    to = FactRef(f"{p.prefix}_{kind}_to", "date")
    return when(to.missing(), when(full <= p.today, TRUE, Unknown(to.name)), full <= to)


def _inside(p: ParentView, pack: PackView, kind: str) -> Expr:
    start = FactRef(f"{p.prefix}_{kind}_from", "date")
    to = FactRef(f"{p.prefix}_{kind}_to", "date")
    return began(start, p.today) & ~began(to, p.today) & _long_enough(p, pack, kind)


@rule("服刑在押（刑期6个月以上）", NAT62, of_parent=True)
def imprisoned(p: ParentView, pack: PackView) -> Expr:
    return _inside(p, pack, "prison")


@rule("强制隔离戒毒（6个月以上）", NAT62, of_parent=True)
def in_rehab(p: ParentView, pack: PackView) -> Expr:
    return _inside(p, pack, "rehab")


@rule("被执行其他限制人身自由的措施（6个月以上）", NAT62, of_parent=True)
def detained(p: ParentView, pack: PackView) -> Expr:
    return _inside(p, pack, "detention")


@rule("被撤销监护资格", NAT125, of_parent=True)
def revoked(p: ParentView, pack: PackView) -> Expr:
    return began(p.revoked_on, p.today) & ~began(p.restored_on, p.today)


@rule("被遣送（驱逐）出境", NAT125, of_parent=True)
def deported(p: ParentView, pack: PackView) -> Expr:
    return began(p.deported_on, p.today) & ~began(p.reentry_on, p.today)


def graded(prefix: str, grades: dict[str, list[int]]) -> Expr:
    """Any certificate whose type and grade are in the set; no grade on record is no certificate."""
    facts = [FactRef(f"{prefix}dis_{kind}", "int") for kind in grades]
    return AnyTold(tuple(facts)) & any_of(
        fact.one_of(chosen).or_else(False) for fact, chosen in zip(facts, grades.values(), strict=True)
    )


@rule("残疾证已过期", "残疾人证管理办法", of_parent=True)
def certificate_expired(p: ParentView, pack: PackView) -> Expr:
    return (p.dis_expired_on < p.today).or_else(False)


@rule("重残（一、二级，或三、四级精神、智力残疾）", NAT62, of_parent=True)
def heavily_disabled(p: ParentView, pack: PackView) -> Expr:
    return graded(f"{p.prefix}_", pack.dis_nat62) & ~p.certificate_expired


@rule("重病", NAT62, of_parent=True)
def seriously_ill(p: ParentView, pack: PackView) -> Expr:
    return began(p.ill_on, p.today)


@rule("失联6个月以上且有认定依据", NAT125, of_parent=True)
def lost(p: ParentView, pack: PackView) -> Expr:
    by_police = (p.lost_accepted_on.plus_months(pack.police_missing_months) < p.today).called(
        "公安登记受理超过6个月"
    ) & p.lost_receipt.called("有查找情况回执")
    by_committee = (
        p.lost_route.or_else("police").eq("committee").called("经村（居）证实、乡镇查验、县级民政确认")
    )
    long_ago = (p.lost_since.plus_months(pack.lost_months) <= p.today).called("失联满6个月")
    return began(p.lost_since, p.today) & long_ago & (by_committee | by_police)


@rule("有八种情形之一", "民发〔2019〕62号第一条；民发〔2020〕125号", of_parent=True)
def c8(p: ParentView, pack: PackView) -> Expr:
    return (
        p.heavily_disabled
        | p.seriously_ill
        | p.lost
        | p.imprisoned
        | p.in_rehab
        | p.detained
        | p.revoked
        | p.deported
        | silence(p)
    )


@rule(
    "服刑、强戒、限制自由、撤销监护资格或遣送出境", "吉林省三部门转发民发〔2020〕125号的通知", of_parent=True
)
def d5(p: ParentView, pack: PackView) -> Expr:
    return p.imprisoned | p.in_rehab | p.detained | p.revoked | p.deported | silence(p)


@rule(
    "身份不明、死亡、失踪或被撤销监护资格", "三年行动方案二（一）（工作约定：视为无监护能力）", of_parent=True
)
def plainly_incapable(p: ParentView, pack: PackView) -> Expr:
    return p.unknown.or_else(False).called(f"{p.label}身份不明") | p.gone | p.revoked


@rule(
    "单亲家庭中未与儿童共同生活的一方", "三年行动方案二（一）（离异未共同生活的，不自动认定）", of_parent=True
)
def apart(p: ParentView, pack: PackView) -> Expr:
    with_whom = FactRef("lives_with", "str")
    elsewhere = (~with_whom.one_of(("parents", p.prefix))).or_else(False)
    return FactRef("single", "bool").or_else(False) & elsewhere & p.on_file


@rule("经综合判断确实难以履行监护职责", "三年行动方案二（一）", of_parent=True)
def judged(p: ParentView, pack: PackView) -> Expr:
    """Only a recorded judgement decides; to stand on the left-behind list is one, made when the child was listed."""
    listed = FactRef("roll", "str").lists("LB").or_else(False).called("已按留守儿童在册")
    open_still = Unknown(f"{p.prefix}_judged_unable")
    return p.judged_unable.or_else(when(listed, TRUE, open_still))


@rule("无监护能力", "三年行动方案二（一）", of_parent=True)
def incapable(p: ParentView, pack: PackView) -> Expr:
    return p.plainly_incapable | ((p.c8 | p.apart) & p.judged)


@rule("跨县域连续外出务工6个月以上", "国发〔2016〕13号；三年行动方案二（一）", of_parent=True)
def migrating(p: ParentView, pack: PackView) -> Expr:
    away = (
        (p.work_since.plus_months(pack.migration_months) <= p.today).called("连续外出满6个月")
        & p.work_area.starts(6).ne(p.hukou_county).called("务工地跨县域")
        & ~(p.work_area.starts(6).one_of(pack.core_urban) & p.hukou_county.one_of(pack.core_urban)).called(
            "务工地与户籍地均在核心城区"
        )
    )
    gone_out = ~p.work_since.missing() & ~began(p.work_returned_on, p.today) & ~p.gone
    return (gone_out & away) | silence(p)
