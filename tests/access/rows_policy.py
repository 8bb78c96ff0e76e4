"""Rows of policy scenarios: one of the county of the cast, drafted by its officer and computed over the child of the world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from .rows import Row, World

READ_WRITE = ("GET", "POST")


def scenario(**more: Any) -> Callable[[World], dict[str, Any]]:
    """The address of a scenario of the county, with its figures."""

    def make(world: World) -> Any:
        from hutong.domains.policy import services
        from hutong.domains.policy.services import computing
        from hutong.foundation.access.scope import use_scope

        who = world.cast.county
        with use_scope(who.scope):
            made = services.create(actor=who, title="试算", month=date(2026, 11, 1), source="征求意见稿")
            services.add_line(
                made, actor=who, key="child_age", value=10, start=date(2026, 11, 1), source="征求意见稿"
            )
            computing.compute(made, actor=who)
        return made

    return lambda world: {"public_id": world.once("scenario", lambda: make(world)).public_id} | more


SCENARIOS: tuple[Row, ...] = (
    Row("policy:scenarios", "policy.simulate"),
    Row("policy:scenario_new", "policy.simulate", READ_WRITE),
    Row("policy:scenario_compare", "policy.simulate"),
    Row("policy:scenario", "policy.simulate", args=scenario()),
    Row("policy:scenario_line", "policy.simulate", READ_WRITE, args=scenario()),
    Row("policy:scenario_remove_line", "policy.simulate", ("POST",), args=scenario()),
    Row("policy:scenario_rules", "policy.simulate", READ_WRITE, args=scenario()),
    Row("policy:scenario_compute", "policy.simulate", ("POST",), args=scenario()),
    Row("policy:scenario_copy", "policy.simulate", ("POST",), args=scenario()),
    Row("policy:scenario_take", "policy.simulate", READ_WRITE, args=scenario(), fresh=True),
    Row("policy:scenario_places", "policy.simulate", args=scenario()),
    Row("policy:scenario_step", "policy.simulate", READ_WRITE, args=scenario(event="withdraw"), fresh=True),
)
