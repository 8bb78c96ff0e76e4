"""The county's officer: a list with mistakes, a second pair of eyes, a comparison, and the figures down to the rows."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from .conftest import Person

pytestmark = pytest.mark.browser

REASON = "退回原因"


def rows_of(path: Path) -> list[dict[str, str]]:
    book = CalamineWorkbook.from_path(str(path))
    head, *rows = book.get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, head), map(str, row), strict=True)) for row in rows]


def written(path: Path, rows: list[dict[str, str]]) -> str:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, header in enumerate(rows[0]):
            sheet.write_string(0, at, header)
            for line, row in enumerate(rows, start=1):
                sheet.write_string(line, at, row[header])
    return str(path)


def corrected(row: dict[str, str]) -> dict[str, str]:
    """What the clerk looks up: the grade, the name, the kind; the whole number stands in the certificate's number."""
    found = row | {"等级": row["等级"].replace("五级", "二级"), "身份证号": row["残疾证号"][:18]}
    found |= {"姓名": row["姓名"] or "补录", "类别": row["类别"] or "肢体"}
    return {header: found[header] for header in row if header not in (REASON, "原行号")}


def figure(words: str) -> int:
    return int(re.sub(r"\D", "", words) or 0)


def stat(person: Person, label: str) -> int:
    """The number under a label of the summary."""
    lines = [line.strip() for line in person.reads(f".stat:has-text('{label}')").splitlines() if line.strip()]
    return figure(lines[lines.index(label) + 1])


def test_a_list_with_mistakes_is_corrected_and_confirmed_by_a_second_person(
    at_desk: Person, someone: Person, tmp_path: Path
) -> None:
    """R-24.01, R-24.03: rejected rows come back with reasons; who uploads cannot confirm."""
    officer = at_desk.signs_in("qianjiang.county")
    officer.goes_to("数据清单").photographs("exchange-catalogue")
    officer.opens("/exchange/batches/?list_code=disability").follows("残疾人证")
    officer.sees("待确认", "“等级”的“五级”应为一级至四级").photographs("exchange-batch")
    assert stat(officer, "共") == stat(officer, "通过") + stat(officer, "退回")

    rejected = rows_of(officer.downloads("下载退回的行", tmp_path))
    assert len(rejected) == stat(officer, "退回") > 0
    assert all(row[REASON] for row in rejected)

    officer.follows("补报改好的行").sees("只传改好的行")
    officer.fills(file=written(tmp_path / "补报.xlsx", [corrected(row) for row in rejected]))
    officer.presses("上传并检查").sees("待确认", "须由另一位工作人员确认", within=60)
    assert (stat(officer, "通过"), stat(officer, "退回")) == (len(rejected), 0)
    assert officer.main.get_by_role("button", name=re.compile("确认导入")).count() == 0

    second = someone.signs_in("qianjiang.county2").opens(officer.page.url)
    second.sees("这是补报，请先确认").follows("原批次").presses(re.compile("确认导入")).sees("已确认")
    second.opens(officer.page.url).presses(f"确认导入 {len(rejected)} 行").sees("已确认")
    officer.opens("/exchange/").does_not_see("残联（待确认）")


def test_the_wrong_file_is_refused_with_a_sentence(at_desk: Person, tmp_path: Path) -> None:
    """R-24.03: a picture renamed, another list, an empty file: nothing is imported, and the page says why."""
    officer = at_desk.signs_in("qianjiang.county").opens("/exchange/upload/?list=deaths")
    officer.fills(provider="WJ", file=picture(tmp_path / "死亡人员.xlsx")).presses("上传并检查")
    officer.sees(re.compile("不是|不能识别|无法"))
    assert officer.page.url.endswith("/exchange/upload/?list=deaths"), "nothing was stored"

    other = [{"学校": "示例学校", "班级": "三班", "人数": "41"}]
    officer.opens("/exchange/upload/?list=deaths").fills(
        provider="WJ", file=written(tmp_path / "班级.xlsx", other)
    )
    officer.presses("上传并检查").sees(re.compile("还缺|没有.*列|不是"))
    empty = tmp_path / "空.csv"
    empty.write_bytes(b"")
    officer.opens("/exchange/upload/?list=deaths").fills(provider="WJ", file=str(empty)).presses("上传并检查")
    officer.sees("这个文件是空的")


def test_a_comparison_is_followed_to_its_end_and_its_figures_to_the_rows(at_desk: Person) -> None:
    """R-24.04, R-45.02: progress until the end; every figure leads to exactly its rows."""
    officer = at_desk.signs_in("qianjiang.county").goes_to("季度比对").photographs("comparison-start")
    officer.presses("开始比对").sees(re.compile("季度比对"))
    officer.sees("完成", "疑似应保未保", within=120).photographs("comparison-run")

    officer.goes_to("线索统计").sees("漏斗").photographs("funnel")
    links = officer.main.locator("td.number a[href*='/leads/all/']")
    wanted = {(link.get_attribute("href") or "", figure(link.inner_text())) for link in links.all()}
    assert wanted, "the figures lead on"
    for address, number in sorted(wanted)[:6]:
        officer.opens(address)
        assert rows(officer) == number, address
    officer.opens(max(wanted, key=lambda one: one[1])[0]).photographs("leads-of-the-county", tallest=900)


def rows(person: Person) -> int:
    """How many rows a list has: the pager says it where there is more than a page."""
    said = re.search(r"共 ([\d,]+) 条", person.page.inner_text("main"))
    return figure(said.group(1)) if said else person.main.locator("tbody tr").count()


def picture(path: Path) -> str:
    """A PNG of one point, under a name that pretends to be a sheet."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return str(path)
