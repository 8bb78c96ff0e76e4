"""A village with files in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.domains.registry import services
from hutong.domains.registry.models import Child
from hutong.foundation.access.scope import use_scope
from hutong.kernel import ids

WILLOW = "990101101201"
BORN = date(2015, 3, 12)
X_BORN = date(2013, 1, 2)


def facts(**changes: Any) -> dict[str, Any]:
    return {
        "name": "单小禾", "sex": 2, "birth_date": BORN, "id_number": ids.make("500199", BORN, 12),
        "hukou_area": WILLOW, "residence_area": WILLOW, "lives_with": "grandparents",
    } | changes  # fmt: skip


@pytest.fixture
def make(cast: SimpleNamespace) -> Callable[..., Child]:
    """``make(name=…, order=…, born=…)``: a file made by the village's director (or ``actor``)."""

    def made(*, actor: Any = None, order: int = 12, born: date = BORN, **changes: Any) -> Child:
        who = actor or cast.director
        given = (
            facts(birth_date=born, sex=1 if order % 2 else 2, id_number=ids.make("500199", born, order))
            | changes
        )
        with use_scope(who.scope):
            return services.create_child(actor=who, facts=given)

    return made


@pytest.fixture
def child(make: Callable[..., Child]) -> Child:
    return make()
