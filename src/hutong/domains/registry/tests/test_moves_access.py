"""State × role of a move: who is offered what, and what everybody else gets (TM-13; R-03.07)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hutong.domains.registry import services
from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.models import Child, Move
from hutong.domains.registry.presenters import moves as presenting
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import worker
from hutong.kernel import clock

from .test_moves import BAMBOO, Start, acting, active, approved, fresh, start

_ = (active, start)
OFFERED: dict[str, dict[str, set[str]]] = {
    "PROPOSED": {
        "director": {"withdraw"}, "supervisor": {"withdraw"}, "county": {"approve", "send_back", "withdraw"},
    },
    "OFFERED": {
        "director": {"withdraw"}, "supervisor": {"withdraw"}, "county": {"withdraw"}, "stranger": {"receive", "ask", "refuse"},
    },
    "ASKED": {
        "director": {"answer", "withdraw"}, "supervisor": {"answer", "withdraw"}, "county": {"answer", "withdraw"},
        "stranger": set(),
    },
    "RETURNED": {
        "director": {"submit", "withdraw"}, "supervisor": {"submit", "withdraw"}, "county": {"submit", "withdraw"},
    },
    "RECEIVED": {"director": set(), "supervisor": set(), "county": set(), "stranger": set(), "stranger_county": set()},
    "WITHDRAWN": {"director": set(), "supervisor": set(), "county": set()},
}  # fmt: skip
MEMBERS = (
    "director",
    "next_director",
    "supervisor",
    "county",
    "stranger",
    "stranger_county",
    "auditor",
    "clerk",
)


def reach(state: str, cast: SimpleNamespace, start: Start) -> Move:
    move = start(BAMBOO) if state == "PROPOSED" else approved(cast, start)
    with acting(cast.stranger) as receiver, acting(cast.director) as sender:
        pass
    if state in ("ASKED", "RETURNED", "RECEIVED"):
        take = {
            "ASKED": services.moving.ask,
            "RETURNED": services.moving.refuse,
            "RECEIVED": services.moving.receive,
        }
        with acting(cast.stranger) as receiver:
            take[state](move, actor=receiver, reason="说明")
    if state == "WITHDRAWN":
        with acting(cast.director) as sender:
            services.moves.withdraw(move, actor=sender, reason="说明")
    worker.settle()
    return fresh(move)  # fmt: skip


@pytest.mark.parametrize("state", sorted(OFFERED))
def test_each_state_offers_each_role_exactly_this(
    state: str, cast: SimpleNamespace, start: Start, client_as: Any
) -> None:
    move = reach(state, cast, start)
    assert move.state == state
    for member in MEMBERS:
        page = client_as(member).get(reverse("registry:move", args=[move.public_id]))
        wanted = OFFERED[state].get(member)
        assert page.status_code == (404 if wanted is None else 200), (state, member)
        if wanted is not None:
            with acting(getattr(cast, member)) as actor:
                assert {one.event for one in presenting.buttons(fresh(move), actor)} == wanted, (
                    state,
                    member,
                )
        for transition in machine.MOVE.transitions:
            if wanted is None or transition.event not in wanted:
                address = reverse("registry:move_step", args=[move.public_id, transition.event])
                status = client_as(member).get(address).status_code
                assert status == 404, (state, member, transition.event)
    assert fresh(move).state == state


def test_whoever_does_not_see_the_child_cannot_propose(client_as: Any, active: Child) -> None:
    for member in ("stranger", "stranger_county", "next_director"):
        address = reverse("registry:propose_move", args=[active.public_id])
        assert client_as(member).get(address).status_code == 404
        assert client_as(member).post(address, {"what": "both"}).status_code == 404


def test_the_whole_handshake_by_the_pages(client_as: Any, active: Child, cast: SimpleNamespace) -> None:
    form = {
        "what": "both", "to_area": BAMBOO, "moved_on": clock.today().isoformat(), "reason": "PARENTS", "words": "随父母迁居",
        "form_key": "0" * 32,
    }  # fmt: skip
    propose = reverse("registry:propose_move", args=[active.public_id])
    wrong = client_as("director").post(propose, form | {"words": ""})
    assert wrong.status_code == 422
    assert "随" not in wrong.content.decode().split('name="words"')[1][:80]
    assert client_as("director").post(propose, form).status_code == 302
    worker.settle()
    with use_scope(system_scope("test")):
        move = Move.objects.get(child=active)
    step = lambda event: reverse("registry:move_step", args=[move.public_id, event])  # noqa: E731
    assert "待转出方审核" in client_as("director").get(f"/children/{active.public_id}/").content.decode()
    assert client_as("county").post(step("approve"), {"reason": "同意"}).status_code == 302
    worker.settle()
    home = client_as("stranger").get("/").content.decode()
    assert f"接收转入：{active.name}" in home
    assert client_as("stranger").get(step("receive")).status_code == 200
    assert client_as("stranger").post(step("receive"), {"place": BAMBOO}).status_code == 302
    worker.settle()
    assert client_as("stranger").get(f"/children/{active.public_id}/").status_code == 200
    late = client_as("stranger").post(step("receive"), {"place": BAMBOO}, follow=True)
    assert "没有生效" in late.content.decode()


def test_the_letter_carries_no_number_and_no_address(
    client_as: Any, cast: SimpleNamespace, start: Start, active: Child
) -> None:
    move = start("", outside=True, to_place="外省某县某镇")
    page = client_as("county").get(reverse("registry:move_letter", args=[move.public_id]))
    assert "关于商请接收儿童档案的函" in page.content.decode()
    assert active.id_number not in page.content.decode()
    assert (
        client_as("stranger_county").get(reverse("registry:move_letter", args=[move.public_id])).status_code
        == 404
    )
