"""How a hostile file of the corpus is written down, and the honest workbook and document they are made from.

Nothing of the corpus is stored: every file is made by a few lines when a test asks for it (TM-10).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hutong.domains.exchange.tests.files import DEATHS, death

REFUSED, MENDED, HARMLESS = "refused", "mended", "harmless"


@dataclass(frozen=True)
class Case:
    """``documents``, ``exchange``: what each door does with it. REFUSED; MENDED: only the honest part is kept, or kept as inert
    text; HARMLESS: kept as it is, because nothing that reads it there can be hurt (``why``)."""

    name: str
    make: Callable[[], bytes]
    sent_as: str = "清单.xlsx"
    documents: str = REFUSED
    exchange: str = REFUSED
    why: str = ""


NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPREAD = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SPREAD}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SPREAD}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SPREAD}.sharedStrings+xml"/></Types>'
)


def cell(at: str, value: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'


def line(number: int, values: list[str]) -> str:
    return f'<row r="{number}">{"".join(cell(f"{chr(65 + n)}{number}", value) for n, value in enumerate(values))}</row>'


def lines(count: int = 2) -> str:
    return "".join(line(n + 1, values) for n, values in enumerate([DEATHS, *map(death, range(1, count + 1))]))


def sheet(rows: str | None = None, *, before: str = "", after: str = "", head: str = "") -> str:
    inside = lines() if rows is None else rows
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet {NAMESPACE} xmlns:r="{RELATIONS}">{before}'
        f"<sheetData>{inside}</sheetData>{after}</worksheet>"
    )


def related(target: str, kind: str, mode: str = "External") -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r9" TargetMode="{mode}" '
        f'Type="{RELATIONS}/{kind}" Target="{target}"/></Relationships>'
    )


def parts(**more: str | bytes) -> dict[str, str | bytes]:
    """The parts of a sound workbook that both doors take, others added or put in their place."""
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": related("xl/workbook.xml", "officeDocument", "Internal"),
        "xl/workbook.xml": f'<workbook {NAMESPACE} xmlns:r="{RELATIONS}"><sheets><sheet name="清单" sheetId="1" r:id="r9"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": related("worksheets/sheet1.xml", "worksheet", "Internal"),
        "xl/worksheets/sheet1.xml": sheet(),
    } | more  # fmt: skip


def zipped(content: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as box:
        for name, part in content.items():
            box.writestr(name, part)
    return sink.getvalue()


def book(more: Mapping[str, str | bytes] | None = None) -> bytes:
    return zipped(parts() | dict(more or {}))


def with_sheet(text: str | bytes, more: Mapping[str, str | bytes] | None = None) -> bytes:
    return book({"xl/worksheets/sheet1.xml": text} | dict(more or {}))


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(body: str = "", more: Mapping[str, str | bytes] | None = None, head: str = "") -> bytes:
    """A Word file."""
    types = TYPES.replace("/xl/workbook.xml", "/word/document.xml").replace(
        "spreadsheetml.sheet", "wordprocessingml.document"
    )
    return zipped({
        "[Content_Types].xml": types,
        "_rels/.rels": related("word/document.xml", "officeDocument", "Internal"),
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
    } | dict(more or {}))  # fmt: skip
