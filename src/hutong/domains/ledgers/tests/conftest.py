"""A county with children on its ledgers, and files read back."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from hutong.domains.registry.models import Child, Kinship, Person, RollEntry
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import worker
from hutong.kernel import clock, ids

WILLOW, MULBERRY, STONE, BAMBOO = "990101101201", "990101101202", "990101102201", "990102101201"
TODAY = date(2026, 10, 12)
BORN = date(2015, 3, 12)
WORDS = "入户走访前核对名单，用后销毁"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def make(cast: SimpleNamespace) -> Callable[..., Child]:
    """``make(12, area, scheme=…, name=…)``: so many registered children, with a mother who has a telephone."""

    def made(number: int = 1, area: str = WILLOW, *, scheme: str = "", **facts: Any) -> Any:
        found = []
        with use_scope(system_scope("test")):
            for _ in range(number):
                found.append(one(area, scheme, facts))
        return found[0] if number == 1 else found

    def one(area: str, scheme: str, facts: dict[str, Any]) -> Child:
        made.count += 1  # type: ignore[attr-defined]
        at = made.count  # type: ignore[attr-defined]
        values = {
            "file_no": f"H990101{at:07d}", "name": f"柳小{chr(0x4E00 + at)}", "sex": 1, "birth_date": BORN, "state": "ACTIVE",
            "hukou_area": area, "residence_area": area, "name_pinyin": f"liuxiao{at:04d}", "id_kind": "RESIDENT",
        } | facts  # fmt: skip
        child = Child(**values)
        child.seal_id(ids.make("500199", BORN, at * 2 + 1))
        child.save(force_insert=True)
        mother = Person(name=f"李春{chr(0x4E00 + at)}", sex=2)
        mother.phone = f"138{at:08d}"
        mother.save(force_insert=True)
        Kinship.objects.create(child=child, person=mother, relation="mother")
        if scheme:
            RollEntry.objects.create(child=child, scheme=scheme, since=date(2025, 1, 1), monthly=165100)
        return child

    made.count = 0  # type: ignore[attr-defined]
    return made


def sheet_rows(content: bytes, name: str | None = None) -> list[list[str]]:
    """Every cell of a workbook's first sheet, as read by somebody else's reader."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_name(name or book.sheet_names[0]).to_python(skip_empty_area=False)


def settle() -> None:
    worker.settle()
