"""Both worlds stand on the same day, and start from the same running numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from hutong.kernel import clock

from . import dice as chance
from .building import sequences


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with clock.frozen(date(2026, 10, 12)):
        yield


@pytest.fixture
def dice() -> Iterator[chance.Dice]:
    with chance.loaded() as made:
        yield made


@pytest.fixture
def start(db: Any) -> dict[str, tuple[int, bool]]:
    return sequences()
