"""Every table Hutong hands out, as CSV or xlsx, is written here: no cell of it can act as a formula (TM-10, TM-06).

A spreadsheet program takes text beginning with ``=``, ``+``, ``-``, ``@``, a tab or a line end for a formula, also in full
width, also behind spaces. xlsx says itself what is text; CSV cannot, so such text gets an apostrophe in front. Numbers and
dates are written as what they are. Nobody else imports a writer of tables: an architecture test looks.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import xlsxwriter

BOM: Final = "\ufeff"
"""Excel needs the mark to read Chinese."""
_STARTS: Final = frozenset("=+-@\t\r\n\x0b\x0c＝＋－﹢﹣＠﹫−")
_SKIPPED: Final = " \u00a0\u3000\ufeff\u200b\u200e\u200f\u2060\x00"
"""What programs drop or do not show in front of a cell's first character."""
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(\.\d+)?", re.ASCII)
"""Signed amounts stay numbers: no number computes anything."""
_EXACT: Final = 10**15
"""Spreadsheets keep fifteen digits: a longer number (and what is no number) is written as text."""
_MADE: Final = datetime(2000, 1, 1, tzinfo=UTC)
FORMULA: Final = f"^[{re.escape(_SKIPPED)}]*[{re.escape(''.join(sorted(_STARTS)))}]"
HARMLESS: Final = rf"^(?:{_NUMBER.pattern})$"
"""The same two questions as regular expressions, for columns of a million cells."""
MAX_CELL: Final = 32_767
"""Characters a cell of an xlsx can hold; the rest is cut."""


def inert(value: object) -> str:
    """The cell as text that no spreadsheet program takes for a formula; None gives ''."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return _words(value)
    start = value.lstrip(_SKIPPED)[:1]
    dangerous = start in _STARTS if start else False
    return f"'{value}" if dangerous and not _NUMBER.fullmatch(value) else value


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (int, float, Decimal, date)):
        return str(value)
    return inert(str(value))


def write_csv(sink: IO[str], header: Sequence[object], rows: Iterable[Sequence[object]]) -> None:
    """Header and rows into a text stream opened with ``newline=""``."""
    writer = csv.writer(sink)
    writer.writerow([inert(cell) for cell in header])
    writer.writerows([inert(cell) for cell in row] for row in rows)


def csv_text(header: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """The whole table, with the mark Excel needs."""
    sink = io.StringIO(newline="")
    sink.write(BOM)
    write_csv(sink, header, rows)
    return sink.getvalue()


def csv_bytes(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    return csv_text(header, rows).encode()


def open_book(sink: IO[bytes] | Path, *, constant_memory: bool = False) -> xlsxwriter.Workbook:
    """An xlsx to be filled with ``put`` and closed; ``constant_memory`` for long tables written row by row."""
    import xlsxwriter

    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "constant_memory": constant_memory, "in_memory": True, "default_date_format": "yyyy-mm-dd",
    }  # fmt: skip
    book = xlsxwriter.Workbook(str(sink) if isinstance(sink, Path) else sink, options)
    book.set_properties({"created": _MADE})  # the same content has the same bytes, and no file tells a clock
    return book


def put(sheet: Any, row: int, column: int, value: object, style: Any = None) -> None:
    """One cell, as what it is: text as text whatever it begins with, numbers and dates as such, None empty."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_string(row, column, _words(value), style)
    elif isinstance(value, (int, float, Decimal)) and -_EXACT < value < _EXACT:
        sheet.write_number(row, column, value, style)
    elif isinstance(value, (date, datetime)):
        moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        sheet.write_datetime(row, column, moment, style)
    else:
        sheet.write_string(row, column, str(value)[:MAX_CELL], style)


def put_row(sheet: Any, row: int, values: Iterable[object], style: Any = None) -> None:
    for column, value in enumerate(values):
        put(sheet, row, column, value, style)


def xlsx_bytes(
    header: Sequence[object], rows: Iterable[Sequence[object]], *, title: str = "清单", width: int = 18
) -> bytes:
    """A plain workbook of one sheet: bold header that stays in view, one row a line."""
    sink = io.BytesIO()
    book = open_book(sink)
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31] or "清单")
    put_row(sheet, 0, header, book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1}))
    for number, row in enumerate(rows, 1):
        put_row(sheet, number, row)
    sheet.set_column(0, max(0, len(header) - 1), width)
    sheet.freeze_panes(1, 0)
    book.close()
    return sink.getvalue()
