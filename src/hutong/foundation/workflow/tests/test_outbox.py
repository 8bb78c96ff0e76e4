"""What is announced is neither lost nor done twice (ADR 0005)."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.network.models import Org
from hutong.foundation.workflow import outbox, services
from hutong.foundation.workflow.models import Outbox, Receipt
from hutong.kernel import clock


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_handlers", {})


@pytest.fixture
def effects(cast: SimpleNamespace) -> list[str]:
    """Two handlers: the first has an effect in the database, the second fails as long as ``broken`` says."""
    broken: list[str] = []

    @outbox.handles("example.done")
    def first(payload: dict[str, Any]) -> None:
        Org.objects.create(name=f"回执{payload['n']}", kind="MZ", area_code="990101000000")
        if "first" in broken:
            raise RuntimeError("killed after the effect, before the receipt")

    @outbox.handles("example.done")
    def second(payload: dict[str, Any]) -> None:
        if "second" in broken:
            raise RuntimeError("down")

    return broken


def announce(cast: SimpleNamespace, n: int = 1, key: str = "") -> None:
    with use_scope(cast.director.scope):
        services.announce(event="example.done", payload={"n": n}, key=key or f"k{n}")


def receipts() -> int:
    return Org.objects.filter(name__startswith="回执").count()


def test_every_handler_runs_once_however_often_dispatched(cast: SimpleNamespace, effects: list[str]) -> None:
    announce(cast)
    announce(cast)  # same key: one announcement
    assert (outbox.dispatch(), outbox.dispatch()) == (1, 0)
    assert receipts() == 1
    with use_scope(system_scope("test")):
        assert Receipt.objects.count() == 2


def test_a_handler_that_dies_after_its_effect_leaves_nothing_and_is_tried_again(
    cast: SimpleNamespace, effects: list[str]
) -> None:
    announce(cast)
    effects.append("first")
    assert (outbox.dispatch(), receipts()) == (0, 0)
    effects.clear()
    assert outbox.dispatch() == 0  # backing off
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert (outbox.dispatch(), receipts()) == (1, 1)


def test_a_failing_handler_does_not_repeat_its_neighbour(cast: SimpleNamespace, effects: list[str]) -> None:
    announce(cast)
    effects.append("second")
    outbox.dispatch()
    assert receipts() == 1
    effects.clear()
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert outbox.dispatch() == 1
    assert receipts() == 1


def test_a_rolled_back_act_announces_nothing(cast: SimpleNamespace, effects: list[str]) -> None:
    with use_scope(cast.director.scope), transaction.atomic():
        announce(cast)
        transaction.set_rollback(True)
    assert outbox.dispatch() == 0


def test_rows_come_in_the_order_announced(cast: SimpleNamespace) -> None:
    seen: list[int] = []
    outbox.handles("example.done")(lambda payload: seen.append(payload["n"]))
    for n in range(5):
        announce(cast, n)
    outbox.dispatch()
    assert seen == [0, 1, 2, 3, 4]


def test_reactions_act_for_whoever_announced_over_the_whole_country(cast: SimpleNamespace) -> None:
    seen: list[Any] = []
    from hutong.foundation.access.scope import required

    outbox.handles("example.done")(lambda payload: seen.append(required()))
    announce(cast)
    outbox.dispatch()
    assert (seen[0].role, seen[0].user_id, seen[0].request_id) == (
        "SYSTEM", cast.director.user.pk, cast.director.scope.request_id,
    )  # fmt: skip
    assert seen[0].covers("110101001001")


def test_the_dead_wait_for_the_administrator(
    cast: SimpleNamespace, client_as: Any, effects: list[str]
) -> None:
    announce(cast)
    effects.append("first")
    now = clock.now()
    for attempt in range(outbox.ATTEMPTS + 2):
        with clock.frozen(now + timedelta(days=attempt)):
            outbox.dispatch()
    with use_scope(system_scope("test")):
        row = Outbox.objects.get(event="example.done")
    assert (row.attempts, row.dead_at is not None, "RuntimeError" in row.error) == (
        outbox.ATTEMPTS,
        True,
        True,
    )
    admin = client_as("sysadmin")
    assert "example.done" in admin.get("/work/events/").content.decode()
    effects.clear()
    assert admin.post("/work/events/", {"row": row.pk}).status_code == 302
    with clock.frozen(now + timedelta(days=99)):
        assert (outbox.dispatch(), receipts()) == (1, 1)


@pytest.mark.parametrize("row", ["", "x", "99999999999999999999", "-1"])
def test_an_absurd_row_number_does_not_exist(client_as: Any, row: str) -> None:
    assert client_as("sysadmin").post("/work/events/", {"row": row}).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "county", "director"])
def test_nobody_else_reads_the_outbox(cast: SimpleNamespace, client_as: Any, who: str) -> None:
    announce(cast)
    assert client_as(who).get("/work/events/").status_code == 404
    with use_scope(getattr(cast, who).scope):
        assert not Outbox.objects.exists()
