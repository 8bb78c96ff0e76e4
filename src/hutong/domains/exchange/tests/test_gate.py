"""What is turned away at the door, and with which sentence (TM-10, R-24.01)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hutong.domains.exchange.storage import gate, heads, sandbox
from hutong.domains.exchange.tests import files
from hutong.linkage import files as linkage

GOOD = [files.death(n) for n in range(1, 4)]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def examine(tmp_path: Path, content: bytes, name: str = "清单.xlsx", **limits: int) -> str:
    path = tmp_path / "sent"
    path.write_bytes(content)
    return gate.examine(path, name, gate.Limits(**limits)).kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.xlsx(files.DEATHS, GOOD), "xlsx"),
        (files.csv(files.DEATHS, GOOD), "csv"),
        (files.csv(files.DEATHS, GOOD, "gb18030"), "csv"),
        (files.csv(files.DEATHS, GOOD, "utf-8-sig"), "csv"),
        (files.parquet(files.DEATHS, GOOD), "parquet"),
    ],
)
def test_a_table_is_known_by_its_content_whatever_it_is_called(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    assert examine(tmp_path, content, "清单.bin") == kind


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "是空的"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "实际上是图片"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "实际上是图片"),
        (b"%PDF-1.7 ...", "PDF 文件"),
        (b"MZ\x90\x00\x03", "程序"),
        (files.csv(files.DEATHS, []), "只有表头"),
        (files.csv(files.DEATHS, []) + b"\r\n,,\r\n", "只有表头"),
        ("<html><table><tr><td>姓名</td></tr></table></html>".encode(), "实际上是网页"),
        (OLE, "旧版 Office"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "设了打开密码"),
        ("\ufeff姓名,身份证号\n".encode("utf-16-le"), "Unicode 文本"),
        (b"\x00\x01\x02" * 100, "不是 xlsx、csv 或 parquet"),
        (b"PK\x03\x04 broken", "打不开"),
        (b"PAR1 broken", "不是完整的 parquet"),
        (files.zipped(word__document_xml=b"<w/>"), "Word 文件"),
        (files.zipped(a_xml=b"<w/>"), "压缩包"),
        (files.zipped(xl__workbook_xml=b"<w/>", **{"xl__vbaProject.bin": b"x"}), "宏"),
        (files.zipped(xl__workbook_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "外部引用"),
        (
            files.xlsx(files.DEATHS, [files.death(1, 姓名='=HYPERLINK("http://x","y")')], formulas=True),
            "A2 单元格是公式",
        ),
    ],
)
def test_what_is_no_plain_table_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(gate.BadFile, match=sentence):
        examine(tmp_path, content)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = files.zipped(xl__workbook_xml=b"<w/>", xl__worksheets__sheet1_xml=b"0" * (8 * 2**20))
    with pytest.raises(gate.BadFile, match="压缩得异常"):
        examine(tmp_path, bomb)
    with pytest.raises(gate.BadFile, match="解开后过大"):
        examine(tmp_path, bomb, unpacked=2**20)


def test_too_many_rows_or_bytes_are_refused_with_the_limit(tmp_path: Path) -> None:
    with pytest.raises(gate.BadFile, match="超过一次 2 行的上限"):
        examine(tmp_path, files.csv(files.DEATHS, GOOD + GOOD), rows=2)
    with pytest.raises(gate.BadFile, match="超过一次 2 行的上限"):
        examine(tmp_path, files.parquet(files.DEATHS, GOOD), rows=2)
    with pytest.raises(gate.BadFile, match="超过上限"):
        examine(tmp_path, files.csv(files.DEATHS, GOOD), size=10)


def look(tmp_path: Path, content: bytes, rows: int = 100) -> dict[str, object]:
    (tmp_path / "sent").write_bytes(content)
    return sandbox.look(tmp_path, "清单", gate.Limits(rows=rows))


def test_the_sandbox_tells_headers_rows_and_what_list_it_is(tmp_path: Path) -> None:
    told = look(tmp_path, files.csv(files.DEATHS, GOOD, "gb18030"))
    assert told["kind"] == "csv"
    assert told["headers"] == files.DEATHS
    assert told["rows"] == 3
    assert "deaths" in told["fits"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (files.xlsx(files.DEATHS, []), "只有表头"),
        (files.xlsx(files.DEATHS, GOOD * 40), "上限"),
        (files.zipped(xl__workbook_xml=b"<w/>"), "读不出来"),
    ],
)
def test_the_sandbox_refuses_in_a_sentence_naming_the_senders_file(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(sandbox.Refused, match=sentence) as told:
        look(tmp_path, content)
    assert "file." not in str(told.value)
    assert "“清单”" in str(told.value)


def test_the_header_of_a_long_workbook_costs_no_more_than_that_of_a_short_one(tmp_path: Path) -> None:
    rows = [files.death(n % 900 + 1, 姓名=f"石{n}") for n in range(30_000)]
    (tmp_path / "sent").write_bytes(files.xlsx(["死亡人员清单"], [[], files.DEATHS, *rows]))
    told = sandbox.look(tmp_path, "清单", gate.LIMITS)
    assert (told["headers"], told["rows"]) == (files.DEATHS, 30_001)
    path = tmp_path / "file.xlsx"
    heads.of(path, sandbox._known)
    begun = time.process_time()
    heads.of(path, sandbox._known)
    head = time.process_time() - begun
    begun = time.process_time()
    linkage.read(path, lambda _: False, sandbox._known)
    assert head < (time.process_time() - begun) / 3


def test_a_reader_that_needs_too_much_memory_dies_alone(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    # a few kilobytes that become 20 GB: one long value repeated by reference
    long = pa.array(["柳" * 400_000]).dictionary_encode()
    many = pa.DictionaryArray.from_arrays(pa.array([0] * 40_000, pa.int32()), long.dictionary)
    table = pa.table(dict.fromkeys(files.DEATHS, many))
    pyarrow.parquet.write_table(table, tmp_path / "bomb.parquet", store_schema=False)
    assert (tmp_path / "bomb.parquet").stat().st_size < 500_000
    with pytest.raises(sandbox.Refused, match=r"超过上限|读不出来"):
        sandbox.run("check", tmp_path, "清单", file="bomb.parquet", list="deaths", mapping=None)
