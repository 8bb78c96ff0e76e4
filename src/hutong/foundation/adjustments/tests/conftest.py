"""A list against the small world, decided and confirmed by two persons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.domains.registry import services as registry
from hutong.domains.registry.models import Child
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.adjustments import services
from hutong.foundation.adjustments.models import Adjustment
from hutong.foundation.network.models import Area
from hutong.foundation.workflow import worker
from hutong.kernel import areas, clock, ids

COUNTY, EAST, WILLOW, MULBERRY = "990101000000", "990101101000", "990101101201", "990101101202"
STONE, NEW_VILLAGE, OTHER_VILLAGE = "990101102201", "990101101203", "990101101204"
BORN = date(2015, 3, 12)
SOURCE = "示例市区划〔2026〕1 号"

Compared = Callable[..., Adjustment]


def listed(changes: Mapping[str, str | None], within: str = COUNTY) -> dict[str, str]:
    """The places in force in ``within`` with ``changes`` over them; None takes one out."""
    lo, hi = areas.bounds(within)
    rows = Area.objects.filter(code__gte=lo, code__lt=hi, valid_to__isnull=True)
    names: dict[str, str | None] = {**dict(rows.values_list("code", "name")), **changes}
    return {code: name for code, name in names.items() if name is not None}


@pytest.fixture
def compared(cast: SimpleNamespace) -> Compared:
    """``compared({code: name or None}, on=day)``: the difference, written down by the county."""

    def made(changes: Mapping[str, str | None], *, on: date | None = None, actor: Any = None) -> Adjustment:
        who = actor or cast.county
        with use_scope(who.scope):
            return services.compare(
                actor=who, listed=listed(changes), digest="0" * 64, within=COUNTY, title="", source=SOURCE,
                effective_on=on or clock.today(),
            )  # fmt: skip

    return made


def decide(adjustment: Adjustment, who: Any, decisions: Mapping[str, tuple[str, list[str]]]) -> None:
    """The rows named as said, the plain rest at once."""
    with use_scope(who.scope):
        for code, (decision, targets) in decisions.items():
            row = adjustment.rows.select_related("adjustment").get(area_code=code)
            services.decide(row, actor=who, decision=decision, targets=targets)
        services.accept_plain(adjustment, actor=who)


@pytest.fixture
def changed(cast: SimpleNamespace, compared: Compared) -> Compared:
    """``changed({…}, {code: (decision, targets)})``: compared, decided, submitted, confirmed by the second, followed."""

    def done(
        changes: Mapping[str, str | None], decisions: Mapping[str, tuple[str, list[str]]], **more: Any
    ) -> Adjustment:
        made = compared(changes, **more)
        decide(made, cast.county, decisions)
        with use_scope(cast.county.scope):
            services.submit(made, actor=cast.county)
        with use_scope(cast.county_second.scope):
            services.confirm(made, actor=cast.county_second)
        worker.settle()
        return made

    return done


@pytest.fixture
def child(cast: SimpleNamespace) -> Child:
    """A file of 柳村 made by its director."""
    facts = {
        "name": "单小禾", "sex": 2, "birth_date": BORN, "id_number": ids.make("500199", BORN, 12),
        "hukou_area": WILLOW, "residence_area": WILLOW, "lives_with": "grandparents",
    }  # fmt: skip
    with use_scope(cast.director.scope):
        made = registry.create_child(actor=cast.director, facts=facts)
    with use_scope(system_scope("test")):
        Child.objects.filter(pk=made.pk).update(state="ACTIVE")
        made.refresh_from_db()
    return made
