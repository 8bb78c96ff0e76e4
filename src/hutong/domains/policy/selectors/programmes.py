"""Programmes as people are told of them: conditions, papers, where to apply, how long it takes, how much, in a place on a day.

The figures come from the pack that rules the place; what the pack has not loaded is said to be so, never filled in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from hutong.domains.policy.selectors import overlays, packs
from hutong.kernel import areas, money
from hutong.rulebook import programmes
from hutong.rulebook.packs import Pack

NOT_LOADED: Final = "标准尚未录入"


@dataclass(frozen=True, slots=True)
class Offer:
    """One programme in one place on one day. ``adopted``: the pack of the place has the rules that decide it."""

    code: str
    name: str
    rules: tuple[str, ...]
    words: tuple[str, ...]
    short: str
    who: tuple[str, ...]
    gives: str
    amounts: tuple[str, ...]
    papers: tuple[str, ...]
    office: str
    at: str
    where: str
    steps: tuple[str, ...]
    starts: str
    notes: tuple[str, ...]
    source: str
    since: date
    verify: bool
    adopted: bool


def list_offers(area_code: str, on: date) -> tuple[Offer, ...]:
    """Every programme on record for a place on a day, in the order of the file."""
    return _offers(programmes.every(), area_code, on)


def find_offer(code: str, area_code: str, on: date) -> Offer | None:
    """One programme; None where no line is on record for the place on the day (or there is no such programme)."""
    programme = programmes.find(code)
    return next(iter(_offers([programme], area_code, on)), None) if programme else None


def offers_of(rule: str, area_code: str, on: date, pack: Pack | None = None) -> tuple[Offer, ...]:
    """The programmes a benefit rule opens, as they stand in a place on a day. ``pack``: the one in force there, where the
    asker has it at hand."""
    return _offers(programmes.of_rule(rule), area_code, on, pack)


def _offers(
    found: Iterable[programmes.Programme], area_code: str, on: date, pack: Pack | None = None
) -> tuple[Offer, ...]:
    place = areas.pad(area_code)
    told = [(one, line) for one in found if (line := one.line(on, place))]
    if not told:
        return ()
    held = pack or overlays.pack_in(packs.pack_for(place, on), place, on)
    return tuple(_offer(one, line, held, on, place) for one, line in told)


def _offer(
    programme: programmes.Programme, line: programmes.Line, pack: Pack, on: date, code12: str
) -> Offer:
    return Offer(
        code=programme.code,
        name=programme.name,
        rules=programme.rules,
        words=programme.words,
        short=line.short,
        who=line.who,
        gives=line.gives,
        amounts=tuple(_amount(one, pack, on, code12) for one in line.amounts),
        papers=line.papers,
        office=line.office,
        at=line.at,
        where=line.where,
        steps=tuple(_step(one, pack, on, code12) for one in line.steps),
        starts=line.starts,
        notes=line.notes,
        source=line.source,
        since=line.start,
        verify=line.mark == "verify",
        adopted=all(rule in pack.adopts for rule in programme.rules if rule.startswith("ben_")),
    )


def unrecorded(area_code: str, on: date) -> tuple[str, ...]:
    """Names of programmes for which no basis is on record in a place on a day."""
    code = areas.pad(area_code)
    return tuple(one.name for one in programmes.every() if one.line(on, code) is None)


def _amount(amount: programmes.Amount, pack: Pack, on: date, area: str) -> str:
    fen = pack.param(amount.key, on, area) if amount.key else amount.fen
    figure = NOT_LOADED if fen is None else f"{money.format_yuan(fen, grouped=True)} 元/{amount.per}"
    return f"{amount.label}：{figure}"


def _step(step: programmes.Step, pack: Pack, on: date, area: str) -> str:
    days = pack.param(step.days, on, area) if isinstance(step.days, str) else step.days
    limit = "期限按当地规定，尚未录入" if days is None else f"{days} 个工作日内"
    return f"{step.by}{step.act}：{limit}"
