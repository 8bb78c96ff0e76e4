"""Finding a place while typing: by name, pinyin, initials or code (R-01.03).

Only ranges on ``COLLATE "C"`` columns, so each lookup is an index probe even with the whole country loaded.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from hutong.foundation.network.models import Area
from hutong.kernel import areas

LIMIT = 20
LONGEST = 40


def find_areas(text: str, *, level: str = "", within: str = areas.COUNTRY, limit: int = LIMIT) -> list[Area]:
    """Places whose name, pinyin, initials or code begins with ``text``, wider places first; at most ``limit``."""
    typed = "".join(text.split())[:LONGEST]
    if not typed:
        return []
    if typed.isascii():
        columns: Sequence[str] = ("code",) if typed.isdigit() else ("initials", "pinyin")
        typed = typed.lower()
    else:
        columns = ("name",)
    found: dict[str, Area] = {}
    lo, hi = areas.bounds(within)
    for column in columns:
        rows: QuerySet[Area] = Area.objects.filter(
            **{f"{column}__gte": typed, f"{column}__lt": typed + "\U0010ffff"}, code__gte=lo, code__lt=hi
        )
        if level:
            rows = rows.filter(level=level)
        # the index's own order: sorting every 'z…' of the country would cost more than it tells
        for area in rows.order_by(column)[: limit * 5]:
            found.setdefault(area.code, area)
    return sorted(found.values(), key=lambda one: _rank(one, typed))[:limit]


def _rank(area: Area, typed: str) -> tuple[bool, int, str]:
    exact = typed not in (area.name, area.pinyin, area.initials, areas.prefix(area.code))
    return exact, areas.LEVELS.index(areas.level(area.code)), area.code
