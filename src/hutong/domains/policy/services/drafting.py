"""Writing a scenario: which pack, which month, which lines and rules. Every change is checked by the rulebook at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from hutong.domains.policy import machines as machine
from hutong.domains.policy.models import Scenario
from hutong.domains.policy.selectors import overlays, packs
from hutong.domains.policy.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock
from hutong.rulebook import simulate
from hutong.rulebook.expr import RuleError
from hutong.rulebook.packs import Pack, drafts
from hutong.rulebook.packs.drafts import Draft, DraftError
from hutong.rulebook.ruleset import OPTIONAL_KINDS, RULES


@transaction.atomic
def create(*, actor: Acting, title: str, month: date, area_code: str = "", source: str = "") -> Scenario:
    """An empty draft for the actor's area or a place inside it, over the pack that rules there in ``month``."""
    actor.check("policy.simulate")
    area = areas.pad(area_code) if area_code else actor.post.area_code
    if not actor.scope.covers(area):
        raise Refused("只能测算本辖区，请改选辖区内的地方。")
    if areas.level(area) in ("township", "village"):
        raise Refused("情景以区县及以上为单位；一个乡镇的标准不同的，请在改动金额时另选地方。")
    first = month.replace(day=1)
    if not date(2010, 1, 1) <= first <= date(2100, 1, 1):
        raise Refused("测算月份不在 2010 年至 2099 年之间，请核对。")
    pack = _one_pack(area, first)
    scenario = Scenario.objects.create(
        title=title.strip()[:80], area_code=area, pack=pack, month=first, source=source.strip()[:200],
        made_by=actor.user, made_post=actor.post, made_label=actor.label, made_at=clock.now(),
    )  # fmt: skip
    workflow.begin(scenario, actor=actor, right="policy.simulate")
    return scenario


def _one_pack(area: str, on: date) -> str:
    try:
        pack = packs.pack_for(area, on)
    except RuleError as error:
        raise Refused(str(error)) from error
    prefix = areas.prefix(area)
    inside = {
        one.pack
        for one in packs.list_assignments()
        if one.area.startswith(prefix) and one.area != prefix and one.start <= on
    }
    if inside - {pack}:
        raise Refused(
            f"辖区内有的地方适用另外的政策包（{'、'.join(sorted(inside))}），请按适用同一政策包的地方分别测算。"
        )
    return pack


@transaction.atomic
def copy(scenario: Scenario, *, actor: Acting) -> Scenario:
    """The same changes as a new draft of one's own, to vary and compare."""
    made = create(
        actor=actor,
        title=f"{scenario.title}（副本）"[:80],
        month=scenario.month,
        area_code=scenario.area_code,
        source=scenario.source,
    )
    made.lines, made.adopts, made.drops = scenario.lines, scenario.adopts, scenario.drops
    made.save(update_fields=["lines", "adopts", "drops"])
    return made


def pack_of(scenario: Scenario) -> Pack:
    """The pack under the scenario: everything in force there by its month or by today is part of what it is compared with."""
    return overlays.pack_in(scenario.pack, scenario.area_code, max(scenario.month, clock.today()))


def add_line(
    scenario: Scenario,
    *,
    actor: Acting,
    key: str,
    value: Any,
    start: date,
    area_code: str = "",
    source: str = "",
) -> None:
    """One more changed value. Refused with the rulebook's sentence; ``value`` in the pack's own units (fen)."""
    prefix = areas.prefix(scenario.area_code)
    if area_code and not areas.contains(scenario.area_code, area_code):
        raise Refused("另定标准的地方须在情景的地方之内。")
    money = key in drafts.MONEY
    said = {
        "key": key,
        "value": value,
        "from": start,
        "area": (area_code or prefix) if money else area_code,
        "source": source,
    }
    pack = pack_of(scenario)
    try:
        deciding = simulate.keys_read(
            drafts.overlaid(pack, [scenario.draft]), max(scenario.month, clock.today())
        )
        key, line = drafts.read_line(pack, said, deciding)
    except RuleError as error:
        raise Refused(str(error)) from error
    added = {
        "key": key,
        "value": line.value,
        "from": line.start.isoformat(),
        "area": line.area,
        "source": line.source,
    }
    kept = [one for one in scenario.lines if line_key(one) != line_key(added)]
    _changed(scenario, actor, lines=[*kept, added])


def line_key(line: Mapping[str, Any]) -> str:
    """What tells one line of a scenario from the others, whatever was added or taken away since the page was shown."""
    return f"{line['key']} {line['from']} {line['area']}"


def remove_line(scenario: Scenario, *, actor: Acting, line: str) -> None:
    """Take away the line of this ``line_key``; a second click finds it gone."""
    left = [one for one in scenario.lines if line_key(one) != line]
    if len(left) == len(scenario.lines):
        raise Refused("这一行已经不在情景中，请看最新情况。")
    _changed(scenario, actor, lines=left)


def set_rules(scenario: Scenario, *, actor: Acting, adopts: list[str], drops: list[str]) -> None:
    """Which rules are newly in force, which no longer."""
    pack = pack_of(scenario)
    try:
        drafts_known = [
            name for name, rule in RULES.items() if rule.kind in OPTIONAL_KINDS and name not in pack.adopts
        ]
        adopts = sorted({drafts.check_rule(one, drafts_known, "新设") for one in adopts})
        drops = sorted({drafts.check_rule(one, pack.adopts, "停用") for one in drops})
    except DraftError as error:
        raise Refused(str(error)) from error
    _changed(scenario, actor, adopts=adopts, drops=drops)


@transaction.atomic
def _changed(scenario: Scenario, actor: Acting, **fields: Any) -> None:
    """Write the change; figures already computed are of another scenario, so it is a draft again."""
    actor.check("policy.simulate")
    if scenario.state == machine.DRAFT:
        if scenario.made_by_id != actor.user.pk:
            raise Refused("只有起草人可以改动；请复制为自己的情景。")
        held = Scenario.objects.filter(pk=scenario.pk, state=machine.DRAFT, job="")
        if not held.update(**fields):
            raise Refused("情景正在测算或已由他人办理，改动没有保存；请稍后再看。")
        for name, value in fields.items():
            setattr(scenario, name, value)
    else:
        workflow.apply(scenario, "change", actor=actor, fields={**fields, "result": {}, "computed_at": None})
        scenario.effects.all().delete()
    _check_whole(scenario)


def _check_whole(scenario: Scenario) -> None:
    draft: Draft = scenario.draft
    if draft.empty:
        return
    try:
        simulate.checked(pack_of(scenario), draft, scenario.month)
    except RuleError as error:
        raise Refused(str(error)) from error
