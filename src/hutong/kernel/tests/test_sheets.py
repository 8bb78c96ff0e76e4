"""No cell of a table that leaves Hutong can act as a formula (TM-10), and nothing that was harmless is changed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from hutong.kernel import sheets

STARTS = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
    " =",
    "\u3000=",
    "\ufeff@",
    "\u200b+",
    "\x00=",
]
PAYLOADS = ["1+1", "cmd|'/C calc'!A0", 'HYPERLINK("http://x","y")', "SUM(A1:A9)", "2+5+cmd|' /C calc'!A0"]
BODIES = st.text(st.characters(blacklist_categories=("Cs",)), max_size=30) | st.sampled_from(PAYLOADS)
DROPPED = " \u00a0\u3000\ufeff\u200b\u200e\u200f\u2060\x00"


def acts(cell: str) -> bool:
    """Whether a spreadsheet program would compute the cell: the reader's side, written apart from the writer's."""
    if re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]+)?", cell):
        return False
    return bool(re.match(rf"[{DROPPED}]*[=+\-@\t\r\n\x0b\x0c＝＋－﹢﹣＠﹫−]", cell))


@given(start=st.sampled_from(STARTS), body=BODIES)
@settings(max_examples=400, deadline=None)
def test_no_text_of_a_csv_acts_as_a_formula(start: str, body: str) -> None:
    written = sheets.csv_bytes([start + body], [[start + body, "柳村"]]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(written, newline="")):
        assert not any(acts(cell) for cell in row)


@given(
    start=st.sampled_from(STARTS),
    body=st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF), max_size=30),
)
@settings(max_examples=60, deadline=None)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(start: str, body: str) -> None:
    made = sheets.xlsx_bytes([start + body], [[start + body], ["http://example.com/"]])
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        names = package.namelist()
        sheet = package.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet
    assert not [name for name in names if "external" in name.lower()]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), ("", ""), ("石建国", "石建国"), ("'=1", "'=1"), (-5, "-5"), (Decimal("-12.50"), "-12.50"), ("-12.50", "-12.50"),
        ("+8613900000000", "+8613900000000"), ("-", "'-"), ("=1+1", "'=1+1"), ("-1+1", "'-1+1"), (True, "是"), (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, 9, 30), "2026-11-22 09:30:00"), ("一=二", "一=二"), ("a@b.example", "a@b.example"),
    ],
)  # fmt: skip
def test_what_is_harmless_stays_as_it_was(value: object, text: str) -> None:
    assert sheets.inert(value) == text


def test_a_workbook_reads_back_as_it_was_given() -> None:
    rows = [["=1+1", "007", -5, date(2026, 11, 22), None, True], ["柳" * 40_000, "@x", 2.5, None, "", False]]
    made = sheets.xlsx_bytes(["甲", "乙", "丙", "丁", "戊", "己"], rows, title="名册[2026]/一")
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    (name,) = book.sheet_names
    read = book.get_sheet_by_name(name).to_python()
    assert read[1] == ["=1+1", "007", -5, date(2026, 11, 22), "", "是"]
    assert read[2][:3] == ["柳" * sheets.MAX_CELL, "@x", 2.5]


@given(start=st.sampled_from([*STARTS, ""]), body=BODIES)
@settings(max_examples=200, deadline=None)
def test_columns_are_judged_as_cells_are(start: str, body: str) -> None:
    """The comparison's leads.csv is written by column; both ways must say the same."""
    import pyarrow as pa

    from hutong.linkage.run import _inert

    cell = start + body
    assert _inert(pa.table({"a": [cell, None]}))["a"].to_pylist() == [sheets.inert(cell), None]
