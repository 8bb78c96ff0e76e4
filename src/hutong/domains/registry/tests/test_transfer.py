"""The registry as a folder (data-contract.md §1): out, in, out again the same; bad rows come back with reasons."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.core.exceptions import PermissionDenied

from hutong.domains.registry import selectors, transfer
from hutong.domains.registry.models import Child, Person
from hutong.domains.registry.search import finding
from hutong.domains.registry.services import errors
from hutong.foundation.access.scope import Scope, system_scope, use_scope
from hutong.foundation.audit.models import Read
from hutong.kernel import ids

from .conftest import WILLOW

pytestmark = pytest.mark.django_db
MOTHER = ids.make("500199", date(1988, 2, 3), 22)
TABLES = ("children", "kin", "roll", "circumstances")


def child_row(i: int, **changes: Any) -> dict[str, Any]:
    born = date(2012, 1 + i % 12, 3)
    row = {
        "档案号": f"H990101{i:07d}", "姓名": f"周小{chr(0x6C11 + i)}", "身份证件号码": ids.make("500199", born, 2 * i), "性别": "女",
        "出生日期": born.isoformat(), "户籍地代码": WILLOW, "居住地代码": WILLOW, "农村": "是", "同住人": "祖辈", "监护状况": "一般",
        "学段": "小学", "全日制": "是", "单亲": "否", "已签委托照护": "", "已收养": "否",
    }  # fmt: skip
    return row | changes


def write(folder: Path, encoding: str = "utf-8-sig", **tables: list[dict[str, Any]]) -> Path:
    given = {"children": [], "kin": [], "roll": [], **tables}
    heads = {
        "children": list(child_row(0)),
        "kin": ["档案号", "关系", "姓名", "身份证件号码"],
        "roll": ["档案号", "类别", "起始日期", "月标准"],
    }
    for name, rows in given.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else heads[name])
            writer.writeheader()
            writer.writerows(rows)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mother = {"关系": "母", "姓名": "李春梅", "身份证件号码": MOTHER}
    return write(
        tmp_path,
        children=[child_row(i) for i in range(3)] + [child_row(7, 身份证件号码="")],
        kin=[{"档案号": child_row(i)["档案号"], **mother} for i in range(2)],
        roll=[{"档案号": child_row(0)["档案号"], "类别": "事实无人抚养儿童", "起始日期": "2024年3月1日", "月标准": "1204.00"}],
        circumstances=[
            {"主体": "母", "档案号": child_row(0)["档案号"], "情形": "失联", "起": "2023/5/6", "止": "", "说明": "", "依据": "回执", "核实日期": ""},
            {"主体": "本人", "档案号": child_row(0)["档案号"], "情形": "hiv", "起": "2023/5/6", "止": "", "说明": "", "依据": "", "核实日期": ""},
        ],
    )  # fmt: skip


@pytest.fixture
def _permitted() -> Any:
    """As if an approved request stood behind every number (the requests themselves are tested in ``ledgers``)."""
    checks = list(transfer.permits._checks)
    transfer.permits.decided_by(lambda actor, number, rows: f"导出档案 {number}")
    yield
    transfer.permits._checks[:] = checks


def tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {name: pq.read_table(folder / f"{name}.parquet").to_pylist() for name in TABLES}


@pytest.mark.usefixtures("_permitted")
def test_in_out_in_out(folder: Path, tmp_path: Path, cast: SimpleNamespace) -> None:
    report = transfer.import_folder(folder, cast.county)
    assert not report.rejected
    assert report.sealed == 1
    assert report.counts == {"children": 4, "kin": 2, "roll": 1, "circumstances": 1}
    with use_scope(cast.county.scope):
        assert Person.objects.count() == 1
        first = selectors.find_by_file_no("H9901010000000")
        assert (first.state, first.rural, first.entrusted, first.guard) == ("ACTIVE", True, None, "FAIR")
        assert next(hit.child for hit in finding.search("李春梅", cast.county).hits) == first
    transfer.export_folder(tmp_path / "one", cast.county, permit="N1")
    one = tables(tmp_path / "one")
    with use_scope(system_scope("test")):
        assert Read.objects.filter(what="导出档案 N1").count() == 4
    again = transfer.import_folder(tmp_path / "one", cast.county)
    assert (again.existing, again.counts["children"], again.rejected) == (4, 0, [])
    assert one["roll"] == [
        {"child_id": "H9901010000000", "scheme": "DEFACTO", "since": date(2024, 3, 1), "monthly": "1204.00"}
    ]
    assert one["children"][3]["id_number"] is None
    assert [row["kind"] for row in one["circumstances"]] == ["lost_contact"]
    transfer.export_folder(tmp_path / "two", cast.county, permit="N1")
    assert tables(tmp_path / "two") == one


def test_the_next_number_runs_on(folder: Path, cast: SimpleNamespace, make: Any) -> None:
    transfer.import_folder(folder, cast.county)
    assert make().file_no == "H9901010000008"


def test_bad_rows_come_back_with_reasons(tmp_path: Path, cast: SimpleNamespace, child: Child) -> None:
    bad = [
        child_row(0, 出生日期="去年"), child_row(1, 身份证件号码="500199201202030020"), child_row(2, 性别="男"),
        child_row(3, 居住地代码="990102101201", 户籍地代码="990102101201"), child_row(4, 姓名=""), child_row(5),
        child_row(5), child_row(6, 身份证件号码=child_row(5)["身份证件号码"], 出生日期=child_row(5)["出生日期"]),
        child_row(8, 身份证件号码=child.id_number, 出生日期=child.birth_date.isoformat()), child_row(9, 学段="高考"),
    ]  # fmt: skip
    folder = write(
        tmp_path,
        encoding="gb18030",
        children=bad,
        kin=[{"档案号": child_row(0)["档案号"], "关系": "父", "姓名": "周大", "身份证件号码": ""}],
    )
    report = transfer.import_folder(folder, cast.county)
    said = {(one.table, one.row): one.reason for one in report.rejected}
    assert report.counts["children"] == 1
    for row, words in {
        1: "不是有效日期",
        2: "身份证号码",
        3: "性别",
        4: "不在本次导入的辖区",
        5: "为空",
        7: "重复",
        8: "第 6 行",
        9: "已有档案",
        10: "可选范围",
    }.items():
        assert words in said["children", row]
    assert "没有导入" in said["kin", 1]


def test_a_folder_without_its_columns_is_refused_whole(tmp_path: Path, cast: SimpleNamespace) -> None:
    rows = [{k: v for k, v in child_row(0).items() if k != "性别"}]
    with pytest.raises(errors.Refused, match="缺少必需的列“性别”"):
        transfer.import_folder(write(tmp_path, children=rows), cast.county)
    with use_scope(cast.county.scope):
        assert not Child.objects.exists()


def test_only_those_with_the_right(folder: Path, cast: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(PermissionDenied), use_scope(cast.supervisor.scope):
        transfer.import_folder(folder, cast.supervisor)
    with pytest.raises(PermissionDenied):
        transfer.export_folder(tmp_path / "x", cast.director)
    with pytest.raises(errors.Refused):
        transfer.import_folder(folder, Scope.for_area("990101000000", role="COUNTY_CA"))


def test_a_snapshot_is_private_and_gone_afterwards(folder: Path, cast: SimpleNamespace) -> None:
    transfer.import_folder(folder, system_scope("test"))
    with transfer.snapshot(cast.county.scope) as directory:
        assert directory.stat().st_mode & 0o077 == 0
        assert tables(directory)["children"][0]["id_number"] == child_row(0)["身份证件号码"]
    assert not directory.exists()
    assert transfer.snapshot_tables(cast.stranger_county.scope)["children"].num_rows == 0
