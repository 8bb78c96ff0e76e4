"""A filled 登记表 as Word, one A4 page upright where it fits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from hutong.domains.ledgers.papers import document

if TYPE_CHECKING:
    from hutong.domains.ledgers.presenters.filled import Cell, Filled

_COLUMNS = 6
_LABEL, _VALUE = 24, 35
"""Widths in millimetres of the grid's columns, label and value in turn."""


def write(filled: Filled, *, at: datetime) -> bytes:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    paper = document.blank(at=at, title=filled.title, mark=filled.mark)
    heading = paper.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.face(heading.add_run(filled.title), "黑体", 16)
    under = paper.add_paragraph()
    under.paragraph_format.tab_stops.add_tab_stop(Mm(130))
    document.face(under.add_run(f"填报单位：{filled.unit}\t填报日期：{filled.day}"), "宋体", 10)
    table = paper.add_table(rows=0, cols=_COLUMNS, style="Table Grid")
    table.autofit = False
    for title, rows in filled.sections:
        band = table.add_row()
        whole = band.cells[0].merge(band.cells[-1])
        document.face(whole.paragraphs[0].add_run(title), "黑体", 10)
        for cells in rows:
            _row(table.add_row(), cells)
    foot = paper.add_paragraph()
    foot.paragraph_format.space_before = Pt(8)
    document.face(foot.add_run("　　　　".join(filled.foot)), "宋体", 10)
    if filled.note:
        document.face(paper.add_paragraph().add_run(f"注：{filled.note}"), "宋体", 9)
    return document.save(paper)


def _row(row: Any, cells: tuple[Cell, ...]) -> None:
    from docx.shared import Mm

    row.height = Mm(8.5)
    at = 0
    for cell in cells:
        label, first, last = row.cells[at], row.cells[at + 1], row.cells[at + cell.span]
        label.width = Mm(_LABEL)
        document.face(label.paragraphs[0].add_run(cell.label), "宋体", 9)
        value = first if first is last else first.merge(last)
        value.width = Mm(_VALUE * ((cell.span + 1) // 2) + _LABEL * (cell.span // 2))
        document.face(value.paragraphs[0].add_run(cell.words), "宋体", 10)
        at += 1 + cell.span
