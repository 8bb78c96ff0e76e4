"""Tables as Word, A4 across: to print and sign."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from hutong.domains.ledgers.papers.sheet import Sheet

if TYPE_CHECKING:
    from docx.document import Document

MIME: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write(sheet: Sheet, *, at: datetime) -> bytes:
    """One table with its title, the lines below it, the foot, and the mark in the header of every page."""
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    paper = blank(at=at, title=sheet.title, mark=sheet.mark)
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    heading = paper.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(sheet.title)
    face(run, "黑体", 18)
    under = paper.add_paragraph()
    under.paragraph_format.tab_stops.add_tab_stop(Mm(265))
    face(under.add_run(f"{sheet.left}\t{sheet.right}"), "宋体", 10)
    _table(paper, sheet)
    foot = paper.add_paragraph()
    foot.paragraph_format.space_before = Pt(8)
    face(foot.add_run("　　　　　　".join(sheet.foot)), "宋体", 10)
    if sheet.note:
        face(paper.add_paragraph().add_run(sheet.note), "宋体", 9)
    return save(paper)


def blank(*, at: datetime, title: str, mark: str) -> Document:
    """An empty A4 document, upright, whose every page carries the mark above and its number below."""
    from docx import Document as make
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    paper = make()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin, section.bottom_margin = Mm(20), Mm(16)
    about = paper.core_properties
    about.title, about.author, about.comments = title, "护童", mark
    about.created = about.modified = at.replace(tzinfo=None)
    above = section.header.paragraphs[0]
    above.alignment = WD_ALIGN_PARAGRAPH.CENTER
    face(above.add_run(mark), "宋体", 8, grey=True)
    _page_number(section.footer.paragraphs[0])
    return paper


def save(paper: Document) -> bytes:
    sink = io.BytesIO()
    paper.save(sink)
    return sink.getvalue()


def face(run: Any, font: str, size: float, *, bold: bool = False, grey: bool = False) -> None:
    """A Chinese typeface has to be named twice: for Latin and for East Asian characters."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run.font.name, run.font.size, run.font.bold = font, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if grey:
        run.font.color.rgb = RGBColor(0x80, 0x20, 0x20)


def _page_number(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        made = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            made.set(qn("w:fldCharType"), kind)
        else:
            made.text = text
        run._element.append(made)


def _table(paper: Document, sheet: Sheet) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    rows = list(sheet.rows)
    table = paper.add_table(rows=0, cols=len(sheet.heads), style="Table Grid")
    table.autofit = False
    whole = sum(head.width for head in sheet.heads)
    widths = [Mm(265 * head.width / whole) for head in sheet.heads]
    first = table.add_row()
    first._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # repeated on each page
    _fill(first, [head.label for head in sheet.heads], widths, "黑体")
    for values in rows:
        _fill(table.add_row(), list(values), widths, "宋体")


def _fill(row: Any, values: list[str], widths: list[Any], font: str) -> None:
    for cell, value, width in zip(row.cells, values, widths, strict=True):
        cell.width = width
        face(cell.paragraphs[0].add_run(value), font, 8)
