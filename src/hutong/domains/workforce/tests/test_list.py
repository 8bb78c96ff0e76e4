"""The list by page and by file (R-33.04, R-34.04): what is typed is kept, what goes out is logged, files come in whole."""

from __future__ import annotations

import io
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hutong.domains.workforce import services
from hutong.domains.workforce.models import Handout, Training, Worker
from hutong.domains.workforce.services import importing
from hutong.domains.workforce.services.errors import Refused
from hutong.domains.workforce.tests.conftest import Keeper
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import use_scope
from hutong.foundation.network.models import Holding
from hutong.kernel import sheets

NUMBER = "500199198001010019"


def sheet(*rows: dict[str, str]) -> bytes:
    return sheets.xlsx_bytes(
        importing.HEADERS, [[one.get(head, "") for head in importing.HEADERS] for one in rows]
    )


GOOD = {
    "用户名": "xinren", "姓名": "新任甲", "培训日期": "2026年10月8日", "举办单位": "甲县民政局", "考核合格日期": "2026-10-09",
    "背景查询日期": "20261001", "查询结果": "未发现不适合情形", "查询单位": "甲县公安局",
}  # fmt: skip


def read(actor: Acting, content: bytes, **more: Any) -> importing.ImportResult:
    with use_scope(actor.scope):
        return services.import_list(actor=actor, content=content, **more)


def test_a_filled_in_template_comes_in_and_a_second_time_changes_nothing(
    fresh: Acting, cast: SimpleNamespace
) -> None:
    for _ in range(2):
        result = read(cast.county, sheet(GOOD))
        assert (result.rejected, result.passed, result.applied) == ([], 1, True)
    with use_scope(cast.county.scope):
        worker = Worker.objects.get(user=fresh.user)
        assert (worker.examined_on, worker.checked_on) == (date(2026, 10, 9), date(2026, 10, 1))
        assert (worker.trainings.count(), worker.checks.count()) == (1, 1)


def test_one_bad_row_and_nothing_is_written_unless_asked(fresh: Acting, cast: SimpleNamespace) -> None:
    content = sheet(
        GOOD, {"用户名": "nobody", "姓名": "无此人"}, GOOD | {"用户名": "supervisor", "查询结果": "好"}
    )
    result = read(cast.county, content)
    assert [(line, who) for line, who, _ in result.rejected] == [(3, "无此人"), (4, "新任甲")]
    with use_scope(cast.county.scope):
        assert not Worker.objects.filter(user=fresh.user).exists()
    assert read(cast.county, content, partial=True).passed == 1
    with use_scope(cast.county.scope):
        assert Worker.objects.filter(user=fresh.user).exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "0 字节"),
        (b"%PDF-1.4 nothing", "。"),
        ("姓名,单位\n甲,乙\n".encode(), "没有找到“用户名”"),
        ("用户名,爱好\nxinren,无\n".encode("gb18030"), "不认识的列：爱好"),
        (sheet(*[GOOD] * 501), "超过一次 500 行"),
    ],
    ids=["empty", "pdf", "no head", "other head", "too many"],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    cast: SimpleNamespace, content: bytes, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        read(cast.county, content)


def test_the_number_is_sealed_masked_and_nobody_elses(
    fresh: Acting, keeper: Keeper, cast: SimpleNamespace
) -> None:
    number = valid_number()
    worker = keeper.register(fresh, id_number=number)
    assert number.encode() not in bytes(worker.id_sealed)
    assert worker.id_masked().count("*") >= 8
    with use_scope(keeper.actor.scope):
        holding = Holding.objects.select_related("post", "user").get(pk=cast.director.holdings[0].pk)
        with pytest.raises(Refused, match="另一个账号名下"):
            services.register(holding, actor=keeper.actor, name="柳主任", id_number=number)
        with pytest.raises(Refused):
            services.change(
                worker,
                actor=keeper.actor,
                name="新任甲",
                id_number="123",
                qualification="NONE",
                certificate="",
            )


def valid_number() -> str:
    body = NUMBER[:17]
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


def test_the_file_says_who_took_it_and_shows_no_whole_number(
    fresh: Acting, keeper: Keeper, client_as: Any
) -> None:
    number = valid_number()
    keeper.register(fresh, id_number=number)
    client = client_as("supervisor")
    page = reverse("workforce:hand_out") + "?state=all"
    assert client.post(page, {"purpose": ""}).status_code == 422
    answer = client.post(page, {"purpose": "上报省厅实名制数据"})
    assert answer.status_code == 200
    book = python_calamine.load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0)
    told = [str(cell) for line in book.to_python() for cell in line if cell]
    assert any("新任甲" in cell for cell in told)
    assert not any(number in cell for cell in told)
    with use_scope(keeper.actor.scope):
        taken = Handout.objects.get()
    assert (taken.rows, taken.purpose) == (4, "上报省厅实名制数据")


def test_registering_by_page_keeps_what_was_typed(
    fresh: Acting, client_as: Any, cast: SimpleNamespace
) -> None:
    client = client_as("supervisor")
    page = reverse("workforce:register", args=[fresh.holdings[0].public_id])
    refused = client.post(
        page, {"name": "新任甲", "id_number": "500199", "qualification": "WORKER", "certificate": "证1"}
    )
    assert refused.status_code == 422
    assert "证1" in refused.content.decode()
    done = client.post(page, {"name": "新任甲", "qualification": "WORKER", "certificate": "证1"}, follow=True)
    assert done.status_code == 200
    assert "请接着登记岗前培训考核" in done.content.decode()
    with use_scope(cast.supervisor.scope):
        public_id = Worker.objects.get(user=fresh.user).public_id
    add = reverse("workforce:add", args=[public_id, "training"])
    facts = {"held_on": "2026-10-08", "organiser": "甲县民政局", "examined_on": "2026-10-09"}
    assert "应同时填写" in client.post(add, facts).content.decode()
    assert client.post(add, facts | {"passed": "1"}).status_code == 302
    assert client.post(add, facts | {"passed": "1"}).status_code == 422  # once
    with use_scope(cast.supervisor.scope):
        kept = Training.objects.get(worker__public_id=public_id)
    away = reverse("workforce:withdraw", args=[public_id, "training", kept.public_id])
    assert client.post(away, {"reason": ""}).status_code == 422
    assert client.post(away, {"reason": "登记错了人"}).status_code == 302
    assert (
        "岗前培训考核还没有合格" in client.get(reverse("workforce:worker", args=[public_id])).content.decode()
    )


def test_the_barred_director_is_told_on_her_own_page(fresh: Acting, keeper: Keeper) -> None:
    from hutong.foundation.accounts.tests.signing_in import signed_in

    keeper.register(fresh)
    told = signed_in(fresh.user).get(reverse("workforce:mine")).content.decode()
    assert "现在不能签署走访和报告" in told
    assert "岗前培训考核还没有合格" in told


def test_the_import_page_names_the_refused_line(fresh: Acting, client_as: Any) -> None:
    file = SimpleUploadedFile("名册.xlsx", sheet({"用户名": "nobody", "姓名": "无此人"}))
    answer = client_as("county").post(reverse("workforce:import"), {"file": file})
    assert answer.status_code == 422
    assert "没有导入任何内容" in answer.content.decode()
    assert "无此人" in answer.content.decode()
