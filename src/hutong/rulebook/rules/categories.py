"""The four benefit categories and the left-behind list. Precedence: orphan > treated-as-orphan > de facto unsupported."""

from __future__ import annotations

from hutong.rulebook.expr import FALSE, Expr, any_of, lift, nothing, when
from hutong.rulebook.rules.parents import began
from hutong.rulebook.ruleset import ChildView, PackView, rule

ORPHAN_SCHEMES = ("ORPHAN-I", "ORPHAN-S")
LIVING_SCHEMES = (*ORPHAN_SCHEMES, "REF-ORPHAN", "DEFACTO")


@rule("年龄（周岁）", "民法典第17条", type="int")
def age(c: ChildView, pack: PackView) -> Expr:
    return c.birth_date.completed_years(c.today)


@rule("儿童在世", kind="background")
def alive(c: ChildView, pack: PackView) -> Expr:
    return ~began(c.died_on, lift(c.today))


@rule("已被收养", "民法典第1111条")
def is_adopted(c: ChildView, pack: PackView) -> Expr:
    return began(c.adopted_on, lift(c.today)) | c.adopted.or_else(False)


@rule("不满18周岁", "未成年人保护法第2条；民法典第17条")
def minor(c: ChildView, pack: PackView) -> Expr:
    young: Expr = c.age < pack.child_age
    return young


@rule("已满18周岁并在全日制学校就读（可延长保障的学段）", "地方延长规定，如渝民发〔2021〕5号")
def studying(c: ChildView, pack: PackView) -> Expr:
    if not pack.extend_in_school:
        return FALSE
    at_school = c.full_time.or_else(True) & c.enrolled.or_else(True)
    return ~c.minor & c.school.one_of(pack.extend_in_school) & at_school


def _held(c: ChildView, schemes: tuple[str, ...]) -> Expr:
    """Recognised before 18, or on the roll now: an extension continues a protection, it never starts one."""
    before = c.was.one_of(schemes).or_else(False)
    return before | any_of(c.roll.lists(s).or_else(False) for s in schemes)


@rule("年龄符合孤儿保障", "国办发〔2010〕54号；地方延长规定")
def orphan_age(c: ChildView, pack: PackView) -> Expr:
    return c.minor | (c.studying & _held(c, ("ORPHAN", *ORPHAN_SCHEMES)).called("18岁前已认定为孤儿"))


@rule("年龄符合事实无人抚养保障", "民发〔2019〕62号；地方延长规定")
def defacto_age(c: ChildView, pack: PackView) -> Expr:
    return c.minor | (c.studying & _held(c, ("DEFACTO",)).called("18岁前已认定为事实无人抚养儿童"))


@rule("年龄符合参照孤儿保障", "吉林省三部门转发民发〔2020〕125号的通知；地方延长规定")
def ref_orphan_age(c: ChildView, pack: PackView) -> Expr:
    return c.minor | (c.studying & _held(c, ("REF-ORPHAN",)).called("18岁前已认定为参照孤儿"))


@rule("父母双方均死亡或失踪", "国办发〔2010〕54号")
def lost_both(c: ChildView, pack: PackView) -> Expr:
    return c.father.gone & c.mother.gone


@rule("查找不到生父母且有公安证明", "国办发〔2010〕54号")
def found_child(c: ChildView, pack: PackView) -> Expr:
    return c.foundling.or_else(False).called("查找不到生父母") & c.police_cert.called("有公安查找证明")


@rule("孤儿", "国办发〔2010〕54号；民发〔2010〕161号", kind="category")
def orphan(c: ChildView, pack: PackView) -> Expr:
    return c.alive & ~c.is_adopted & c.orphan_age & (c.found_child | c.lost_both)


@rule("机构养育或家庭寄养", "民发〔2010〕161号")
def in_institution(c: ChildView, pack: PackView) -> Expr:
    return c.place.or_else("home").one_of(pack.institution_places)


@rule("父母均有或一方死亡失踪另一方有五种情形", "吉林省三部门转发民发〔2020〕125号的通知")
def both_absent(c: ChildView, pack: PackView) -> Expr:
    f, m = c.father, c.mother
    return (f.gone & m.d5) | (f.d5 & m.gone) | (f.d5 & m.d5)


@rule("参照孤儿保障的对象", "吉林省三部门转发民发〔2020〕125号的通知", kind="category")
def ref_orphan(c: ChildView, pack: PackView) -> Expr:
    if not pack.ref_orphan:
        return FALSE.called("本地设有参照孤儿保障")
    hiv = c.hiv.or_else(False).called("艾滋病病毒感染")
    return c.alive & ~c.is_adopted & c.ref_orphan_age & ~c.orphan & (hiv | c.both_absent)


@rule("父母均有八种情形之一，或一方死亡失踪另一方有八种情形之一", "民发〔2019〕62号第一条；民发〔2020〕125号")
def unsupported(c: ChildView, pack: PackView) -> Expr:
    f, m = c.father, c.mother
    return (f.gone & m.c8) | (f.c8 & m.gone) | (f.c8 & m.c8)


@rule("户籍在本地", "地方规定，如渝民发〔2021〕5号（具有重庆市户籍）")
def local_hukou(c: ChildView, pack: PackView) -> Expr:
    prefix: str = pack.hukou_prefix
    return c.hukou_area.starts(len(prefix)).eq(prefix) if prefix else lift(True)


@rule("户籍在外地", "三年行动方案四（三）8（工作约定：保障由户籍地给付，走访由居住地负责）")
def hukou_elsewhere(c: ChildView, pack: PackView) -> Expr:
    """Known to be elsewhere; a child not registered yet (a foundling) is not sent away for it."""
    return (~c.local_hukou).or_else(False)


@rule("事实无人抚养儿童", "民发〔2019〕62号；民发〔2020〕125号", kind="category")
def defacto(c: ChildView, pack: PackView) -> Expr:
    open_to = c.alive & ~c.is_adopted & c.defacto_age & ~c.orphan
    if pack.ref_orphan:  # elsewhere there is nothing to stand back for, nor to explain
        open_to = open_to & ~c.ref_orphan
    return open_to & c.unsupported & c.local_hukou


@rule("不满16周岁", "国发〔2016〕13号；三年行动方案二（一）")
def under_sixteen(c: ChildView, pack: PackView) -> Expr:
    young: Expr = c.age < pack.left_behind_age
    return young


@rule("双方外出务工，或一方外出务工另一方无监护能力", "国发〔2016〕13号；三年行动方案二（一）")
def parents_away(c: ChildView, pack: PackView) -> Expr:
    f, m = c.father, c.mother
    return (f.migrating & m.migrating) | (f.migrating & m.incapable) | (f.incapable & m.migrating)


@rule("不满16周岁、未在机构、未与父母共同生活", "三年行动方案二（一）")
def left_at_home(c: ChildView, pack: PackView) -> Expr:
    home = ~c.place.or_else("home").one_of(pack.left_behind_not_in).called("在机构集中养育")
    left = c.lives_with.ne("parents").called("未与父母共同生活")
    return c.alive & c.under_sixteen & home & left


@rule("留守儿童", "国发〔2016〕13号；三年行动方案二（一）", kind="category")
def lb(c: ChildView, pack: PackView) -> Expr:
    return c.left_at_home & c.parents_away


@rule("按记录属于留守情形（综合判断之前）", "三年行动方案二（一）")
def lb_evident(c: ChildView, pack: PackView) -> Expr:
    """What a comparison can see: a circumstance counts until a person has judged otherwise."""
    f, m = c.father, c.mother
    one = (f.migrating & (m.plainly_incapable | m.c8)) | ((f.plainly_incapable | f.c8) & m.migrating)
    return c.lb.or_else(True) & c.left_at_home & ((f.migrating & m.migrating) | one)


@rule("留守情形待综合判断", "三年行动方案二（一）")
def lb_to_judge(c: ChildView, pack: PackView) -> Expr:
    """Nothing is missing on record: only a person's judgement is."""
    f, m = c.father, c.mother
    apart = (f.migrating & m.apart) | (f.apart & m.migrating)
    weighed = c.lb_evident.or_else(False) | (c.left_at_home & apart).or_else(False)
    return c.lb.missing() & weighed


@rule("应享保障类别", "孤儿优先于参照孤儿，参照孤儿优先于事实无人抚养", type="str")
def scheme(c: ChildView, pack: PackView) -> Expr:
    """What is shown by evidence: a category that is still open is not paid, and does not stand before the next."""
    form = when(c.in_institution, "ORPHAN-I", "ORPHAN-S")
    lower = when(c.defacto.or_else(False), lift("DEFACTO"), nothing("str"))
    if pack.ref_orphan:
        lower = when(c.ref_orphan.or_else(False), lift("REF-ORPHAN"), lower)
    return when(c.orphan.or_else(False), form, lower)


@rule("尚不能判定")
def undecided(c: ChildView, pack: PackView) -> Expr:
    living = c.orphan.missing() | c.ref_orphan.missing() | c.defacto.missing()
    return living | (c.lb.missing() & ~c.lb_to_judge)
