"""How much a department may bring: bodies, calls, rows, and lists that are no lists of people (TM-09; R-46.01)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from hutong.delivery.api.models import Spent
from hutong.delivery.api.routes import SMALL
from hutong.delivery.api.tests.conftest import a_system
from hutong.delivery.api.tests.test_entering import EVENT, problem, taken_in
from hutong.domains.exchange.models import Batch, Push
from hutong.domains.exchange.tests import files
from hutong.domains.exchange.tests.test_pushing import death
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import worker
from hutong.kernel import clock, ids

pytestmark = pytest.mark.django_db
CSV = "text/csv"
FILE = "/lists/deaths/files?period=2026Q3"


def test_a_body_too_large_is_not_read_to_its_end(door: SimpleNamespace) -> None:
    assert problem(door.police.send("POST", EVENT, b"x" * (SMALL + 1)), 413) == "too-large"
    assert taken_in() == 0


def test_what_is_no_json_or_no_file_is_told_so(door: SimpleNamespace) -> None:
    for body in (b" ", b"{", b"\xff\xfe", b"[" * 30_000, b'{"row": NaN}', b'{"row": {"name": "\\ud800"}}'):
        assert problem(door.police.send("POST", EVENT, body), 422 if b"row" in body else 400)
    assert problem(door.police.send("POST", EVENT, b"{}", kind="application/xml"), 415) == "media-type"
    assert problem(door.police.send("POST", FILE, b"{}", kind="application/pdf"), 415) == "media-type"
    assert problem(door.police.send("POST", FILE, b"\x00" * 100, kind=CSV), 422) == "refused"
    assert taken_in() == 0


@pytest.mark.parametrize(
    "payload",
    [
        {}, {"row": {}}, {"row": []}, {"row": {"name": 1}}, {"row": {"name": "甲"}, "child": "x"}, {"row": {"who": "甲"}},
        {"row": {"name": "x" * 501}}, {"row": {f"c{n}": "" for n in range(41)}}, {"row": {"name": "甲", "姓名": "乙"}},
    ],
)  # fmt: skip
def test_a_row_of_another_shape_is_told_what_is_wrong(door: SimpleNamespace, payload: object) -> None:
    response = door.police.post(EVENT, payload)
    assert problem(response, 422) in ("invalid", "refused")
    assert "甲" not in response.content.decode(), "what was sent is not sent back"


def test_calls_a_minute_as_agreed(door: SimpleNamespace) -> None:
    cast = door.cast
    slow = a_system(cast.county, cast.security, cast.court.post.org, "慢系统", ["deaths"], calls_a_minute=3)
    statuses = [slow.get("/me").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    refused = slow.get("/me")
    assert problem(refused, 429) == "too-often"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert door.court.get("/me").status_code == 200, "each system counts for itself"
    with clock.frozen(clock.now() + timedelta(seconds=int(refused.headers["Retry-After"]))):
        assert slow.get("/me").status_code == 200


def test_rows_of_a_quarter_as_agreed(door: SimpleNamespace) -> None:
    cast = door.cast
    small = a_system(cast.county, cast.security, cast.court.post.org, "小系统", ["deaths"], rows_a_quarter=3)
    assert (
        small.post("/lists/deaths/rows", {"period": "2026Q3", "rows": [death(1), death(2)]}).status_code
        == 202
    )
    too_many = small.post("/lists/deaths/rows", {"period": "2026Q3", "rows": [death(3), death(4)]})
    assert problem(too_many, 422) == "too-many-rows"
    assert small.post(EVENT, {"row": death(5)}).status_code == 202
    assert problem(small.post(EVENT, {"row": death(6)}), 422) == "too-many-rows"
    with use_scope(system_scope("test")):
        assert Spent.objects.get().rows == 3, "what was refused is not counted"
        assert (Batch.objects.count(), Push.objects.count()) == (1, 1)
    assert json.loads(small.get("/me").content)["rows_left"] == {"deaths": 0}


def counted_up(count: int) -> list[dict[str, str]]:
    """Sequential numbers of one place and birthday, as somebody would try them out."""
    rows = []
    for n in range(count):
        number = f"50019920150501{n:03d}"
        rows.append(files.death(n, 身份证号=number + ids.check_digit(number)))
    return rows


def test_numbers_counted_up_are_refused_as_a_file(door: SimpleNamespace) -> None:
    response = door.police.post(FILE, files.csv(files.DEATHS, counted_up(400)), kind=CSV)
    batch = json.loads(response.content)["batch"]["id"]
    worker.settle()
    told = json.loads(door.police.get(f"/batches/{batch}").content)
    assert told["state"] == "FAILED"
    assert "按顺序编出来的号码" in told["problem"]
    assert (told["passed"], told["rows"]) == (0, 0)


def test_a_hundred_thousand_numbers_are_refused_at_once(door: SimpleNamespace) -> None:
    """TM-09: what was agreed is a thousand rows; nothing of the list is even checked."""
    header = ",".join(files.DEATHS)
    lines = "\n".join(f"甲,50019920150501{n % 1000:03d}1,,,," for n in range(100_000))
    response = door.police.post(FILE, f"{header}\n{lines}\n".encode(), kind=CSV)
    assert problem(response, 422) == "too-many-rows"
    with use_scope(system_scope("test")):
        assert not Batch.objects.exists()


def test_numbers_counted_up_are_refused_as_events(door: SimpleNamespace) -> None:
    statuses = []
    for n in range(30):
        number = f"50019920150501{n:03d}"
        row = death(n) | {"id_number": number + ids.check_digit(number), "birth_date": "2015-05-01"}
        statuses.append(door.police.post(EVENT, {"row": row}).status_code)
    assert set(statuses[:25]) == {202}
    assert set(statuses[25:]) == {422}


def test_a_quarter_long_past_or_to_come_is_refused(door: SimpleNamespace) -> None:
    assert date(2026, 9, 20) == clock.today()
    for period in ("2020Q1", "2026Q4", "2099Q4"):
        response = door.police.post("/lists/deaths/rows", {"period": period, "rows": [death(1)]})
        assert problem(response, 422) == "refused"
    for period in ("2026Q5", "2026-Q3", "x"):
        assert (
            problem(door.police.post(f"/lists/deaths/files?period={period}", b"x", kind=CSV), 422)
            == "invalid"
        )
