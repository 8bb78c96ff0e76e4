"""Spreadsheets Hutong hands out: templates to fill in, rejected rows with the reason in the last column."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from hutong.domains.exchange.storage.marks import EXAMPLE_NAME
from hutong.kernel import sheets
from hutong.linkage.catalogue import LISTS, ListSpec
from hutong.linkage.contract import DEPARTMENTS, TYPE_LABELS, Column

if TYPE_CHECKING:
    import pyarrow as pa

EXAMPLE_ID = "500199201503070016"
"""Of county 500199, which is assigned to no place."""
_EXAMPLES = {
    "name": EXAMPLE_NAME, "id_number": EXAMPLE_ID, "sex": "男", "birth_date": "2015-03-07",
    "area_code": "500199001001", "school": "示例小学", "grade": "三年级", "receipt_no": "示〔2026〕1 号",
    "cert_no": f"{EXAMPLE_ID}44", "disease": "示例病种", "event": "示例山洪", "work_area": "500198000000",
}  # fmt: skip
_BY_TYPE = {"date": "2026-09-30", "grade": "二级", "money": "525.00", "bool": "是"}
_ROWS = 5_000
"""How many rows of a template are prepared with formats and drop-down lists."""


def _example(column: Column) -> str:
    if column.values:
        return next((word for word in column.values if not word.isascii()), next(iter(column.values)))
    if column.type == "grade":
        return _BY_TYPE["grade"]
    return _EXAMPLES.get(column.code) or _BY_TYPE.get(column.type, "")


def allowed(column: Column) -> list[str]:
    """The words to offer for an enum column: one Chinese word a value."""
    words: dict[str, str] = {}
    for word, value in column.values.items():
        if value not in words or (words[value].isascii() and not word.isascii()):
            words[value] = word
    return list(words.values())


def form_of(column: Column) -> str:
    """How to write a column, in words."""
    if column.values:
        return f"下列之一：{'、'.join(allowed(column))}"
    return TYPE_LABELS[column.type]


def columns_of(spec: ListSpec) -> list[dict[str, Any]]:
    """A list's columns as the page and the notes sheet show them."""
    return [
        {
            "header": column.header,
            "code": column.code,
            "required": column.required,
            "either": column.code in spec.table.any_of,
            "form": form_of(column),
            "hint": column.hint,
            "example": _example(column),
        }
        for column in spec.table.columns
    ]


def template_csv(code: str) -> bytes:
    """Header and one fictitious row, UTF-8 with BOM so that Excel shows Chinese."""
    columns = LISTS[code].table.columns
    return sheets.csv_bytes([column.header for column in columns], [[_example(column) for column in columns]])


def template_xlsx(code: str) -> bytes:
    """Sheet 清单 to fill in (text cells, drop-down lists) and sheet 填写说明; the example row is refused when left in."""
    spec = LISTS[code]
    sink = io.BytesIO()
    book = sheets.open_book(sink)
    _data_sheet(book, spec)
    _notes_sheet(book, spec)
    book.close()
    return sink.getvalue()


def _data_sheet(book: Any, spec: ListSpec) -> None:
    sheet = book.add_worksheet("清单")
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "num_format": "@"})
    must = book.add_format({"bold": True, "bg_color": "#FCE8E6", "border": 1, "num_format": "@"})
    grey = book.add_format({"num_format": "@", "font_color": "#808080", "italic": True})
    for at, column in enumerate(spec.table.columns):
        sheet.set_column(at, at, 24 if column.type in ("id", "area", "text") else 14, text)
        sheet.write_string(0, at, column.header, must if column.required else head)
        sheet.write_string(1, at, _example(column), grey)
        note = f"{'必填。' if column.required else ''}{form_of(column)}{'。' + column.hint if column.hint else ''}"
        sheet.write_comment(0, at, note)
        words = allowed(column)
        if words and sum(len(word) + 1 for word in words) < 250:
            sheet.data_validation(
                1, at, _ROWS, at, {"validate": "list", "source": words, "error_type": "warning"}
            )
    sheet.freeze_panes(1, 0)


def _notes_sheet(book: Any, spec: ListSpec) -> None:
    sheet = book.add_worksheet("填写说明")
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
    for at, width in enumerate((18, 10, 60, 40)):
        sheet.set_column(at, at, width)
    providers = "、".join(DEPARTMENTS[one] for one in spec.table.providers)
    lines = (
        f"{spec.table.title}：{spec.table.meaning}。提供部门：{providers}。",
        "一人一行，表头不要改动；第二行灰色的是虚构示例，请删除后填写。",
        "身份证号必须是文本格式：数字格式会被 Excel 截成 15 位有效数字，这样的行会被退回。",
        "姓名必填；身份证号和出生日期至少填一项。只填确有其事的人员，没有变化的也照常列出。",
    )
    for at, line in enumerate(lines):
        sheet.write_string(at, 0, line)
    start = len(lines) + 1
    for at, title in enumerate(("列", "必填", "怎么填", "示例")):
        sheet.write_string(start, at, title, head)
    for n, column in enumerate(columns_of(spec), start + 1):
        need = "必填" if column["required"] else "二者至少一项" if column["either"] else ""
        form = f"{column['form']}{'；' + column['hint'] if column['hint'] else ''}"
        for at, value in enumerate((column["header"], need, form, column["example"])):
            sheet.write_string(n, at, value, wrap)


def rejected_xlsx(rows: pa.Table) -> bytes:
    """Rejected rows as they came, all text, the reason last; headers unchanged so that the sheet can be sent again."""
    sink = io.BytesIO()
    book = sheets.open_book(sink, constant_memory=True)
    sheet = book.add_worksheet("退回")
    text = book.add_format({"num_format": "@"})
    red = book.add_format({"num_format": "@", "font_color": "#A61B1B", "text_wrap": True})
    names = [name for name in rows.column_names if name not in ("row", "line", "reason")]
    table = rows.select([*names, "line", "reason"])
    for at, title in enumerate([*names, "原行号", "退回原因"]):
        sheet.set_column(at, at, 60 if title == "退回原因" else 20)
        sheet.write_string(0, at, title, text)
    for n, row in enumerate(table.to_pylist(), 1):
        cells = list(row.values())
        for at, value in enumerate(cells):
            words = "" if value is None else str(value)
            sheets.put(sheet, n, at, words, red if at == len(cells) - 1 else text)
    book.close()
    return sink.getvalue()
