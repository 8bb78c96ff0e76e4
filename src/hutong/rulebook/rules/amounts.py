"""What is due a month, in fen; null where there is no scheme, or the pack's figure has not been loaded."""

from __future__ import annotations

from hutong.rulebook.expr import Expr, nothing, when
from hutong.rulebook.ruleset import ChildView, PackView, rule


@rule(
    "事实无人抚养儿童补贴（扣除已享受的其他生活补助）",
    "民发〔2019〕62号（已享受低保、特困等的补足差额）",
    kind="amount",
    type="int",
)
def defacto_due(c: ChildView, pack: PackView) -> Expr:
    return pack.amount("defacto_standard", c.hukou_area) - c.other_monthly.or_else(0)


@rule("每月应发", "民发〔2010〕161号；民发〔2019〕62号", kind="amount", type="int")
def monthly_due(c: ChildView, pack: PackView) -> Expr:
    institution = pack.amount("orphan_institution", c.hukou_area)
    scattered = pack.amount("orphan_scattered", c.hukou_area)
    treated = pack.amount("ref_orphan_standard", c.hukou_area)
    defacto = when(c.defacto.or_else(False), c.defacto_due, nothing("int"))
    lower = when(c.ref_orphan.or_else(False), treated, defacto)
    here = when(c.orphan.or_else(False), when(c.in_institution, institution, scattered), lower)
    return when(c.hukou_elsewhere, nothing("int"), here)


@rule("艾滋病病毒感染儿童每月应发", "民发〔2012〕179号", kind="amount", type="int")
def hiv_due(c: ChildView, pack: PackView) -> Expr:
    return pack.amount("orphan_scattered", c.hukou_area)
