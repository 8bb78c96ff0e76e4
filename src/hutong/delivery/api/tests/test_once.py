"""The same request again, also at the same moment, is done once (architecture §3.10; issue 3.9)."""

from __future__ import annotations

import contextvars
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from hutong.delivery.api.models import Answer, Receipt, Spent
from hutong.delivery.api.services import answering
from hutong.delivery.api.tests.signer import Department
from hutong.delivery.api.tests.test_entering import EVENT, problem
from hutong.domains.exchange.models import Push
from hutong.domains.exchange.tests.test_pushing import death
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.kernel import clock

KEY = "0123456789abcdef"


def counts() -> tuple[int, int, int]:
    with use_scope(system_scope("test")):
        spent = Spent.objects.values_list("rows", flat=True).first() or 0
        return Push.objects.count(), Receipt.objects.count(), spent


@pytest.mark.django_db
def test_the_same_request_gets_the_same_answer(door: SimpleNamespace) -> None:
    first = door.police.post(EVENT, {"row": death(901)}, key=KEY)
    again = door.police.post(EVENT, {"row": death(901)}, key=KEY)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert counts() == (1, 1, 1)
    assert problem(door.police.post(EVENT, {"row": death(902)}, key=KEY), 409) == "idempotency-other"
    other_list = door.police.post("/lists/custody/events", {"row": death(901)}, key=KEY)
    assert problem(other_list, 409) == "idempotency-other"
    assert door.court.post(EVENT, {"row": death(901)}, key=KEY).status_code == 202, "each system's own keys"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["short", "x" * 65, "with spaces in it!", "中文中文中文中文中文"])
def test_a_key_in_the_wrong_form_is_told_so(door: SimpleNamespace, key: str) -> None:
    response = door.police.post(EVENT, {"row": death(901)}, key=key)
    assert response.status_code in (400, 401)
    assert counts() == (0, 0, 0)


@pytest.mark.django_db
def test_what_was_refused_may_be_mended_under_the_same_key(door: SimpleNamespace) -> None:
    """Only what was done is remembered; a refusal leaves no trace but the log."""
    assert problem(door.police.post(EVENT, {"row": {"name": "甲"}}, key=KEY), 422) == "refused"
    assert counts() == (0, 0, 0)
    assert door.police.post(EVENT, {"row": death(901)}, key=KEY).status_code == 202


@pytest.mark.django_db
def test_answers_are_forgotten_after_their_time(door: SimpleNamespace) -> None:
    door.police.post(EVENT, {"row": death(901)}, key=KEY)
    assert answering.forget() == 0
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert answering.forget() == 1
    with use_scope(system_scope("test")):
        assert not Answer.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_under_one_key_are_done_once(door: SimpleNamespace) -> None:
    """On live connections: one does it, the others wait and hand out its answer."""

    def call() -> tuple[int, bytes]:
        mine = Department(door.police.key_id, door.police.pair, client=Client(raise_request_exception=False))
        try:
            response = mine.post(EVENT, {"row": death(901)}, key=KEY)
            return response.status_code, response.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        contexts = [contextvars.copy_context() for _ in range(12)]
        futures = [pool.submit(context.run, call) for context in contexts]
        answers = {future.result() for future in futures}
    assert len(answers) == 1
    status, content = answers.pop()
    assert status == 202
    assert counts() == (1, 1, 1)
    told: Any = json.loads(content)
    with use_scope(system_scope("test")):
        assert Push.objects.get().public_id == told["event"]["id"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_nonce_at_the_same_moment_enters_once(door: SimpleNamespace) -> None:
    def call() -> int:
        mine = Department(door.police.key_id, door.police.pair, client=Client(raise_request_exception=False))
        try:
            return int(mine.get("/me", nonce="n" * 24).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        contexts = [contextvars.copy_context() for _ in range(8)]
        statuses = sorted(future.result() for future in [pool.submit(c.run, call) for c in contexts])
    assert statuses == [200, *[401] * 7]
