"""Real transactions: two people confirm the same change at one moment; it is carried out once."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from hutong.domains.registry.models import Child
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.adjustments import services
from hutong.foundation.adjustments.models import Adjustment, Refiled
from hutong.foundation.network.models import Area, AreaRelation
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import StatusChange
from hutong.kernel import clock

from .conftest import COUNTY, MULBERRY, SOURCE, WILLOW, Compared, decide, listed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(acts: list[Any]) -> list[str]:
    """'won', or the sentence it was told."""
    ready, told = threading.Barrier(len(acts), timeout=20), []

    def run(act: Any) -> None:
        try:
            act(ready)
            told.append("won")
        except (PermissionDenied, NotNow, services.AdjustmentRefused) as error:
            told.append(str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return told


def test_confirmed_twice_is_carried_out_once(cast: SimpleNamespace, compared: Compared, child: Child) -> None:
    made = compared({WILLOW: None})
    decide(made, cast.county, {WILLOW: ("merge", [MULBERRY])})
    with use_scope(cast.county.scope):
        services.submit(made, actor=cast.county)

    def confirm(ready: threading.Barrier) -> None:
        with use_scope(cast.county_second.scope):
            seen = Adjustment.objects.get(pk=made.pk)
            ready.wait()
            services.confirm(seen, actor=cast.county_second)

    told = at_once([confirm, confirm])
    assert sorted(one == "won" for one in told) == [False, True]
    with use_scope(system_scope("test")):
        assert StatusChange.objects.filter(machine="adjustment", event="carry_out").count() == 1
        assert AreaRelation.objects.filter(old_code=WILLOW).count() == 1
        assert Refiled.objects.filter(table="registry_child").count() == 2
        assert Child.objects.get(pk=child.pk).residence_area == MULBERRY
    assert Area.objects.get(code=WILLOW).valid_to == clock.today()


def test_confirmed_while_withdrawn_ends_one_way(
    cast: SimpleNamespace, compared: Compared, child: Child
) -> None:
    made = compared({WILLOW: None})
    decide(made, cast.county, {WILLOW: ("merge", [MULBERRY])})
    with use_scope(cast.county.scope):
        services.submit(made, actor=cast.county)

    def act(who: Any, service: Any) -> Any:
        def run(ready: threading.Barrier) -> None:
            with use_scope(who.scope):
                seen = Adjustment.objects.get(pk=made.pk)
                ready.wait()
                service(seen, actor=who, reason="清单有误")

        return run

    told = at_once([act(cast.county_second, services.confirm), act(cast.county, services.withdraw)])
    assert told.count("won") == 1
    with use_scope(system_scope("test")):
        state = Adjustment.objects.get(pk=made.pk).state
        home = Child.objects.get(pk=child.pk).residence_area
    assert (state, home) in {("APPLIED", MULBERRY), ("WITHDRAWN", WILLOW)}


def test_compared_twice_is_one_difference(cast: SimpleNamespace) -> None:
    new = listed({WILLOW: "大柳村"})

    def compare(ready: threading.Barrier) -> None:
        with use_scope(cast.county.scope):
            ready.wait()
            services.compare(
                actor=cast.county, listed=new, digest="", within=COUNTY, title="", source=SOURCE,
                effective_on=clock.today(),
            )  # fmt: skip

    told = at_once([compare, compare])
    assert told.count("won") == 1
    with use_scope(system_scope("test")):
        assert Adjustment.objects.count() == 1
