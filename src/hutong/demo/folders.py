"""Writes a district as the world would hand it over: a registry folder, and each list as its department sends it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hutong.demo.stories import Row, World
from hutong.kernel import sheets
from hutong.linkage.catalogue import LISTS
from hutong.linkage.contract import Table

FORMATS: Mapping[str, str] = {
    "deaths": "xlsx", "custody": "csv-gb18030", "disability": "xlsx", "enrolment": "csv", "migrant_work": "csv",
    "serious_illness": "csv-gb18030", "low_income": "xlsx",
}  # fmt: skip
"""How each department sends its list; the rest come as xlsx."""


def write_registry(world: World, directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    children, kin = [], []
    for family in world.families:
        for child in family.children:
            children.append(child.row(world.on))
            for relation, parent in (("father", family.father), ("mother", family.mother)):
                kin.append(
                    {
                        "child_id": child.file_no, "relation": relation, "name": parent.name, "id_number": parent.number,
                        "sex": parent.sex, "birth_date": parent.birth, "area_code": parent.area,
                    }
                )  # fmt: skip
    for name, rows in (
        ("children", children),
        ("kin", kin),
        ("roll", world.roll),
        ("circumstances", world.circumstances),
    ):
        pq.write_table(pa.Table.from_pylist(rows), directory / f"{name}.parquet")


def write_lists(
    world: World, directory: Path, *, spoil: str = "", without: tuple[str, ...] = ()
) -> dict[str, Path]:
    """One file a list; ``spoil`` names the list sent with mistakes; ``without`` the lists that have not arrived."""
    directory.mkdir(parents=True, exist_ok=True)
    written = {}
    for code, spec in LISTS.items():
        if code in without or not world.lists.get(code):
            continue
        rows = [_dirty(world, row) for row in world.lists[code]]
        if code == spoil:
            rows = _mistakes(rows)
        written[code] = _write(spec.table, rows, directory, FORMATS.get(code, "xlsx"))
    return written


def _dirty(world: World, row: Row) -> Row:
    """The slips that every list has: spaces, a lower-case x, an old number missing altogether."""
    number, chance = row["id_number"], world.maker.draw.random()
    if chance < 0.01:
        number = f" {number[:6]} {number[6:]}"
    elif chance < 0.02:
        number = number.lower()
    elif chance < 0.03:
        number = "".join(chr(ord(letter) + 0xFEE0) for letter in number)
    elif chance < 0.04:
        number = ""
    return row | {"id_number": number}


def _mistakes(rows: list[Row]) -> list[Row]:
    """What a hurried clerk sends: a missing date, an unknown grade, a name left out, a number typed as a number."""
    spoiled = [dict(row) for row in rows]
    for index, row in enumerate(spoiled[: min(40, len(spoiled) // 2)]):
        if index % 4 == 0:
            row["grade"] = "五级"
        elif index % 4 == 1:
            row["name"] = ""
        elif index % 4 == 2:
            row["kind"] = ""
        else:
            row["id_number"] = int(row["id_number"][:17]) if str(row["id_number"])[:17].isdigit() else ""
    return spoiled


def _write(table: Table, rows: list[Row], directory: Path, form: str) -> Path:
    columns = [(column.code, column.header) for column in table.columns]
    if form == "xlsx":
        return _xlsx(table, columns, rows, directory)
    path = directory / f"{table.title}.csv"
    with path.open("w", newline="", encoding="gb18030" if form.endswith("gb18030") else "utf-8-sig") as file:
        cells = ([_text(row.get(code)) for code, _ in columns] for row in rows)
        sheets.write_csv(file, [header for _, header in columns], cells)
    return path


def _xlsx(table: Table, columns: list[tuple[str, str]], rows: list[Row], directory: Path) -> Path:
    path = directory / f"{table.title}.xlsx"
    with sheets.open_book(path) as book:
        sheet = book.add_worksheet(table.title[:31])
        sheets.put_row(sheet, 0, [header for _, header in columns])
        for line, row in enumerate(rows, start=1):
            for at, (code, _) in enumerate(columns):
                value = row.get(code)
                if isinstance(value, int):  # also one too long for a spreadsheet: that is the mistake shown
                    sheet.write_number(line, at, value)
                else:
                    sheets.put(sheet, line, at, _text(value))
    return path


def _text(value: Any) -> str:
    return "" if value is None else str(value)
