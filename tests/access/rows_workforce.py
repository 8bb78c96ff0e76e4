"""Rows of the real-name list. The cast's director holds a post of 柳村 and is on the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .rows import Row, World

READ_WRITE = ("GET", "POST")


def worker(world: World) -> Any:
    """The director of 柳村 on the list, with an appointment, a training and a check."""
    from datetime import date

    from hutong.domains.workforce import services
    from hutong.foundation.access.scope import use_scope
    from hutong.foundation.network.models import Holding

    def make() -> Any:
        county = world.cast.county
        holding = Holding.objects.select_related("post", "user").get(pk=world.cast.director.holdings[0].pk)
        with use_scope(county.scope):
            made = services.register(holding, actor=county, name="柳主任")
            made.kept = services.add_training(  # type: ignore[attr-defined]
                made, actor=county, held_on=date(2020, 1, 1), organiser="甲县民政局"
            )
            services.add_check(
                made, actor=county, done_on=date(2020, 1, 1), result="CLEAR", done_by="甲县公安局"
            )
            return made

    return world.once("worker", make)


def worker_and(**more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"public_id": worker(world).public_id} | more


def record(world: World) -> dict[str, Any]:
    return {
        "public_id": worker(world).public_id,
        "kind": "training",
        "record_id": worker(world).kept.public_id,
    }


def appointment(world: World) -> dict[str, Any]:
    from hutong.foundation.access.scope import use_scope

    about = worker(world)
    with use_scope(world.cast.county.scope):
        one = about.appointments.get()
    return {"public_id": about.public_id, "appointment_id": one.public_id, "event": "suspend"}


def holding(world: World) -> dict[str, Any]:
    return {"public_id": world.cast.director.holdings[0].public_id}


ROWS: tuple[Row, ...] = (
    Row("workforce:index", "workforce.view"),
    Row("workforce:mine", "work.do"),
    Row("workforce:import", "workforce.keep", READ_WRITE),
    Row("workforce:template", "workforce.keep"),
    Row("workforce:hand_out", "workforce.keep", READ_WRITE, fresh=True),
    # one person of the place is found there only, like a child: strangers with the same right find nobody
    Row("workforce:register", "workforce.keep", READ_WRITE, args=holding, child=True),
    Row("workforce:worker", "workforce.view", args=worker_and(), child=True),
    Row("workforce:edit", "workforce.keep", READ_WRITE, args=worker_and(), child=True),
    Row("workforce:add", "workforce.keep", READ_WRITE, args=worker_and(kind="training"), child=True),
    Row("workforce:withdraw", "workforce.keep", READ_WRITE, args=record, child=True),
    Row("workforce:step", "workforce.keep", READ_WRITE, args=appointment, child=True),
)
