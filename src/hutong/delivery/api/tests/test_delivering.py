"""Lists, events and corrections through the door, on the same way as from a page (R-24.01, R-24.03; issue 3.9)."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.delivery.api.models import Call, Receipt
from hutong.delivery.api.services import receipts
from hutong.domains.exchange import selectors, services
from hutong.domains.exchange.tests import files
from hutong.domains.exchange.tests.test_comparing import dead, father, mother, village
from hutong.domains.exchange.tests.test_pushing import death
from hutong.domains.leads.models import Lead
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import selectors as workflow
from hutong.foundation.workflow import worker

pytestmark = pytest.mark.django_db
assert village
CSV = "text/csv"


def rows(*serials: int) -> list[dict[str, str]]:
    return [death(n) for n in serials]


def told(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content.decode()
    return json.loads(response.content)


def test_what_the_key_may_do(door: SimpleNamespace) -> None:
    me = told(door.police.get("/me"))
    assert (me["system"], me["department"], me["trial"]) == ("人口系统", "甲县公安局", False)
    assert me["rows_left"] == {"custody": 1000, "deaths": 1000, "lost_contact": 1000}
    lists = told(door.police.get("/lists"))["lists"]
    assert [one["code"] for one in lists] == ["custody", "deaths", "lost_contact"]
    assert {one["code"] for one in lists[1]["columns"]} >= {"name", "id_number", "death_date"}


def test_a_file_is_checked_and_a_second_person_confirms(door: SimpleNamespace) -> None:
    content = files.csv(files.DEATHS, [files.death(9), files.death(11, 死亡日期="昨天")])
    sent = told(door.police.post("/lists/deaths/files?period=2026Q3&name=deaths.csv", content, kind=CSV), 202)
    batch_id = sent["batch"]["id"]
    assert sent["batch"]["state"] == "UPLOADED"
    worker.settle()
    batch = told(door.police.get(f"/batches/{batch_id}"))
    assert (batch["state"], batch["passed"], batch["refused"]) == ("CHECKED", 1, 1)
    assert "昨天" not in json.dumps(batch, ensure_ascii=False), "reasons quote no cell"
    refused = told(door.police.get(f"/batches/{batch_id}/rejected"))
    assert refused["total"] == 1
    assert refused["rows"][0]["line"] == 3
    assert "死亡日期" in refused["rows"][0]["reason"]
    workbook = door.police.get(f"/batches/{batch_id}/rejected.xlsx")
    assert workbook.content.startswith(b"PK")
    cast = door.cast
    with use_scope(cast.county.scope):
        found = selectors.get_batch(batch_id)
        assert found.sender_org.name == "甲县公安局"
        assert workflow.list_mine(cast.county).filter(kind="exchange.confirm").count() == 1
        services.confirm(batch=found, actor=cast.county)
    assert told(door.police.get(f"/batches/{batch_id}"))["state"] == "CONFIRMED"
    assert told(door.police.get("/batches?period=2026Q3"))["batches"][0]["id"] == batch_id


def test_rows_as_json_and_in_pieces_are_the_same_as_a_file(door: SimpleNamespace) -> None:
    one = told(door.police.post("/lists/deaths/rows", {"period": "2026Q3", "rows": rows(9, 11)}), 202)
    parcel = told(door.court.post("/lists/deaths/parcels", {"period": "2026Q3"}), 201)
    for number, part in ((1, rows(9)), (2, rows(11)), (2, rows(11))):
        body = json.dumps({"rows": part}).encode()
        piece = told(door.court.send("PUT", f"/parcels/{parcel['id']}/pieces/{number}", body))
    assert piece["rows"] == 2
    short = door.court.post(f"/parcels/{parcel['id']}/close", {"pieces": 3, "rows": 3})
    assert told(short, 422)["detail"].startswith("第 3 段还没有收到")
    # the same content as the police's: the county has it already, from another department
    again = door.court.post(f"/parcels/{parcel['id']}/close", {"pieces": 2, "rows": 2})
    assert told(again, 409)["type"] == "urn:hutong:problem:already"
    told(door.court.send("PUT", f"/parcels/{parcel['id']}/pieces/2", json.dumps({"rows": rows(13)}).encode()))
    closed = told(door.court.post(f"/parcels/{parcel['id']}/close", {"pieces": 2, "rows": 2}), 202)
    worker.settle()
    for who, batch in ((door.police, one["batch"]["id"]), (door.court, closed["batch"]["id"])):
        assert told(who.get(f"/batches/{batch}"))["passed"] == 2


def test_an_event_becomes_a_lead_and_the_sender_learns_nothing(door: SimpleNamespace, village: Any) -> None:
    events = [
        told(door.police.post("/lists/deaths/events", {"row": death(n)}), 202)
        for n in (father(1), mother(1), 901)
    ]
    worker.settle()
    with use_scope(door.cast.county.scope):
        assert Lead.objects.get().child.file_no == "C01"
    shown = [told(door.police.get(f"/events/{one['event']['id']}")) for one in events]
    assert [set(one) for one in shown] == [{"id", "list", "period", "state", "sent_at"}] * 3
    assert {one["state"] for one in shown} == {"ACCEPTED"}


def test_rows_taken_back_leave_the_comparison_and_its_lead(door: SimpleNamespace, village: Any) -> None:
    one = told(door.police.post("/lists/deaths/events", {"row": death(father(1))}), 202)["event"]["id"]
    two = told(door.police.post("/lists/deaths/events", {"row": death(mother(1))}), 202)["event"]["id"]
    worker.settle()
    asked = told(door.police.post(f"/events/{two}/amendments", {"reason": "人员登记有误"}), 202)
    cast = door.cast
    with use_scope(cast.county.scope):
        assert Lead.objects.get().live
        item = workflow.list_mine(cast.county).get(kind="exchange.amend")
        assert "人员登记有误" in item.summary
        services.accept_amendment(
            amendment=selectors.get_amendment(asked["amendment"]["id"]), actor=cast.county
        )
    assert told(door.police.get(f"/amendments/{asked['amendment']['id']}"))["state"] == "ACCEPTED"
    assert told(door.police.get(f"/events/{two}"))["state"] == "WITHDRAWN"
    assert told(door.police.get(f"/events/{one}"))["state"] == "ACCEPTED"
    with use_scope(cast.county.scope):
        assert Lead.objects.get().state == "OPEN", "the other row still speaks: a person looks"
        services.accept_amendment(amendment=_asked(door, one), actor=cast.county)


def _asked(door: SimpleNamespace, event: str) -> Any:
    with use_scope(system_scope("test")):
        pass
    made = told(door.police.post(f"/events/{event}/amendments", {"reason": "也有误"}), 202)
    return selectors.get_amendment(made["amendment"]["id"])


def test_lines_of_a_confirmed_batch_are_replaced(door: SimpleNamespace, village: Any) -> None:
    from hutong.domains.exchange.tests.test_comparing import compare

    cast = door.cast
    content = dead(father(1), mother(1), father(2))
    batch = told(door.police.post("/lists/deaths/files?period=2026Q3", content, kind=CSV), 202)["batch"]["id"]
    early = door.police.post(f"/batches/{batch}/amendments", {"reason": "错了", "lines": [3]})
    assert told(early, 409)["type"] == "urn:hutong:problem:conflict"
    worker.settle()
    with use_scope(cast.county.scope):
        services.confirm(batch=selectors.get_batch(batch), actor=cast.county)
    assert told(door.police.post(f"/batches/{batch}/recall", {"reason": "想撤"}), 409)
    compare(cast)
    with use_scope(cast.county.scope):
        assert Lead.objects.get().state == "OPEN"
    payload = {"reason": "第 3 行是另一人", "lines": [3], "rows": [death(903)]}
    made = told(door.police.post(f"/batches/{batch}/amendments", payload), 202)["amendment"]
    assert made["supplement"]
    bad = door.police.post(f"/batches/{batch}/amendments", {"reason": "错", "lines": [9]})
    assert told(bad, 422)["type"] == "urn:hutong:problem:refused"
    worker.settle()
    with use_scope(cast.county.scope):
        services.accept_amendment(amendment=selectors.get_amendment(made["id"]), actor=cast.county)
        services.confirm(batch=selectors.get_batch(made["supplement"]), actor=cast.county)
        Lead.objects.get()
    run = compare(cast)
    assert run.counts["leads"]["SUSPECTED"] == 0, "the mother's line is no longer read"


def test_a_batch_nobody_confirmed_is_taken_back_at_once(door: SimpleNamespace) -> None:
    content = files.csv(files.DEATHS, [files.death(9)])
    batch = told(door.police.post("/lists/deaths/files?period=2026Q3", content, kind=CSV), 202)["batch"]["id"]
    worker.settle()
    assert told(door.police.post(f"/batches/{batch}/recall", {"reason": "导错了"}))["state"] == "WITHDRAWN"
    with use_scope(door.cast.county.scope):
        assert not workflow.list_mine(door.cast.county).filter(kind="exchange.confirm").exists()
    told(door.police.post("/lists/deaths/files?period=2026Q3", content, kind=CSV), 202)


def test_a_row_found_wrong_is_sent_back_and_answered(door: SimpleNamespace, village: Any) -> None:
    from hutong.domains.leads import services as leads
    from hutong.domains.leads.models import Correction

    cast = door.cast
    for serial in (father(1), mother(1)):
        told(door.police.post("/lists/deaths/events", {"row": death(serial)}), 202)
    worker.settle()
    with use_scope(cast.next_director.scope):
        lead = Lead.objects.get()
        leads.verdict(
            lead=lead,
            answer="FALSE",
            words="母亲健在，在外务工",
            checked_on=lead.as_of,
            seen="母亲本人",
            actor=cast.next_director,
        )
    assert told(door.police.get("/corrections"))["corrections"] == [], (
        "not yet sent: the department learns nothing"
    )
    with use_scope(cast.county.scope):
        correction = Correction.objects.order_by("pk").last()
        leads.answer_correction(
            correction=correction, event="send", words="该行死亡日期有误，请核对", actor=cast.county
        )
    listed = told(door.police.get("/corrections"))["corrections"]
    assert len(listed) == 1
    assert listed[0]["message"] == "该行死亡日期有误，请核对"
    assert "务工" not in json.dumps(listed, ensure_ascii=False)
    assert told(door.court.get("/corrections"))["corrections"] == []
    reply = told(
        door.police.post(f"/corrections/{listed[0]['id']}/reply", {"corrected": True, "words": "已更正"})
    )
    assert reply["state"] == "REPLIED"
    assert told(
        door.court.post(f"/corrections/{listed[0]['id']}/reply", {"corrected": True, "words": "x"}), 404
    )
    with use_scope(cast.county.scope):
        correction.refresh_from_db()
        assert (correction.reply, correction.reply_corrected) == ("已更正", True)
        leads.answer_correction(correction=correction, event="correct", words="部门已更正", actor=cast.county)


def test_receipts_are_signed_kept_and_verified(door: SimpleNamespace, tmp_path: Any) -> None:
    from click.testing import CliRunner

    from hutong.delivery.api.cli import api

    content = files.csv(files.DEATHS, [files.death(9)])
    sent = told(door.police.post("/lists/deaths/files?period=2026Q3", content, kind=CSV), 202)
    facts = receipts.verify(sent)
    assert (facts["id"], facts["bytes"], facts["about"]) == (sent["batch"]["id"], len(content), "batch")
    assert facts["sha256"] == sent["batch"]["sha256"]
    again = told(door.police.get(f"/receipts/{sent['receipt']['id']}"))
    assert again == sent["receipt"]
    assert told(door.court.get(f"/receipts/{sent['receipt']['id']}"), 404)
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(sent["receipt"]))
    good = CliRunner().invoke(api, ["verify-receipt", str(path)])
    assert (good.exit_code, "签名成立" in good.output) == (0, True)
    key = told(door.police.client.get("/api/v1/platform-key"))["public_key"]
    assert CliRunner().invoke(api, ["verify-receipt", str(path), "--public-key", key]).exit_code == 0
    path.write_text(
        json.dumps(sent["receipt"] | {"text": sent["receipt"]["text"].replace("2026Q3", "2026Q2")})
    )
    bad = CliRunner().invoke(api, ["verify-receipt", str(path)])
    assert (bad.exit_code, "不成立" in bad.output) == (1, True)
    path.write_text("nonsense")
    assert CliRunner().invoke(api, ["verify-receipt", str(path)]).exit_code == 1
    with use_scope(door.cast.county.scope):
        assert Receipt.objects.get().body == sent["receipt"]["text"]


def test_every_call_is_written_down_without_anybodys_data(door: SimpleNamespace) -> None:
    row = death(901)
    told(door.police.post("/lists/deaths/events", {"row": row}), 202)
    told(door.police.post("/lists/disability/events", {"row": row}), 404)
    with use_scope(door.cast.auditor.scope):
        calls = list(Call.objects.order_by("pk").values())
    assert [(one["operation"], one["status"]) for one in calls] == [("event", 202), ("event", 404)]
    assert calls[0]["purpose"] == "儿童福利季度比对"
    assert len(calls[0]["digest"]) == 64
    written = json.dumps(calls, default=str, ensure_ascii=False)
    assert not any(value in written for value in (row["name"], row["id_number"]))
