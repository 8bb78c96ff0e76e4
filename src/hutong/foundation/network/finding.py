"""Finding a place while typing: by name, pinyin, initials or code (R-01.03).

Only ranges on ``COLLATE "C"`` columns, one probe per level and column, so that each answer costs a few index pages even
with the whole country loaded.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q, QuerySet

from hutong.foundation.network.models import Area
from hutong.kernel import areas

LIMIT = 20
LONGEST = 40
_RECENT = "recent_places"
_LAST = "\U0010ffff"


def find_areas(
    text: str, *, level: str = "", levels: Sequence[str] = (), within: str = areas.COUNTRY, limit: int = LIMIT
) -> list[Area]:
    """Places whose name, pinyin, initials or code begins with ``text``, exact and wider ones first; at most ``limit``.

    ``level`` or ``levels`` narrow to these.
    """
    typed = "".join(text.split()).lower()[:LONGEST]
    if not typed or typed.startswith(_LAST):
        return []
    if typed.isascii() and typed.isdigit():
        found = list(_bounded(_begins("code", typed), within, level).order_by("code")[:limit])
    else:
        columns = ("initials", "pinyin") if typed.isascii() else ("name",)
        found = _probe(columns, typed, [level] if level else levels or areas.LEVELS, within, limit)
    return sorted({area.code: area for area in found}.values(), key=lambda one: _rank(one, typed))[:limit]


def _probe(columns: Sequence[str], typed: str, levels: Sequence[str], within: str, limit: int) -> list[Area]:
    """One index probe per level and column, in one statement; its text is put together here, as it never changes."""
    bounded = areas.pad(within) != areas.COUNTRY
    bounds = " AND code >= %s AND code < %s" if bounded else ""
    probes, values = [], []
    for column in columns:
        for one in levels:
            probes.append(
                f"(SELECT * FROM network_area WHERE level = %s AND {column} >= %s AND {column} < %s{bounds} "
                "AND valid_to IS NULL "
                f"ORDER BY {column} LIMIT %s)"
            )
            values += [one, typed, typed + _LAST, *(areas.bounds(within) if bounded else ()), limit]
    return list(Area.objects.raw(" UNION ALL ".join(probes), values))


def _begins(column: str, typed: str) -> Q:
    return Q((f"{column}__gte", typed), (f"{column}__lt", typed + _LAST))


def _bounded(begins: Q, within: str, level: str) -> QuerySet[Area]:
    rows: QuerySet[Area] = Area.objects.filter(begins, valid_to__isnull=True)
    if areas.pad(within) != areas.COUNTRY:
        lo, hi = areas.bounds(within)
        rows = rows.filter(Q(code__gte=lo, code__lt=hi))
    return rows.filter(level=level) if level else rows


def _rank(area: Area, typed: str) -> tuple[bool, int, int, str]:
    exact = typed in (area.name, area.pinyin, area.initials, areas.prefix(area.code))
    return not exact, areas.LEVELS.index(areas.level(area.code)), len(area.name), area.code


def remember(session: SessionBase, code: str) -> None:
    """Note that a place was chosen, for the top of the picker."""
    codes = [areas.pad(code), *(one for one in session.get(_RECENT, []) if one != areas.pad(code))]
    session[_RECENT] = codes[:8]


def recent(session: SessionBase) -> list[Area]:
    """Places chosen lately in this session, latest first."""
    codes = session.get(_RECENT, [])
    found = Area.objects.filter(valid_to__isnull=True).in_bulk(codes)
    return [found[code] for code in codes if code in found]
