"""Leaving with a reason and an approver who is not the one who asked; back again; archived after a year (R-03.07)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hutong.domains.registry import services, tasks
from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import Child, Exit
from hutong.domains.registry.services import errors
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import WorkItem
from hutong.kernel import clock

from .test_moves import BAMBOO, Start, active, start

_ = (active, start)
Ask = Callable[..., Exit]


@pytest.fixture
def ask(cast: SimpleNamespace, active: Child) -> Ask:
    def asked(actor: Any = None, reason: str = "AGE") -> Exit:
        who = actor or cast.supervisor
        with use_scope(who.scope):
            return services.exits.request(active, actor=who, close_reason=reason, reason="已满十八周岁")

    return asked


@pytest.mark.parametrize("reason", sorted(wording.CLOSE_REASONS))
def test_every_reason_closes_with_its_approver(
    cast: SimpleNamespace, ask: Ask, active: Child, reason: str
) -> None:
    leaving = ask(reason=reason)
    with use_scope(cast.county.scope):
        services.exits.approve(leaving, actor=cast.county, reason="材料齐全")
        child = Child.objects.get(pk=active.pk)
        assert (child.state, child.close_reason) == ("CLOSED", reason)
        assert Exit.objects.get().approver_label == cast.county.label
        assert not WorkItem.objects.filter(closed_at__isnull=True, kind="registry.close").exists()


def test_the_one_who_asked_does_not_approve(cast: SimpleNamespace, ask: Ask, client_as: Any) -> None:
    leaving = ask(cast.county)
    with use_scope(cast.county.scope):
        assert WorkItem.objects.get(kind="registry.close").owner_post == cast.county_second.post
        with pytest.raises(PermissionDenied, match="不能审核同一次退出"):
            services.exits.approve(leaving, actor=cast.county)
    address = reverse("registry:exit_step", args=[leaving.public_id, "approve"])
    assert client_as("county").get(address).status_code == 404
    assert client_as("supervisor").get(address).status_code == 404
    assert client_as("stranger_county").get(address).status_code == 404
    assert client_as("county_second").post(address, {}).status_code == 302
    with use_scope(cast.county.scope):
        assert Exit.objects.get().state == "APPROVED"


def test_the_file_cannot_be_closed_around_the_request(cast: SimpleNamespace, active: Child, ask: Ask) -> None:
    with use_scope(cast.county.scope):
        with pytest.raises(NotNow, match="先提请"):
            workflow.apply(active, "close", actor=cast.county, reason="直接退出")
        leaving = ask()
        with pytest.raises(NotNow, match="先提请"):
            workflow.apply(active, "close", actor=cast.county, reason="直接", data={"exit": leaving.pk})


def test_sent_back_mended_and_approved(cast: SimpleNamespace, ask: Ask) -> None:
    leaving = ask()
    with use_scope(cast.county.scope):
        with pytest.raises(errors.Refused, match="补正什么"):
            services.exits.send_back(leaving, actor=cast.county, reason="")
        services.exits.send_back(leaving, actor=cast.county, reason="缺户口簿")
    with use_scope(cast.supervisor.scope):
        assert WorkItem.objects.get(kind="registry.close_mend").owner_post == cast.supervisor.post
        services.exits.request_again(leaving, actor=cast.supervisor, reason="户口簿已附")
    with use_scope(cast.county.scope):
        services.exits.approve(leaving, actor=cast.county)
        assert leaving.state == "APPROVED"


def test_withdrawn_it_goes_on(cast: SimpleNamespace, ask: Ask, active: Child) -> None:
    leaving = ask()
    with use_scope(cast.supervisor.scope):
        services.exits.withdraw(leaving, actor=cast.supervisor, reason="情形仍在")
        assert Child.objects.get(pk=active.pk).state == "ACTIVE"
    assert ask().state == "REQUESTED"


def test_not_while_moving_and_no_move_while_leaving(cast: SimpleNamespace, ask: Ask, start: Start) -> None:
    ask()
    with pytest.raises(errors.Refused, match="已提请退出"):
        start(BAMBOO)
    with pytest.raises(errors.Refused, match="已提请退出"):
        ask()


def test_no_exit_is_asked_for_during_a_move(ask: Ask, start: Start) -> None:
    start(BAMBOO)
    with pytest.raises(errors.Refused, match="正在办理转移"):
        ask()


def test_reopened_with_words_and_archived_after_a_year(
    cast: SimpleNamespace, ask: Ask, active: Child
) -> None:
    with clock.frozen(date(2025, 3, 10)):
        leaving = ask()
        with use_scope(cast.county.scope):
            services.exits.approve(leaving, actor=cast.county)
    with use_scope(cast.county.scope):
        child = Child.objects.get(pk=active.pk)
        with clock.frozen(date(2025, 6, 1)):
            with pytest.raises(errors.Refused, match="写明原因"):
                services.reopen(child, actor=cast.county, reason="")
            services.reopen(child, actor=cast.county, reason="情形复发")
            assert (child.state, child.close_reason) == ("ACTIVE", "")
    with clock.frozen(date(2025, 8, 1)):
        again = ask(reason="RECOVERED")
        with use_scope(cast.county.scope):
            services.exits.approve(again, actor=cast.county)
    with clock.frozen(date(2026, 7, 31)):
        assert tasks.archive_old_files() == 0, "the year runs from the last closing"
    with clock.frozen(date(2026, 8, 1)):
        assert tasks.archive_old_files() == 1
        assert tasks.archive_old_files() == 0
    with use_scope(system_scope("test")):
        assert Child.objects.get(pk=active.pk).state == "ARCHIVED"
