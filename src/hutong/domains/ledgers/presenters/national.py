"""The quarter's rows as text, their snapshot, and the difference of two snapshots. Pure but for looking people up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.domains.ledgers.data.national import Column, Layout
from hutong.domains.ledgers.presenters import people
from hutong.domains.ledgers.presenters.sources import SOURCES
from hutong.domains.registry.models import Child
from hutong.kernel import ids

Rows = dict[str, list[str]]
"""File number → cells in the order of the layout."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was or will be sent: by file number, so that two can be compared whatever their layouts."""

    codes: tuple[str, ...]
    rows: Rows

    def content(self) -> bytes:
        """Canonical: the same rows give the same bytes."""
        body = {"columns": list(self.codes), "rows": {no: self.rows[no] for no in sorted(self.rows)}}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def read(cls, content: bytes) -> Snapshot:
        body: dict[str, Any] = json.loads(content)
        return cls(tuple(body["columns"]), body["rows"])


def rows_of(children: Sequence[Child], layout: Layout) -> Iterator[tuple[str, list[str]]]:
    for line in people.lines(children, clear=True):
        answers = (SOURCES[column.code](line) for column in layout.columns)
        yield line.child.file_no, [one if isinstance(one, str) else "、".join(one) for one in answers]


@dataclass(frozen=True, slots=True)
class Difference:
    """``changed``: file number → codes of the columns that differ. The values stay in the snapshots, which are sealed."""

    added: list[str]
    gone: list[str]
    changed: dict[str, list[str]]


def difference(before: Snapshot | None, now: Snapshot) -> Difference:
    """Field by field over the columns both have; without a predecessor everything is new."""
    old = before.rows if before else {}
    at = {code: place for place, code in enumerate(before.codes)} if before else {}
    shared = [(code, place, at[code]) for place, code in enumerate(now.codes) if code in at]
    changed = {}
    for number in sorted(now.rows.keys() & old.keys()):
        new_row, old_row = now.rows[number], old[number]
        codes = [code for code, place, then in shared if new_row[place] != old_row[then]]
        if codes:
            changed[number] = codes
    return Difference(sorted(now.rows.keys() - old.keys()), sorted(old.keys() - now.rows.keys()), changed)


def changes(
    before: Snapshot, now: Snapshot, layout: Layout, number: str, codes: Sequence[str]
) -> list[list[str]]:
    """[header, before, after] of one child's changed columns, private ones masked."""
    columns = {column.code: column for column in layout.columns}
    return [
        [column.header, _shown(_cell(before, number, code), column), _shown(_cell(now, number, code), column)]
        for code in codes
        if (column := columns.get(code)) is not None
    ]


def _cell(snapshot: Snapshot, number: str, code: str) -> str:
    row = snapshot.rows.get(number)
    return row[snapshot.codes.index(code)] if row is not None and code in snapshot.codes else ""


def _shown(value: str, column: Column) -> str:
    if not column.private:
        return value
    return people.mask_phone(value) if "phone" in column.code else ids.mask(value)
