"""A list against the places in force: added, gone, renamed, and what the gone ones may have become."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from hutong.foundation.access.acting import Acting
from hutong.foundation.adjustments import counting
from hutong.foundation.adjustments import machines as machine
from hutong.foundation.adjustments.models import Adjustment, Row
from hutong.foundation.adjustments.services import refiling
from hutong.foundation.adjustments.services.errors import AdjustmentRefused
from hutong.foundation.network.models import Area
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock

_MANY = 5000


@dataclass(frozen=True, slots=True)
class Difference:
    code: str
    kind: str
    old_name: str = ""
    new_name: str = ""
    guess: tuple[str, ...] = ()
    why: str = ""


def differences(listed: Mapping[str, str], present: Mapping[str, str]) -> list[Difference]:
    """Pure. Levels the list does not have at all are not compared: their absence says nothing."""
    levels = {areas.level(code) for code in listed}
    added = {code: name for code, name in listed.items() if code not in present}
    gone = {
        code: name for code, name in present.items() if code not in listed and areas.level(code) in levels
    }
    found = [
        Difference(code, machine.RENAMED, present[code], name)
        for code, name in listed.items()
        if code in present and present[code] != name
    ]
    found += [Difference(code, machine.ADDED, "", name) for code, name in added.items()]
    by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, name in added.items():
        by_name[areas.level(code), name].append(code)
    for code, name in gone.items():
        guess, why = _guess(code, name, by_name, added, listed)
        found.append(Difference(code, machine.GONE, name, "", guess, why))
    return sorted(found, key=lambda one: (one.code, one.kind))


def _guess(
    code: str, name: str, by_name: Mapping[tuple[str, str], list[str]], added: Mapping[str, str], listed: Mapping[str, str]
) -> tuple[tuple[str, ...], str]:  # fmt: skip
    """Never done by itself: a hint for the person who decides."""
    level = areas.level(code)
    near = [one for one in by_name.get((level, name), ()) if one[:6] == code[:6]]
    same = near or by_name.get((level, name), [])
    if len(same) == 1:
        where = "同县" if near else "外县"
        return (same[0],), f"{where}新代码有同名地方，可能只是改了代码或改了隶属"
    if same:
        return tuple(sorted(same)[:4]), "有几个同名的新代码，请核对是哪一个"
    stem = name.rstrip("村社区镇乡街道居委会")
    parent = areas.parent(code)
    alike = [
        one for one, new in added.items()
        if stem and areas.level(one) == level and areas.parent(one) == parent and (stem in new or new.rstrip("村社区镇乡街道居委会") in name)
    ]  # fmt: skip
    if len(alike) > 1:
        return tuple(sorted(alike)[:4]), "同一上级下新增了几个名称相近的地方，可能是分设"
    if alike:
        return (alike[0],), "同一上级下新增了名称相近的地方，可能是合并或更名"
    if parent is not None and parent not in listed:
        return (), "上级也不在清单中，请先决定上级"
    return (), "清单中找不到相近的地方，可能并入了邻近的地方"


@transaction.atomic
def compare(
    *, actor: Acting, listed: Mapping[str, str], digest: str, within: str, title: str, source: str, effective_on: date
) -> Adjustment:  # fmt: skip
    """Write the difference down for review. Raises AdjustmentRefused when there is none, or one is under way."""
    actor.check("area.revise")
    code = areas.pad(within)
    if not (actor.scope.covers(code) or code == areas.pad(actor.post.area_code)):
        raise AdjustmentRefused("比对范围不在您的辖区内。")
    if not source.strip():
        raise AdjustmentRefused("请写明依据：批复文号，或清单名称和日期。")
    refiling.alone()
    lo, hi = areas.bounds(code)
    overlapping = Q(area_code__gte=lo, area_code__lt=hi) | Q(area_code__in=areas.ancestors(code))
    under_way = Adjustment.objects.filter(overlapping, state__in=machine.LIVE).first()
    if under_way is not None:
        raise AdjustmentRefused(f"“{under_way.title}”还没有办结。请先办结或撤回，再比对新的清单。")
    present = dict(
        Area.objects.filter(code__gte=lo, code__lt=hi, valid_to__isnull=True).values_list("code", "name")
    )
    found = differences(listed, present)
    if not found:
        raise AdjustmentRefused("清单与现行区划完全一致，没有需要调整的。")
    if len(found) > _MANY:
        raise AdjustmentRefused(f"差异有 {len(found):,} 处，可能选错了清单或范围。请按县分别比对。")
    made = Adjustment.objects.create(
        title=title.strip() or f"{effective_on:%Y年}区划调整", source=source.strip(), area_code=code,
        effective_on=effective_on, digest=digest, made_by=actor.user, made_post=actor.post, made_label=actor.label,
        made_at=clock.now(),
    )  # fmt: skip
    filed = counting.filed([one.code for one in found if one.kind != machine.ADDED])
    Row.objects.bulk_create(
        Row(
            adjustment=made, area_code=one.code, kind=one.kind, level=areas.level(one.code), old_name=one.old_name,
            new_name=one.new_name, guess=list(one.guess), why=one.why, filed=filed.get(one.code, {}),
        )
        for one in found
    )  # fmt: skip
    workflow.begin(made, actor=actor, right="area.revise", reason=source)
    return made
