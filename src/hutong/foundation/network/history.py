"""Places over time (N12, ADR 0020): what a code was called on a day, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from hutong.foundation.network.models import Area, AreaRelation
from hutong.kernel import areas


@dataclass(frozen=True, slots=True)
class Period:
    """A code's name from (inclusive; None: always) to (exclusive; None: still)."""

    name: str
    path: str
    valid_from: date | None
    valid_to: date | None


_PERIODS = """
SELECT name, path, valid_from, valid_to FROM network_areaperiod WHERE code = %(code)s
UNION ALL SELECT name, path, valid_from, valid_to FROM network_area WHERE code = %(code)s
ORDER BY valid_to NULLS LAST
"""


def periods(code: str) -> list[Period]:
    """Everything the code has been called, oldest first; the last one is the present or the final one."""
    with connection.cursor() as cursor:
        cursor.execute(_PERIODS, {"code": areas.pad(code)})
        return [Period(*row) for row in cursor.fetchall()]


def path_on(code: str, on: date) -> str:
    """The full name the code had on the day, with what the place is now behind it where that differs; '' if unknown."""
    known = periods(code)
    then = next((one for one in known if _holds(one, on)), None)
    if then is None or then.valid_to is None:
        return then.path if then else ""
    full = areas.pad(code)
    ends = successors([full], on)[full]
    if ends != [full]:  # a code may be used again for another place: what counts is what became of this one
        return then.path + _words(ends, _names(ends))
    last = known[-1]
    if then.path == last.path:
        return then.path
    return f"{then.path}（现为{last.name if last.name != then.name else last.path}）"


def _holds(period: Period, on: date) -> bool:
    return (period.valid_from is None or period.valid_from <= on) and (
        period.valid_to is None or on < period.valid_to
    )


def successors(codes: Iterable[str], on: date | None = None) -> dict[str, list[str]]:
    """Code → the codes in force that the place goes on as (several after a split; none when closed), a query a step.

    ``on``: the place the code meant on that day; None: the place in force under it, else the last one. A code used again is
    another place, so relations are followed in the order in which they were made.
    """
    wanted = {areas.pad(code) for code in codes}
    in_force = set(Area.objects.filter(code__in=wanted, valid_to__isnull=True).values_list("code", flat=True))
    lives = _endings(wanted)
    ends: dict[str, set[str]] = {}
    ahead: list[tuple[str, str, int]] = []
    for code in wanted:
        if on is not None:
            life = next((one for one in lives[code] if one.on > on), None)
        else:
            life = None if code in in_force or not lives[code] else lives[code][-1]
        ends[code] = {code} if life is None and code in in_force else set()
        ahead += [(code, new, life.order) for new in life.became] if life else []
    while ahead:
        lives = _endings({at for _, at, _ in ahead})
        following: list[tuple[str, str, int]] = []
        for code, at, order in ahead:
            life = next((one for one in lives[at] if one.order > order), None)
            if life is None:
                ends[code].add(at)
            else:
                following += [(code, new, life.order) for new in life.became]
        ahead = following
    return {code: sorted(reached) for code, reached in ends.items()}


@dataclass(slots=True)
class _Ending:
    """How one life of a code ended: the codes it went on as; ``order``: of the last row that says so."""

    on: date
    order: int
    became: list[str]


def _endings(codes: Collection[str]) -> dict[str, list[_Ending]]:
    """Code → its endings in the order in which they were made, in one query."""
    found: dict[str, list[_Ending]] = {code: [] for code in codes}
    rows = AreaRelation.objects.filter(old_code__in=codes).exclude(kind=AreaRelation.Kind.RENAMED)
    for old, new, on, pk in rows.order_by("pk").values_list("old_code", "new_code", "on", "pk"):
        lives = found[old]
        if not lives or lives[-1].on != on:
            lives.append(_Ending(on, pk, []))
        lives[-1].order = pk
        lives[-1].became += [new] if new else []
    return found


def words_now(codes: Sequence[str]) -> dict[str, str]:
    """For codes out of force: '（现为…）', or '（已撤销）'."""
    ends = successors(codes)
    names = _names({one for reached in ends.values() for one in reached})
    return {code: _words(reached, names) for code, reached in ends.items()}


def _names(codes: Collection[str]) -> dict[str, str]:
    return dict(Area.objects.filter(code__in=codes).values_list("code", "name"))


def _words(ends: Sequence[str], names: Mapping[str, str]) -> str:
    return f"（现为{'、'.join(names.get(one, one) for one in ends)}）" if ends else "（已撤销）"
