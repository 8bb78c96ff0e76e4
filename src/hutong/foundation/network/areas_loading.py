"""Loads places into ``Area``: a few districts for the demonstration, or the whole country in under a minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import yaml
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from hutong.foundation.network import areas_source
from hutong.foundation.network.models import Area
from hutong.foundation.network.place_names import full_name, readings
from hutong.kernel import areas, clock

_COLUMNS = "code, name, level, parent_code, path, pinyin, initials, urban_rural, core_urban, poor_township"
LEFT = "left"


def load(
    only: list[str] | None = None, source: Path | None = None, *, as_of: date | None = None
) -> dict[str, int]:
    """Load places and apply the marks; returns how many of each level were given, and under ``LEFT`` how many differ from
    what is there already: a county that was loaded is left alone.

    ``only``: codes of counties (or anything else), loaded with everything above and below; None: the whole country.
    ``source``: see ``areas_source.read``; None takes the small file shipped here when it holds all of ``only``.
    """
    chosen = tuple(areas.pad(code) for code in only or ())
    if source is None and chosen and set(chosen) <= set(_shipped()):
        source = areas_source.DEMO
    counts: dict[str, int] = dict.fromkeys(areas.LEVELS, 0)
    with transaction.atomic(), connection.cursor() as cursor:
        fresh = not Area.objects.exists()
        target = "network_area" if fresh else "incoming_area"
        if not fresh:
            cursor.execute(
                "CREATE TEMP TABLE incoming_area (LIKE network_area INCLUDING DEFAULTS) ON COMMIT DROP"
            )
        indexes = _without_indexes(cursor) if fresh and settings.DB_AS_OWNER else []
        with cursor.copy(f"COPY {target} ({_COLUMNS}) FROM STDIN") as copy:
            for row in _complete(areas_source.read(source, chosen)):
                counts[row[2]] += 1
                copy.write_row(row)
        for definition in indexes:
            cursor.execute(definition)
        if not fresh:
            counts[LEFT] = _merge(cursor)
        if settings.DB_AS_OWNER:
            cursor.execute("ANALYZE network_area")
    apply_marks(as_of)
    return counts


def _without_indexes(cursor: CursorWrapper) -> list[str]:
    """Drop all but the primary key (building them once at the end is several times quicker); their definitions."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
        "AND tablename = 'network_area' AND indexdef NOT LIKE '%UNIQUE%'"
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [str(definition) for _, definition in found]


def _merge(cursor: CursorWrapper) -> int:
    """Add the counties that are not there yet; how many places of the others differ from what is in force.

    Those are left alone: a new list is reviewed before it applies (``hutong areas diff``; ADR 0020).
    """
    cursor.execute(
        f"INSERT INTO network_area ({_COLUMNS}) SELECT {_COLUMNS} FROM incoming_area WHERE left(code, 6) NOT IN "
        "(SELECT DISTINCT left(code, 6) FROM network_area WHERE level = 'village') ON CONFLICT (code) DO NOTHING"
    )
    cursor.execute(
        "SELECT count(*) FROM incoming_area AS came LEFT JOIN network_area AS there "
        "ON there.code = came.code AND there.valid_to IS NULL WHERE there.name IS DISTINCT FROM came.name"
    )
    differing = int(cursor.fetchone()[0])
    cursor.execute("DROP TABLE incoming_area")
    return differing


def _shipped() -> Iterator[str]:
    return (code for code, _ in areas_source.read(areas_source.DEMO))


def _complete(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """Code and name → all columns. Rows come wider first, so every path is its parent's plus one name."""
    paths: dict[str, str] = {areas.COUNTRY: ""}
    for code, name in rows:
        level = areas.level.__wrapped__(code)
        if code in paths and code != areas.COUNTRY:
            continue  # cities without counties stand twice, under the same padded code
        if level == "village":  # by far the most: nothing hangs below, so no path is kept
            parent = code[:9] + "000"
            path = paths.get(parent, "") + name
        else:
            parent = areas.parent(code) or ""
            path = full_name(paths.get(parent, ""), name)
            paths[code] = "" if code == areas.COUNTRY else path
        pinyin, initials = readings(name, exact=level != "village")
        yield code, name, level, parent, path, pinyin, initials, "", "f", "f"


def apply_marks(as_of: date | None = None) -> None:
    """Set core-urban and poor-township marks as the data file says for the day (R-01.05, A30)."""
    day = as_of or clock.today()
    marks = yaml.safe_load((areas_source.DATA / "area_marks.yaml").read_text(encoding="utf-8"))
    for column in ("core_urban", "poor_township"):
        codes = {
            areas.pad(str(place["code"]))
            for entry in marks[column]
            if entry["from"] <= day and (entry["until"] is None or day < entry["until"])
            for place in entry["places"]
        }
        Area.objects.filter(**{column: True}).exclude(code__in=codes).update(**{column: False})
        Area.objects.filter(code__in=codes).update(**{column: True})


def extract(only: list[str], target: Path) -> int:
    """Write the small file: the places of ``only`` as ``code,name``; returns the number of rows."""
    rows = list(areas_source.read(None, tuple(areas.pad(code) for code in only)))
    facts = areas_source.package()
    head = f"# {facts['name']} {facts['version']}, {facts['as_of']}; see README.md\ncode,name\n"
    target.write_text(head + "".join(f"{code},{name}\n" for code, name in rows), encoding="utf-8")
    return len(rows)
