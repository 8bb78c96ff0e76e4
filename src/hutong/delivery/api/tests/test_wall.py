"""What a department's key can see: its own deliveries, and nothing of any child, whatever is asked (TM-01, TM-09, TM-13)."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from hutong.delivery.api.models import Call, Receipt, System
from hutong.delivery.api.tests.test_delivering import told
from hutong.delivery.api.tests.test_entering import EVENT, problem
from hutong.domains.exchange.tests.test_comparing import father, mother, village
from hutong.domains.exchange.tests.test_pushing import death
from hutong.foundation.access import systems
from hutong.foundation.access.scope import use_scope
from hutong.foundation.workflow import worker

pytestmark = pytest.mark.django_db
assert village
BY_AREA = re.compile(r"app\.(lo|hi|extra|post)")


def own_things(door: SimpleNamespace) -> dict[str, str]:
    """Everything the police have there, by address."""
    event = told(door.police.post(EVENT, {"row": death(901)}), 202)
    rows = told(door.police.post("/lists/deaths/rows", {"period": "2026Q3", "rows": [death(9)]}), 202)
    parcel = told(door.police.post("/lists/deaths/parcels", {"period": "2026Q3"}), 201)
    worker.settle()
    amendment = told(door.police.post(f"/events/{event['event']['id']}/amendments", {"reason": "误"}), 202)
    batch = rows["batch"]["id"]
    return {
        f"GET /events/{event['event']['id']}": "", f"GET /batches/{batch}": "", f"GET /batches/{batch}/rejected": "",
        f"GET /amendments/{amendment['amendment']['id']}": "", f"GET /receipts/{rows['receipt']['id']}": "",
        f"POST /batches/{batch}/recall": '{"reason": "x"}', f"POST /batches/{batch}/amendments": '{"reason": "x"}',
        f"POST /events/{event['event']['id']}/amendments": '{"reason": "x"}',
        f"PUT /parcels/{parcel['id']}/pieces/1": json.dumps({"rows": [death(7)]}),
        f"POST /parcels/{parcel['id']}/close": '{"pieces": 1, "rows": 1}',
        "GET /batches/aaaaaaaaaaaaaaaa": "",
    }  # fmt: skip


def test_what_others_delivered_does_not_exist(door: SimpleNamespace) -> None:
    """Another department here, the next county's police, the trial key: the same bytes as for what never was."""
    answers: dict[str, set[str]] = {}
    for line, body in own_things(door).items():
        method, path = line.split(" ")
        for who in (door.court, door.stranger, door.trial):
            response = who.send(method, path, body.encode())
            assert problem(response, 404) == "not-found", line
            answers.setdefault(method, set()).add(re.sub(r'"request": "\w+"', "", response.content.decode()))
    assert {method: len(found) for method, found in answers.items()} == {"GET": 1, "POST": 1, "PUT": 1}


def test_lists_of_the_key_are_counted_off_by_nobody(door: SimpleNamespace) -> None:
    """A list outside the key, one of another department, one that is none: one answer."""
    answers = set()
    for code in ("declared_missing", "hiv", "nonsense"):
        response = door.police.post(f"/lists/{code}/events", {"row": death(901)})
        answers.add(re.sub(r'"request": "\w+"', "", response.content.decode()))
        assert problem(response, 404) == "not-found"
    assert len(answers) == 1


def test_trying_out_ids_finds_nothing(door: SimpleNamespace) -> None:
    for n in range(50):
        guess = f"{n:016d}".translate(str.maketrans("0123456789", "abcdefghij"))
        for place in ("batches", "events", "amendments", "receipts"):
            assert problem(door.police.get(f"/{place}/{guess}"), 404) == "not-found"


def test_whether_a_child_is_concerned_cannot_be_told_from_any_answer(
    door: SimpleNamespace, village: Any
) -> None:
    """TM-09: a parent of a child on file, and somebody the county never heard of."""

    def seen(serial: int) -> str:
        taken = told(door.police.post(EVENT, {"row": death(serial)}), 202)
        worker.settle()
        event = taken["event"]["id"]
        shown = [told(door.police.get(f"/events/{event}")), told(door.police.get("/corrections")), taken]
        text = json.dumps(shown, ensure_ascii=False).replace(event, "event")
        for key in ("id", "signature", "sent_at", "text"):
            text = re.sub(rf'"{key}": "(?:[^"\\]|\\.)*"', f'"{key}": ""', text)
        return text

    assert seen(father(1)) == seen(901) == seen(mother(1))


def test_a_departments_post_sees_no_row_of_any_child(door: SimpleNamespace, village: Any) -> None:
    from hutong.domains.leads.models import Lead
    from hutong.domains.registry.models import Child, Person

    for serial in (father(1), mother(1)):
        told(door.police.post(EVENT, {"row": death(serial)}), 202)
    worker.settle()
    actor = systems.find(kind="door", number=door.police.system.public_id)
    assert actor is not None
    with use_scope(door.cast.county.scope):
        assert min(Child.objects.count(), Lead.objects.count(), Person.objects.count()) > 0
    with use_scope(actor.scope):
        assert max(Child.objects.count(), Lead.objects.count(), Person.objects.count()) == 0
        assert list(System.objects.values_list("pk", flat=True)) == [door.police.system.pk]


def test_every_table_that_names_a_child_is_shut_to_departments() -> None:
    """Either it follows the child, who is shut, or it has the door's own policy beside whatever else it says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, string_agg(qual, ' ') FILTER (WHERE policyname = 'scope'), bool_or(policyname = 'no_department') "
            "FROM pg_policies WHERE schemaname = 'public' AND tablename IN (SELECT table_name FROM information_schema.columns "
            "WHERE column_name IN ('child_id', 'person_id')) GROUP BY tablename"
        )
        rows = cursor.fetchall()
    assert len(rows) > 15
    open_ones = [
        table for table, policy, shut in rows
        if not shut and "app.sealed" not in policy and ("visible_child" not in policy or BY_AREA.search(policy)) and table != "registry_opened"
    ]  # fmt: skip
    assert open_ones == [], "shut it in a migration of delivery.api, as 0002_wall does"


def test_calls_and_receipts_cannot_be_changed(door: SimpleNamespace) -> None:
    from django.db import ProgrammingError, transaction

    told(door.police.post(EVENT, {"row": death(901)}), 202)
    with use_scope(door.cast.county.scope):
        for change in (Call.objects.update, Receipt.objects.update):
            with pytest.raises(ProgrammingError), transaction.atomic():
                change(area_code="0")
        for model in (Call, Receipt):
            with pytest.raises(ProgrammingError), transaction.atomic():
                model.objects.all().delete()
