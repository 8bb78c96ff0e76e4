"""Files as departments send them, good and bad; fictitious persons of unassigned counties only."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import xlsxwriter

from hutong.kernel import ids


def number(serial: int, birth: str = "19800203") -> str:
    """A valid ID number of unassigned county 990101."""
    body = f"990101{birth}{serial:03d}"
    return body + ids.check_digit(body)


DEATHS = ["姓名", "身份证号", "性别", "出生日期", "区划代码", "死亡日期", "类型"]


def death(serial: int, name: str = "石建国", **change: str) -> list[str]:
    row = dict(
        zip(
            DEATHS,
            [name, number(serial), "男", "1980-02-03", "990101101201", "2026-07-01", "死亡"],
            strict=True,
        )
    )
    return list((row | change).values())


def xlsx(header: list[str], rows: list[list[Any]], **options: Any) -> bytes:
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True})
    sheet = book.add_worksheet()
    for n, row in enumerate([header, *rows]):
        for at, value in enumerate(row):
            if isinstance(value, str) and value.startswith("=") and options.get("formulas"):
                sheet.write_formula(n, at, value)
            elif isinstance(value, str):
                sheet.write_string(n, at, value)
            else:
                sheet.write(n, at, value)
    book.close()
    return sink.getvalue()


def csv(header: list[str], rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(row) for row in [header, *rows]).encode(encoding)


def parquet(header: list[str], rows: list[list[str]]) -> bytes:
    sink = io.BytesIO()
    pyarrow.parquet.write_table(
        pa.table(dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))), sink
    )
    return sink.getvalue()


def zipped(**parts: bytes) -> bytes:
    """A zip with these members ('/' written as '__' in the keyword)."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in parts.items():
            box.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return sink.getvalue()
