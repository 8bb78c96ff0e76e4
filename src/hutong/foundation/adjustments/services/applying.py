"""The second person confirms; on its day the change is carried out, all or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because, required, system_scope, use_scope
from hutong.foundation.adjustments import events
from hutong.foundation.adjustments import machines as machine
from hutong.foundation.adjustments.models import Adjustment, Row
from hutong.foundation.adjustments.services import asking, deciding, refiling
from hutong.foundation.adjustments.services.errors import AdjustmentRefused
from hutong.foundation.network import history
from hutong.foundation.network.models import Area, AreaPeriod, AreaRelation
from hutong.foundation.network.place_names import full_name, readings
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock

_KINDS = {
    machine.RECODE: AreaRelation.Kind.RECODED,
    machine.MERGE: AreaRelation.Kind.MERGED,
    machine.SPLIT: AreaRelation.Kind.SPLIT,
    machine.CLOSE: AreaRelation.Kind.CLOSED,
}


def confirm(adjustment: Adjustment, *, actor: Acting, reason: str = "") -> Adjustment:
    """Agree to every decision. Carried out at once when its day has come, else on that day by the platform."""
    with transaction.atomic():
        fields = {"confirmed_by": actor.user, "confirmed_label": actor.label, "answer": reason.strip()[:500]}
        if adjustment.rows.filter(decided_by=actor.user).exists():
            raise PermissionDenied("您决定过其中的行，不能确认同一次区划调整，请由另一位工作人员办理。")
        workflow.apply(adjustment, "confirm", actor=actor, reason=reason, fields=fields)
        asking.done(adjustment, actor=actor, outcome="已确认")
        if adjustment.effective_on <= clock.today():
            carry_out(adjustment, actor=actor)
    return adjustment


def carry_out_due() -> int:
    """What was confirmed for today or before, each by itself; under a system scope. How many came into force.

    One that does not fit any more goes back to whoever made it, and keeps no other from its day.
    """
    due = Adjustment.objects.filter(state=machine.CONFIRMED, effective_on__lte=clock.today())
    found = list(due.order_by("effective_on", "pk"))
    done = 0
    for adjustment in found:
        try:
            carry_out(adjustment, actor=None)
            done += 1
        except AdjustmentRefused as refused:
            adjustment.refresh_from_db()
            words = "\n".join([f"到期未能生效：{refused.sentence}", *refused.problems])
            deciding.send_back(adjustment, actor=None, reason=words[:500])
    return done


def carry_out(adjustment: Adjustment, *, actor: Acting | None) -> Adjustment:
    """Areas, relations and everything filed under them; all or nothing. Raises AdjustmentRefused."""
    if adjustment.effective_on > clock.today():
        raise AdjustmentRefused(f"这次调整 {adjustment.effective_on} 才生效。")
    try:
        with transaction.atomic():
            refiling.alone()
            problems = deciding.find_problems(adjustment)
            if problems:
                raise AdjustmentRefused("确认之后情况有变，没有作任何改动。请退回重定。", problems)
            workflow.apply(
                adjustment,
                "carry_out",
                actor=actor,
                reason=adjustment.source,
                fields={"applied_at": clock.now()},
            )
            _change(adjustment)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "唯一约束"
        raise AdjustmentRefused(
            f"有记录在合并后会重复（{name}），没有作任何改动。请先处理重复的记录，再生效。"
        ) from error
    return adjustment


def _change(adjustment: Adjustment) -> None:
    rows = list(adjustment.rows.order_by("area_code"))
    # wider than the confirmer's places: what is filed under the old codes may belong to posts of any level
    platform = replace(system_scope("区划调整"), user_id=required().user_id, request_id=required().request_id)
    with use_scope(platform), because(f"区划调整：{adjustment.source}"[:200]):
        for row in sorted(
            rows, key=lambda one: one.decision != machine.NEW
        ):  # what others go on as is there first
            _STEPS.get(row.decision, _nothing)(row, adjustment)
        _repath(adjustment, rows)
        counts = refiling.refile(adjustment)
        Adjustment.objects.filter(pk=adjustment.pk).update(refiled=counts)
        adjustment.refiled = counts
        workflow.announce(
            event=events.APPLIED,
            payload={"adjustment_id": adjustment.pk},
            key=f"adjustment:{adjustment.pk}",
        )


def _nothing(row: Row, adjustment: Adjustment) -> None:
    """A difference nobody wants now: the next list shows it again."""


def _new(row: Row, adjustment: Adjustment) -> None:
    pinyin, initials = readings(row.new_name, exact=True)
    parent = areas.parent(row.area_code) or ""
    facts = {
        "name": row.new_name, "level": areas.level(row.area_code), "parent_code": parent, "path": _path(parent, row.new_name),
        "pinyin": pinyin, "initials": initials, "valid_from": adjustment.effective_on, "valid_to": None,
    }  # fmt: skip
    known = Area.objects.filter(code=row.area_code).first()
    if known is not None:  # a code used again after it was out of force: its first life becomes a period
        until = known.valid_to or adjustment.effective_on
        if until > adjustment.effective_on:
            raise AdjustmentRefused(f"{known.path}（{known.code}）到 {until} 才停用，生效日期不能更早。")
        _until(known, until, adjustment).save()
    Area.objects.update_or_create(code=row.area_code, defaults=facts)


def _rename(row: Row, adjustment: Adjustment) -> None:
    area = Area.objects.select_for_update().get(code=row.area_code)
    _forward(area, adjustment)
    _until(area, adjustment.effective_on, adjustment).save()
    area.name, area.valid_from = row.new_name, adjustment.effective_on
    area.path = _path(area.parent_code, row.new_name)
    area.pinyin, area.initials = readings(row.new_name, exact=True)
    area.save(update_fields=["name", "valid_from", "path", "pinyin", "initials"])
    AreaRelation.objects.create(
        old_code=area.code, new_code=area.code, kind=AreaRelation.Kind.RENAMED, on=adjustment.effective_on,
        source=adjustment.source,
    )  # fmt: skip


def _end(row: Row, adjustment: Adjustment) -> None:
    area = Area.objects.select_for_update().get(code=row.area_code)
    _forward(area, adjustment)
    area.valid_to = adjustment.effective_on
    area.save(update_fields=["valid_to"])
    kind = _KINDS[row.decision]
    if row.decision == machine.RECODE:  # the same place: what is known of it stays known
        known = {name: getattr(area, name) for name in ("urban_rural", "core_urban", "poor_township")}
        Area.objects.filter(code=row.targets[0]).update(**known)
        if (
            area.parent_code
            and areas.parent(row.targets[0]) not in history.successors([area.parent_code])[area.parent_code]
        ):
            kind = AreaRelation.Kind.REPARENTED
    AreaRelation.objects.bulk_create(
        AreaRelation(
            old_code=area.code, new_code=code, kind=kind, on=adjustment.effective_on,
            source=adjustment.source,
        )
        for code in row.targets or [""]
    )  # fmt: skip


_STEPS = {machine.NEW: _new, machine.RENAME: _rename} | dict.fromkeys(machine.ENDING, _end)


def _forward(area: Area, adjustment: Adjustment) -> None:
    """A change comes after what made the place what it is now; it may lie in the past."""
    day = adjustment.effective_on
    if area.valid_from is not None and area.valid_from >= day:
        begun = area.valid_from + timedelta(days=1)
        raise AdjustmentRefused(f"{area.path} 自 {area.valid_from} 起才是现在的样子，生效日期最早 {begun}。")
    came = AreaRelation.objects.filter(new_code=area.code, on__gt=day).order_by("-on").first()
    if came is not None and area.valid_to is None:
        raise AdjustmentRefused(f"{came.on} 有地方并入了 {area.path}，生效日期不能更早。")


def _until(area: Area, until: date, adjustment: Adjustment) -> AreaPeriod:
    return AreaPeriod(
        code=area.code, name=area.name, path=area.path, parent_code=area.parent_code, valid_from=area.valid_from,
        valid_to=until, source=adjustment.source,
    )  # fmt: skip


def _path(parent: str, name: str) -> str:
    above = Area.objects.filter(code=parent).values_list("path", flat=True).first() or ""
    return full_name(above, name)


def _repath(adjustment: Adjustment, rows: list[Row]) -> None:
    """Full names of what lies below a renamed place change on that day too: a period of its own each."""
    for row in rows:
        if row.decision != machine.RENAME or row.level == "village":
            continue
        lo, hi = areas.bounds(row.area_code)
        below = Area.objects.filter(code__gt=lo, code__lt=hi, valid_to__isnull=True).order_by("code")
        paths = {row.area_code: Area.objects.get(code=row.area_code).path}
        changed, past = [], []
        for one in below:
            if one.valid_from != adjustment.effective_on:  # else it is new or renamed itself on this day
                _forward(one, adjustment)
                past.append(_until(one, adjustment.effective_on, adjustment))
                one.valid_from = adjustment.effective_on
            one.path = full_name(paths.get(one.parent_code, ""), one.name)
            paths[one.code] = one.path
            changed.append(one)
        AreaPeriod.objects.bulk_create(past, batch_size=1000)
        Area.objects.bulk_update(changed, ["path", "valid_from"], batch_size=1000)
