"""The rules asked through the door: facts in, outcomes out, nothing kept (issue 4, lines 10 and 13; TM-09)."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.delivery.api.models import Call, Trial
from hutong.delivery.api.tests.test_delivering import told
from hutong.delivery.api.tests.test_entering import problem
from hutong.foundation.access.scope import use_scope

pytestmark = pytest.mark.django_db
PATH = "/rules/evaluate"
DEAD = {"status": "dead"}
CHILD = {
    "birth": "2015-05-01",
    "hukou": "500199",
    "lives_with": "grandparents",
    "guard": "GOOD",
    "school": "primary",
}
ORPHAN = {"id": "a", "child": CHILD, "father": DEAD, "mother": DEAD}


def asked(*cases: Any, **more: Any) -> dict[str, Any]:
    return {"pack": "CQ-2025", "asof": "2026-03-01", "cases": list(cases)} | more


@pytest.mark.parametrize("desk", ["police", "trial"])
def test_cases_are_decided_in_the_form_of_the_contract(door: SimpleNamespace, desk: str) -> None:
    found = told(getattr(door, desk).post(PATH, asked(ORPHAN)))
    (one,) = found["results"]
    assert set(one) == {"id", "categories", "key", "benefits", "visit", "alerts", "undecided"}
    assert (one["id"], one["categories"], one["benefits"]["孤儿基本生活费"]) == (
        "a",
        ["GRD:孤弃", "ORPHAN-S"],
        1651,
    )
    assert (found["pack"], found["label"], found["errors"], found["not_loaded"]) == (
        "CQ-2025",
        "重庆市（2025年）",
        [],
        [],
    )


def test_a_case_that_cannot_be_read_spoils_no_other_and_its_values_are_not_repeated(
    door: SimpleNamespace,
) -> None:
    wrong = [
        {"id": "b", "child": {"bith": "2015-05-01", "school": "张三"}}, "一句话", ORPHAN, {"id": "c", "pack": "CQ-2021"},
        {"id": "d", "child": {"birth": "2021-02-30"}}, {"id": "e", "mother": {"status": "unknown"}, "child": CHILD, "father": DEAD},
    ]  # fmt: skip
    response = door.police.post(PATH, asked(ORPHAN, *wrong))
    found = told(response)
    assert [one["id"] for one in found["results"]] == ["a", "e"]
    assert {one["place"]: one["told"] for one in found["errors"]} == {
        2: ["child 中有不认识的“bith”，是否为“birth”？", found["errors"][0]["told"][1]],
        3: ["案例 应写成键值（id、pack、asof、child……），而不是单个的值"],
        4: ["id 与前面的案例重复，请改用不同的编号"],
        5: ["案例 中不写 pack：整批案例用同一个"],
        6: ["child.birth 没有这一天，请核对年月日"],
    }
    assert found["errors"][0]["told"][1].startswith("child.school 不是可用的值")
    assert "张三" not in response.content.decode()
    waiting = [words for words in found["results"][1]["undecided"] if words.startswith("孤儿：")]
    assert waiting == ["孤儿：尚缺母亲身份（查明是谁、现在何处）（可向公安机关或村（居）民委员会了解）"]


def test_the_reasons_come_where_they_are_asked_for(door: SimpleNamespace) -> None:
    (one,) = told(door.police.post(PATH, asked(ORPHAN, explain=True)))["results"]
    tree = next(tree for tree in one["explain"] if tree["rule"] == "orphan")
    assert (tree["value"], "国办发〔2010〕54号" in tree["citation"]) == (True, True)
    many = [{**ORPHAN, "id": str(n)} for n in range(21)]
    refused = door.police.post(PATH, asked(*many, explain=True))
    assert problem(refused, 422) == "invalid"
    assert "最多 20 个案例" in refused.content.decode()
    assert len(told(door.police.post(PATH, asked(*many)))["results"]) == 21


def test_a_standard_that_is_not_loaded_is_named(door: SimpleNamespace) -> None:
    child = {**CHILD, "hukou": "220399"}
    found = told(door.police.post(PATH, asked({**ORPHAN, "child": child}, pack="JL-2024")))
    assert found["results"][0]["benefits"]["孤儿基本生活费"] is None
    assert found["not_loaded"] == ["孤儿基本生活费"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"pack": "CQ2021"}, "没有这个政策包，是否为“CQ-2021”？"),
        ({"asof": "2026-02-30"}, "没有这一天"),
        ({"asof": "2024-12-31"}, "自 2025-01-01 起施行"),
        ({"asof": "9999-12-31"}, "2100 以内"),
        ({"asof": "昨天"}, "格式不对"),
        ({"cases": []}, "项数过少"),
        ({"cases": [{}] * 201}, "项数过多"),
        ({"case": []}, "没有这一项"),
        ({"explain": "yes"}, "true 或 false"),
    ],
)
def test_a_request_that_cannot_be_served_says_why(
    door: SimpleNamespace, changed: dict[str, Any], words: str
) -> None:
    response = door.police.post(PATH, asked(ORPHAN) | changed)
    assert problem(response, 422) == "invalid"
    assert words in response.content.decode()


def test_hostile_content_is_told_and_breaks_nothing(door: SimpleNamespace) -> None:
    nested: Any = "x"
    for _ in range(200):
        nested = [nested]
    bodies = [
        {"id": "\ud800"}, {"id": "n", "child": nested}, {"id": "m", "child": {"birth": nested, "other_monthly": 1e308}},
        {"id": "l", "child": {"birth": "9999-12-31"}}, {"id": ["x"], "father": {"dis": [nested]}}, None, 1, True,
    ]  # fmt: skip
    found = told(door.police.post(PATH, asked(*bodies, ORPHAN)))
    assert [one["id"] for one in found["results"]] == ["a"]
    assert len(found["errors"]) == len(bodies)


def test_only_who_has_agreed_upon_it_may_ask(door: SimpleNamespace) -> None:
    assert told(door.police.get("/me"))["rules"] is True
    response = door.court.post(PATH, asked(ORPHAN))
    assert problem(response, 404) == "not-found"
    assert "约定范围不含政策判定" in response.content.decode()


def test_nothing_is_kept_but_that_it_was_asked(door: SimpleNamespace) -> None:
    with use_scope(door.cast.auditor.scope):
        before = Trial.objects.count()
    told(door.police.post(PATH, asked({**ORPHAN, "id": "流水-七"})))
    with use_scope(door.cast.auditor.scope):
        (call,) = Call.objects.filter(operation="evaluate")
        assert Trial.objects.count() == before
    said = json.dumps({name: str(value) for name, value in vars(call).items()}, ensure_ascii=False)
    assert (call.status, call.purpose, len(call.digest)) == (200, "儿童福利季度比对", 64)
    assert not any(words in said for words in ("流水-七", "2015-05-01", "dead"))


def test_calls_are_counted_like_any_other(door: SimpleNamespace) -> None:
    from hutong.delivery.api.tests.conftest import a_system

    cast = door.cast
    slow = a_system(
        cast.county, cast.security, cast.court.post.org, "慢系统", [], rules=True, calls_a_minute=2
    )
    assert [slow.post(PATH, asked(ORPHAN)).status_code for _ in range(3)] == [200, 200, 429]
