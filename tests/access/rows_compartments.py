"""Rows of the compartments: the county officer of the cast is on every list, nobody else is on any."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from .rows import Row, World, some_id
from .rows_domains import READ_WRITE, child


def sealed_child(world: World) -> Any:
    """That child with the cast's county officer on every list of the compartments."""
    from hutong.foundation.access.models import COMPARTMENTS, NamedPerson
    from hutong.foundation.access.scope import use_scope
    from hutong.kernel import clock

    def make() -> Any:
        with use_scope(world.cast.county.scope):
            for one in COMPARTMENTS:
                NamedPerson.objects.create(
                    compartment=one, area_code="990101000000", user=world.cast.county.user, state="ACTIVE",
                    since=date(2020, 1, 1), proposed_by=world.cast.county_second.user, proposed_at=clock.now(),
                    confirmed_by=world.cast.security.user, reason="试",
                )  # fmt: skip
        return child(world)

    return world.once("sealed", make)


def on_the_lists(world: World) -> dict[str, Any]:
    sealed_child(world)
    return {}


def card(**more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"public_id": sealed_child(world).public_id, "compartment": "hiv"} | more


ROWS: tuple[Row, ...] = (
    # compartments: in the right place and post one still finds nothing without being on the list
    Row("compartments:mine", "sealed.view", args=on_the_lists),
    Row("compartments:finish", "sealed.view", ("POST",), args=some_id("public_id")),
    Row("compartments:card", "sealed.view", READ_WRITE, args=card(), child=True, whole=False),
    Row("compartments:add", "sealed.view", READ_WRITE, args=card(), child=True, whole=False),
    Row("compartments:whole", "sealed.view", READ_WRITE, args=card(), child=True, whole=False),
    Row("compartments:close", "sealed.view", READ_WRITE, args=card(fact_id="zzzz"), child=True, whole=False),
    Row("compartments:people", "sealed.people"),
    Row("compartments:propose", "sealed.people", READ_WRITE, fresh=True),
    Row(
        "compartments:decide",
        "sealed.people",
        ("POST",),
        args=lambda world: {"public_id": "zzzz", "event": "end"},
        fresh=True,
    ),
)
