"""Reading files of the data contract (R-40.*: exchange of lists; items 14, 15)."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.kernel import ids
from hutong.linkage import standardise, values
from hutong.linkage.catalogue import LISTS
from hutong.linkage.contract import CHILDREN, DEPARTMENTS, REGISTRY, Column
from hutong.linkage.errors import ContractError
from hutong.linkage.read import check_table, guess_mapping

CUSTODY = LISTS["custody"].table
HEAD = ["姓名", "身份证号", "性别", "出生日期", "区划代码", "种类", "开始日期", "截止日期"]
ROW = [
    "张三",
    ids.make("500199", date(1985, 3, 2), 11),
    "男",
    "1985-03-02",
    "500114001006",
    "服刑",
    "2020-01-05",
    "",
]


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8", head: list[str] = HEAD) -> Path:
    with path.open("w", encoding=encoding, newline="") as target:
        csv.writer(target).writerows([head, *rows])
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_every_encoding_reads_alike(tmp_path: Path, encoding: str) -> None:
    checked = check_table(write(tmp_path / "custody.csv", [ROW], encoding), CUSTODY)
    assert checked.accepted.to_pylist() == [
        {
            "row": 0, "name": "张三", "id_number": ROW[1], "sex": "1", "birth_date": date(1985, 3, 2),
            "area_code": "500114001006", "kind": "服刑", "start_date": date(2020, 1, 5), "end_date": None,
        }
    ]  # fmt: skip
    assert checked.rejected.num_rows == 0
    assert len(checked.digest) == 64


def test_columns_in_any_order_by_code_or_header_and_unknown_ones_reported(tmp_path: Path) -> None:
    head = ["备注", "end_date", "start_date", "种类", "身份证号码", "姓 名"]
    path = write(tmp_path / "c.csv", [["x", "2021/7/5", "20200105", "强戒", ROW[1], "张三"]], head=head)
    checked = check_table(path, CUSTODY)
    assert checked.unknown_columns == ["备注"]
    row = checked.accepted.to_pylist()[0]
    assert (row["kind"], row["start_date"], row["end_date"]) == (
        "强制隔离戒毒",
        date(2020, 1, 5),
        date(2021, 7, 5),
    )
    assert row["sex"] is None


def test_a_missing_required_column_refuses_the_file_by_name(tmp_path: Path) -> None:
    path = write(tmp_path / "custody.csv", [["张三", ROW[1]]], head=["姓名", "身份证号"])
    with pytest.raises(ContractError, match=r"“custody\.csv”缺少必需的列“种类”“开始日期”"):
        check_table(path, CUSTODY)
    path = write(tmp_path / "two.csv", [["张三", "服刑", "2020-01-05"]], head=["姓名", "种类", "开始日期"])
    with pytest.raises(ContractError, match="身份证号”或“出生日期"):
        check_table(path, CUSTODY)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01\x80\x81" * 9, b"a,a\n1,2\n"])
def test_files_that_are_not_tables_are_refused_in_chinese(tmp_path: Path, content: bytes) -> None:
    for name in ("x.csv", "x.xlsx", "x.parquet", "x.doc"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ContractError, match=f"“{name}”"):
            check_table(tmp_path / name, CUSTODY)


def test_rows_are_refused_with_line_and_reason_and_their_own_cells(tmp_path: Path) -> None:
    rows = [
        ROW,
        [*ROW[:5], "度假", *ROW[6:]],
        [*ROW[:6], "2020年13月1日", ""],
        ["", *ROW[1:]],
        ["李四", "", "", "", "", "服刑", "2020-01-05", ""],
        [*ROW[:6], "2020-01-05", "2019-01-05"],
    ]
    checked = check_table(write(tmp_path / "c.csv", rows), CUSTODY)
    assert checked.accepted.column("row").to_pylist() == [0]
    found = checked.rejected.to_pylist()
    assert [(r["row"], r["line"]) for r in found] == [(1, 3), (2, 4), (3, 5), (4, 6), (5, 7)]
    for row, words in zip(found, ["度假", "不是", "姓名", "无法认人", "早于"], strict=True):
        assert words in row["reason"]
    assert found[0]["种类"] == "度假"


def test_what_only_helps_to_recognise_a_person_is_put_aside_with_a_warning(tmp_path: Path) -> None:
    bad = [ROW[0], ROW[1], "不详", "八五年", "12", *ROW[5:]]
    checked = check_table(write(tmp_path / "c.csv", [bad]), CUSTODY)
    row = checked.accepted.to_pylist()[0]
    assert (row["sex"], row["birth_date"], row["area_code"]) == (None, None, None)
    assert [w[:4] for w in checked.warnings] == ["“性别”", "“出生日", "“区划代"]


def test_a_row_cut_wrongly_keeps_its_place(tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", [ROW, ROW[:3], ROW])
    checked = check_table(path, CUSTODY)
    assert checked.accepted.column("row").to_pylist() == [0, 2]
    assert checked.rejected.select(["row", "line"]).to_pylist() == [{"row": 1, "line": 3}]


def test_line_breaks_inside_quotes_are_one_cell(tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", [["张\n三", *ROW[1:]], ROW])
    assert check_table(path, CUSTODY).accepted.num_rows == 2


def excel(path: Path, cells: list[list[object]]) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    style = book.add_format({"num_format": "yyyy-mm-dd"})
    for r, row in enumerate(cells):
        for c, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(r, c, cell, style)
            elif isinstance(cell, (int, float)):
                sheet.write_number(r, c, cell)
            else:
                sheet.write_string(r, c, str(cell))
    book.close()
    return path


@pytest.mark.parametrize("titles", [0, 2])
def test_excel_dates_titles_and_number_cells_in_an_id_column(tmp_path: Path, titles: int) -> None:
    title: list[list[object]] = [["铁东区服刑人员名单"], ["填表日期：2021年9月"]][:titles]
    cells = [
        *title,
        HEAD,
        [*ROW[:6], datetime(2020, 1, 5), ""],
        ["李四", int("500199198503020011"), *ROW[2:]],
    ]
    checked = check_table(excel(tmp_path / "c.xlsx", cells), CUSTODY)
    assert checked.accepted.select(["row", "start_date"]).to_pylist() == [
        {"row": 0, "start_date": date(2020, 1, 5)}
    ]
    refused = checked.rejected.to_pylist()
    assert [(r["row"], r["line"]) for r in refused] == [(1, titles + 3)]
    assert "数字格式" in refused[0]["reason"]


def test_excel_id_column_of_numbers_only(tmp_path: Path) -> None:
    cells = [HEAD, ["李四", int("500199198503020011"), *ROW[2:]]]
    checked = check_table(excel(tmp_path / "c.xlsx", cells), CUSTODY)
    assert (checked.accepted.num_rows, checked.rejected.num_rows) == (0, 1)


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    table = pa.table({"name": ["张三"], "id_number": [ROW[1]], "sex": [1], "birth_date": [date(1985, 3, 2)],
                      "grade": [2], "kind": ["肢体"], "valid_to": [None]})  # fmt: skip
    pq.write_table(table, tmp_path / "disability.parquet")
    row = check_table(tmp_path / "disability.parquet", LISTS["disability"].table).accepted.to_pylist()[0]
    assert (row["sex"], row["grade"], row["birth_date"]) == ("1", 2, date(1985, 3, 2))


def test_a_mapping_given_by_the_sender_wins(tmp_path: Path) -> None:
    head = ["甲", "乙", "丙", "丁"]
    path = write(tmp_path / "c.csv", [["张三", ROW[1], "服刑", "2020-01-05"]], head=head)
    mapping = {"甲": "name", "乙": "id_number", "丙": "kind", "丁": "start_date"}
    assert check_table(path, CUSTODY, mapping).accepted.num_rows == 1
    assert guess_mapping(["姓名", "公民身份号码", "随便"], CUSTODY) == {
        "姓名": "name",
        "公民身份号码": "id_number",
    }


def test_a_child_id_twice_refuses_the_second(tmp_path: Path) -> None:
    head = [c.header for c in CHILDREN.columns[:7]]
    row = ["H1", "张三", "", "男", "2012-05-01", "500114", "500114001"]
    checked = check_table(write(tmp_path / "children.csv", [row, row], head=head), CHILDREN)
    assert checked.accepted.column("residence_area").to_pylist() == ["500114001000"]
    assert "重复" in checked.rejected.to_pylist()[0]["reason"]


def test_the_catalogue_is_complete_and_labelled() -> None:
    assert len(LISTS) == 14
    for table in [*REGISTRY.values(), *(spec.table for spec in LISTS.values())]:
        headers = [name for c in table.columns for name in (c.header, *c.aliases)]
        assert len(headers) == len(set(headers)), table.code
        assert all(c.values for c in table.columns if c.type == "enum")
        assert table.meaning
    for spec in LISTS.values():
        assert spec.table.providers
        assert set(spec.table.providers) <= set(DEPARTMENTS)
        assert spec.fact
        codes = {c.code for c in spec.table.columns} | {"", None}
        assert {spec.opens, spec.closes, *spec.detail} <= codes
    assert [code for code, spec in LISTS.items() if spec.table.sealed] == ["hiv", "adoptions"]


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_written_form_of_a_date_is_the_date(day: date) -> None:
    column = Column("d", "日期", "date")
    forms = [
        f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日", f" {day:%Y-%m-%d} 00:00:00",
    ]  # fmt: skip
    assert [values.parse(column, form) for form in forms] == [(day, "")] * len(forms)
    assert values.parse(column, day) == (day, "")


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [("sex", "女", "2"), ("sex", 1, "1"), ("bool", "是", True), ("bool", 0, False), ("bool", "TRUE", True),
     ("grade", "一级", 1), ("grade", "4", 4), ("area", "500114", "500114000000"), ("area", "５００１１４００１", "500114001000"),
     ("money", "1,256.5", 125650), ("date", "", None)],
)  # fmt: skip
def test_cells(kind: str, cell: object, value: object) -> None:
    assert values.parse(Column("c", "列", kind), cell) == (value, "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("sex", "3"),
        ("bool", "也许"),
        ("grade", "5"),
        ("area", "50011"),
        ("money", "-3"),
        ("date", "2021-02-30"),
    ],
)
def test_cells_that_cannot_be_read(kind: str, cell: str) -> None:
    value, reason = values.parse(Column("c", "列", kind), cell)  # type: ignore[arg-type]
    assert value is None
    assert reason


NUMBERS = st.one_of(
    st.builds(
        lambda day, order: ids.make("990101", day, order),
        st.dates(date(1930, 1, 1), date(2020, 1, 1)),
        st.integers(0, 999),
    ),
    st.text("0123456789Xx 　０１９ｘ-", max_size=22),
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), NUMBERS, NUMBERS.map(lambda n: n[:6] + n[8:17]), NUMBERS.map(str.lower)),
        max_size=12,
    )
)
def test_numbers_by_the_column_are_as_the_kernel_reads_them_one_by_one(numbers: list[str | None]) -> None:
    tidy = standardise.id_numbers(pa.array(numbers, pa.string()))
    assert tidy.to_pylist() == [None if n is None else ids.normalise(n) or None for n in numbers]
    valid = standardise.valid_ids(tidy)
    for n, ok in zip(tidy.to_pylist(), valid, strict=True):
        if n is not None and ids.find(n) is not None:
            assert ok
