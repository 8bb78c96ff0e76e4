"""The review as two people do it on the pages, and the command beside it (N12)."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hutong.domains.registry.models import Child
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.adjustments.cli import areas
from hutong.foundation.adjustments.models import Adjustment
from hutong.foundation.network.models import Area
from hutong.kernel import clock

from .conftest import COUNTY, MULBERRY, NEW_VILLAGE, OTHER_VILLAGE, SOURCE, WILLOW, Compared, listed


def csv_of(changes: dict[str, str | None]) -> bytes:
    lines = [f"{code},{name}" for code, name in listed(changes).items()]
    return "\n".join(["code,name", *lines]).encode()


def upload(client: Any, content: bytes, **more: str) -> Any:
    data = {
        "file": SimpleUploadedFile("list.csv", content), "within": COUNTY, "source": SOURCE,
        "effective_on": clock.today().isoformat(),
    } | more  # fmt: skip
    return client.post(reverse("adjustments:new"), data)


def only() -> Adjustment:
    with use_scope(system_scope("test")):
        return Adjustment.objects.get()


def test_two_people_on_the_pages(client_as: Any, child: Child) -> None:
    first, second = client_as("county"), client_as("county_second")
    assert upload(first, csv_of({WILLOW: None, MULBERRY: "大桑村"})).status_code == 302
    one = only()
    show = reverse("adjustments:show", args=[one.public_id])
    page = first.get(show).content.decode()
    assert "儿童 1" in page
    assert "大桑村" in page
    row = reverse("adjustments:row", args=[one.public_id, WILLOW])
    wrong = first.post(row, {"decision": "merge", "targets": "nonsense"})
    assert wrong.status_code == 422
    assert "nonsense" in wrong.content.decode()
    assert first.post(row, {"decision": "merge", "targets": MULBERRY}).status_code == 302
    submit = reverse("adjustments:step", args=[one.public_id, "submit"])
    unready = first.post(submit)
    assert unready.status_code == 422
    assert "还没有决定" in unready.content.decode()
    assert first.post(reverse("adjustments:plain", args=[one.public_id])).status_code == 302
    assert first.post(submit).status_code == 302
    confirm = reverse("adjustments:step", args=[one.public_id, "confirm"])
    assert first.get(confirm).status_code == 404
    assert "确认全部决定" in second.get(show).content.decode()
    assert second.post(confirm, {"reason": "与批复一致"}).status_code == 302
    assert "已生效" in second.get(show).content.decode()
    with use_scope(system_scope("test")):
        assert Child.objects.get(pk=child.pk).residence_area == MULBERRY
    late = second.post(confirm, follow=True).content.decode()
    assert "没有生效" in late
    told = first.get(reverse("adjustments:place", args=[WILLOW])).content.decode()
    assert "并入" in told
    assert SOURCE in told


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "code"),
        (b"\xff\xfe\x00\x01", "code"),
        (b"number,title\n1,2\n", "code"),
        (b"code,name\n12345,\xe6\x9d\x91\n", "第 2 行"),
        (b"code,name\n990101101201,\n", "没有名称"),
        (b"code,name\n990101101201,a\n990101101201,b\n", "出现两次"),
        (b"code,name\n330101101201,\xe6\x9d\x91\n", "没有这个范围内"),
    ],
)
def test_a_bad_list_is_refused_whole(client_as: Any, content: bytes, says: str) -> None:
    page = upload(client_as("county"), content or b"\n")
    assert page.status_code == 422
    assert says in page.content.decode()
    with use_scope(system_scope("test")):
        assert not Adjustment.objects.exists()


@pytest.mark.parametrize("head", ["code,name", "\ufeff区划代码,名称", " Code , Name "])
def test_official_names_are_no_difference(client_as: Any, places: Any, head: str) -> None:
    """The bureau of statistics writes 东镇柳村村民委员会 where everybody says 柳村."""
    lines = [
        f"{code},{'甲县东镇柳村村民委员会' if code == WILLOW else '大桑村民委员会' if code == MULBERRY else name}"
        for code, name in listed({}).items()
    ]
    sent = "\r\n".join([head, *lines, ""]).encode("gb18030" if "区划" not in head else "utf-8")
    assert upload(client_as("county"), sent).status_code == 302
    with use_scope(system_scope("test")):
        row = only().rows.get()
    assert (row.area_code, row.new_name) == (MULBERRY, "大桑村")


@pytest.mark.parametrize(
    ("words", "becomes"),
    [("桑村", [MULBERRY]), (f" {MULBERRY}，", [MULBERRY]), ("新柳村", [NEW_VILLAGE]), ("柳村", None), ("没有村", None), ("123", None)],
)  # fmt: skip
def test_a_target_is_written_by_name_or_code(
    client_as: Any, compared: Compared, words: str, becomes: list[str] | None
) -> None:
    made = compared({WILLOW: None, NEW_VILLAGE: "新柳村"})
    address = reverse("adjustments:row", args=[made.public_id, WILLOW])
    answer = client_as("county").post(address, {"decision": "merge", "targets": words})
    with use_scope(system_scope("test")):
        assert made.rows.get(area_code=WILLOW).targets == (becomes or [])
    assert answer.status_code == (302 if becomes else 422)
    assert becomes or words in answer.content.decode()


def test_of_two_places_of_one_name_neither_is_guessed(client_as: Any, compared: Compared) -> None:
    made = compared({WILLOW: None, NEW_VILLAGE: "同名村", OTHER_VILLAGE: "同名村"})
    address = reverse("adjustments:row", args=[made.public_id, WILLOW])
    page = client_as("county").post(address, {"decision": "merge", "targets": "同名村"}).content.decode()
    assert f"有 2 处：{NEW_VILLAGE}、{OTHER_VILLAGE}" in page


def test_a_list_without_a_difference_or_out_of_range_is_refused(client_as: Any, places: Any) -> None:
    same = upload(client_as("county"), csv_of({}))
    assert "完全一致" in same.content.decode()
    away = upload(client_as("stranger_county"), csv_of({WILLOW: None}))
    assert away.status_code == 422
    assert "不在您的辖区" in away.content.decode()


def test_nobody_else_sees_it(client_as: Any, compared: Compared) -> None:
    made = compared({WILLOW: "大柳村"})
    address = reverse("adjustments:show", args=[made.public_id])
    assert client_as("county_second").get(address).status_code == 200
    assert client_as("stranger_county").get(address).status_code == 404
    assert "2026" not in client_as("stranger_county").get(
        reverse("adjustments:index")
    ).content.decode().split("<main")[1].split("</main")[0].replace(str(clock.today()), "")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(areas, list(arguments))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_command_shows_the_difference_and_changes_nothing(places: Any, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"list.{kind}"
    changes = {WILLOW: None, MULBERRY: "大桑村"}
    if kind == "csv":
        file.write_bytes(csv_of(changes))
    else:
        codes, names = zip(*listed(changes).items(), strict=True)
        pq.write_table(pa.table({"code": codes, "name": names}), file)
    told = run("diff", str(file), "--within", COUNTY)
    assert told.exit_code == 0
    assert "名称变化 990101101202 桑村→大桑村" in told.output
    assert "差异 2 处" in told.output
    assert Area.objects.get(code=MULBERRY).name == "桑村"
    with use_scope(system_scope("test")):
        assert not Adjustment.objects.exists()


def test_the_command_by_two_people(cast: SimpleNamespace, client_as: Any, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(csv_of({MULBERRY: "大桑村"}))
    made = run("diff", str(file), "--within", COUNTY, "--as", "county", "--source", SOURCE)
    assert made.exit_code == 0, made.output
    one = only()
    assert one.public_id in made.output
    early = run("apply", one.public_id, "--as", "county_second")
    assert early.exit_code == 1
    client_as("county").post(reverse("adjustments:plain", args=[one.public_id]))
    client_as("county").post(reverse("adjustments:step", args=[one.public_id, "submit"]))
    own = run("apply", one.public_id, "--as", "county")
    assert own.exit_code == 1
    assert "不能确认" in own.output
    assert run("apply", one.public_id, "--as", "stranger_county").exit_code == 1
    done = run("apply", one.public_id, "--as", "county_second")
    assert done.exit_code == 0, done.output
    assert Area.objects.get(code=MULBERRY).name == "大桑村"
    assert run("apply", one.public_id, "--as", "director").exit_code == 2


def test_a_broken_parquet_is_refused_in_words(places: Any, tmp_path: Path) -> None:
    file = tmp_path / "list.parquet"
    file.write_bytes(b"PAR1 is not enough")
    told = run("diff", str(file), "--within", COUNTY)
    assert told.exit_code == 1
    assert "Parquet" in told.output
