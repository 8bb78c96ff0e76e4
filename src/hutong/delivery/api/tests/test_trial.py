"""The trial desk: the same check, shapes and receipts; fictitious persons only; nothing of it reaches the registry."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.delivery.api.services import receipts
from hutong.delivery.api.tests.test_delivering import CSV, told
from hutong.delivery.api.tests.test_entering import EVENT, problem
from hutong.domains.exchange.models import Amendment, Batch, Parcel, Push
from hutong.domains.exchange.tests import files
from hutong.domains.exchange.tests.test_comparing import father, mother, village
from hutong.domains.exchange.tests.test_pushing import death
from hutong.domains.leads.models import Lead
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import worker
from hutong.foundation.workflow.models import LongJob, WorkItem
from hutong.kernel import ids

pytestmark = pytest.mark.django_db
assert village


def test_a_whole_quarter_tried_out_touches_nothing(door: SimpleNamespace, village: Any) -> None:
    trial = door.trial
    assert told(trial.get("/me"))["trial"] is True
    content = files.csv(files.DEATHS, [files.death(9), files.death(11, 死亡日期="昨天")])
    sent = told(trial.post("/lists/deaths/files?period=2026Q3", content, kind=CSV), 202)
    batch = sent["batch"]
    assert (batch["state"], batch["passed"], batch["refused"]) == ("CHECKED", 1, 1)
    assert receipts.verify(sent)["trial"] is True
    again = trial.post("/lists/deaths/files?period=2026Q3", content, kind=CSV)
    assert problem(again, 409) == "already"
    rejected = told(trial.get(f"/batches/{batch['id']}/rejected"))
    assert (rejected["total"], rejected["rows"][0]["line"]) == (1, 3)
    assert trial.get(f"/batches/{batch['id']}/rejected.xlsx").content.startswith(b"PK")
    lines = {"reason": "第 2 行有误", "lines": [2], "rows": [death(13)]}
    amendment = told(trial.post(f"/batches/{batch['id']}/amendments", lines), 202)["amendment"]
    assert told(trial.get(f"/amendments/{amendment['id']}"))["supplement"]
    parcel = told(trial.post("/lists/deaths/parcels", {"period": "2026Q3"}), 201)["id"]
    told(trial.send("PUT", f"/parcels/{parcel}/pieces/1", json.dumps({"rows": [death(15)]}).encode()))
    assert told(trial.post(f"/parcels/{parcel}/close", {"pieces": 1, "rows": 1}), 202)["batch"]["passed"] == 1
    for serial in (father(1), mother(1)):
        event = told(trial.post(EVENT, {"row": death(serial)}), 202)["event"]["id"]
    assert told(trial.get(f"/events/{event}"))["state"] == "ACCEPTED"
    told(trial.post(f"/events/{event}/amendments", {"reason": "误"}), 202)
    correction = told(trial.get("/corrections"))["corrections"][0]["id"]
    reply = told(trial.post(f"/corrections/{correction}/reply", {"corrected": False, "words": "无误"}))
    assert reply["state"] == "REPLIED"
    assert told(trial.post(f"/batches/{batch['id']}/recall", {"reason": "撤"}))["state"] == "WITHDRAWN"
    assert len(told(trial.get("/batches"))["batches"]) == 3
    worker.settle()
    with use_scope(system_scope("test")):
        counts = {
            one.__name__: one.objects.count()
            for one in (Batch, Push, Parcel, Amendment, Lead, WorkItem, LongJob)
        }
    assert set(counts.values()) == {0}, counts


def test_real_persons_are_refused(door: SimpleNamespace) -> None:
    """A number of an assigned county could be somebody's, whatever the name."""
    body = "11010119800203001"
    row = death(1) | {"id_number": body + ids.check_digit(body)}
    assert problem(door.trial.post(EVENT, {"row": row}), 422) == "refused"
    content = files.csv(files.DEATHS, [files.death(1, 身份证号=row["id_number"])])
    response = door.trial.post("/lists/deaths/files?period=2026Q3", content, kind=CSV)
    assert problem(response, 422) == "refused"
    assert "虚构" in response.content.decode()
    assert row["id_number"] not in response.content.decode()


def test_a_parcel_of_real_persons_is_not_even_laid_aside(door: SimpleNamespace) -> None:
    body = "11010119800203001"
    row = death(1) | {"id_number": body + ids.check_digit(body)}
    parcel = told(door.trial.post("/lists/deaths/parcels", {"period": "2026Q3"}), 201)["id"]
    response = door.trial.send("PUT", f"/parcels/{parcel}/pieces/1", json.dumps({"rows": [row]}).encode())
    assert problem(response, 422) == "refused"


def test_both_doors_answer_in_the_same_shapes(door: SimpleNamespace) -> None:
    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: shape(one) for key, one in value.items()}
        return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__

    for live, trial in (
        (door.police.get("/me"), door.trial.get("/me")),
        (door.police.get("/lists"), door.trial.get("/lists")),
        (door.police.post(EVENT, {"row": death(901)}), door.trial.post(EVENT, {"row": death(901)})),
        (
            door.police.post("/lists/deaths/rows", {"period": "2026Q3", "rows": [death(9)]}),
            door.trial.post("/lists/deaths/rows", {"period": "2026Q3", "rows": [death(9)]}),
        ),
    ):
        one, other = json.loads(live.content), json.loads(trial.content)
        for told_ in (one, other):
            told_.pop("rows_left", None)
        assert shape(one) == shape(other)
