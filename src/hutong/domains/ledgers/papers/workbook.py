"""Tables as Excel: A4 across, headings on every page, the mark on every page and sheet; every cell is text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from hutong.domains.ledgers.papers.sheet import Sheet
from hutong.kernel import sheets

MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIRST_ROW: Final = 4
_A4: Final = 9
_MOST_NAME: Final = 31


def write(papers: Sequence[Sheet], *, at: datetime) -> bytes:
    """A workbook. ``at`` is its creation time, so that the same content gives the same bytes."""
    sink = io.BytesIO()
    book = sheets.open_book(
        sink, constant_memory=True
    )  # row by row, and never into a temporary file in clear
    book.set_properties(
        {"title": papers[0].title, "comments": papers[0].mark, "created": at.replace(tzinfo=None)}
    )
    formats = _formats(book)
    for sheet in papers:
        _sheet(book, formats, sheet)
    book.close()
    return sink.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    song, hei = {"font_name": "宋体", "num_format": "@"}, {"font_name": "黑体", "num_format": "@"}
    cell = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_size": 10}
    return {
        "title": book.add_format(hei | {"font_size": 18, "align": "center", "valign": "vcenter"}),
        "plain": book.add_format(song | {"font_size": 10}),
        "right": book.add_format(song | {"font_size": 10, "align": "right"}),
        "mark": book.add_format(song | {"font_size": 9, "font_color": "#A61B1B"}),
        "head": book.add_format(hei | cell | {"align": "center", "bg_color": "#E8EEF4"}),
        "cell": book.add_format(song | cell),
    }


def _sheet(book: Any, formats: dict[str, Any], sheet: Sheet) -> None:
    made = book.add_worksheet(sheet.name[:_MOST_NAME])
    last = len(sheet.heads) - 1
    for at, head in enumerate(sheet.heads):
        made.set_column(at, at, head.width)
    made.set_row(0, 30)
    # in constant memory rows are written in their order: titles, headings, rows, foot
    if last > 0:
        made.merge_range(0, 0, 0, last, "", formats["title"])
    sheets.put(made, 0, 0, sheet.title, formats["title"])
    sheets.put(made, 1, 0, sheet.left, formats["plain"])
    sheets.put(made, 1, last, sheet.right, formats["right"])
    sheets.put(made, 2, 0, sheet.mark, formats["mark"])
    for at, head in enumerate(sheet.heads):
        sheets.put(made, 3, at, head.label, formats["head"])
    row = _FIRST_ROW
    for values in sheet.rows:
        for at, value in enumerate(values):
            sheets.put(made, row, at, value, formats["cell"])
        row += 1
    _foot(made, formats, sheet, row + 1, last)
    _pages(made, sheet, last)


def _foot(made: Any, formats: dict[str, Any], sheet: Sheet, row: int, last: int) -> None:
    step = max(1, (last + 1) // max(len(sheet.foot), 1))
    for at, words in enumerate(sheet.foot):
        sheets.put(made, row, min(at * step, last), words, formats["plain"])
    if sheet.note:
        sheets.put(made, row + 1, 0, sheet.note, formats["plain"])


def _pages(made: Any, sheet: Sheet, last: int) -> None:
    made.set_landscape()
    made.set_paper(_A4)
    made.set_margins(left=0.5, right=0.5, top=0.9, bottom=0.8)
    made.fit_to_pages(1, 0)
    made.repeat_rows(3)
    made.freeze_panes(_FIRST_ROW, min(3, last))
    # & begins a code in headers; the mark may hold one from a name
    made.set_header(f"&C&9{sheet.mark.replace('&', '&&')[:200]}")
    made.set_footer("&C&9第 &P 页，共 &N 页")
