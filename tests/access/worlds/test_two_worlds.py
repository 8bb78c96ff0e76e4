"""Two worlds that differ in what is hidden answer alike to everybody who may not know it (N10; TM-01, TM-11; R-46.02)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.foundation.access.models import COMPARTMENTS

from ..routes import ROWS
from ..walking import walk
from . import asking, hidden, raw
from .building import District, built
from .dice import Dice
from .hidden import Ids

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_every_address_that_names_something_is_asked_for_something_hidden() -> None:
    """A new route with an id gets its line in ``asking.NAMED_BY``, so that both worlds are asked for it."""
    with_ids = {route.name for route in walk() if "<" in route.pattern} & {row.name for row in ROWS}
    known = {name for routes in asking.NAMED_BY.values() for name in routes} | asking.NOT_OF_A_CHILD
    assert {name for name in with_ids - known if name.partition(":")[0] not in asking.OF_THE_SERVICE} == set()


def far_and_sealed(district: District) -> list[Ids]:
    """A place where nobody of the cast works; files of the cast's own village sealed in each compartment; sealed facts."""
    homes = [replace(district.home, number=3 + at) for at in range(len(COMPARTMENTS))]
    first, *others = [
        hidden.sealed(home, one, district.keeper) for home, one in zip(homes, COMPARTMENTS, strict=True)
    ]
    return [
        hidden.of_place(district.far),
        first,
        *({kind: ids[kind] for kind in ("child", "lead", "matter")} for ids in others),
        hidden.facts_about(district.known, district.keeper, district.second),
    ]


def next_door(district: District) -> list[Ids]:
    """A village of another township of the same county: the county's own people know of it, nobody else."""
    return [hidden.of_place(district.near)]


OVER_THE_PLACE = {far_and_sealed: {"sysadmin"}, next_door: {"clerk", "security", "sysadmin"}}
WHO = pytest.mark.parametrize(
    ("hide", "members"),
    [
        (far_and_sealed, asking.MEMBERS),
        (next_door, ("director", "supervisor", "clerk", "security", "sysadmin", "stranger_county")),
    ],
)


@WHO
def test_row_security_alone_shows_the_same_rows(
    hide: Callable[[District], list[Ids]], members: tuple[str, ...], cast: SimpleNamespace, dice: Dice, start: Any,
    tmp_path: Path, settings: Any,
) -> None:  # fmt: skip
    """No filter of the ORM, no selector, no right: every table as PostgreSQL gives it to each scope (ADR 0002).

    Rows follow the place, rights the role: who is set over the place without a right sees rows and no page of them.
    """
    members = tuple(one for one in members if one not in OVER_THE_PLACE[hide])
    with built(cast, dice, start, tmp_path / "with", hide) as district:
        asking.addresses([], district.world, dice)
        with_it = raw.tables(district.cast, members)
    with built(cast, dice, start, tmp_path / "without", None) as district:
        asking.addresses([], district.world, dice)
        without = raw.tables(district.cast, members)
    wrong = raw.differences(with_it, without)
    assert not wrong, f"{len(wrong)} rows differ:\n" + "\n".join(wrong[:60])


def in_sight(district: District) -> list[Ids]:
    return [hidden.of_children(replace(district.home, number=8))[0]]


def test_the_harness_finds_what_is_not_hidden(
    cast: SimpleNamespace, dice: Dice, start: Any, tmp_path: Path, settings: Any
) -> None:
    """The same files neither sealed nor elsewhere: pages and rows differ at once."""
    with built(cast, dice, start, tmp_path / "with", in_sight) as district:
        pages = (
            "registry:child",
            "leads:lead",
            "leads:all",
            "registry:pairs",
            "web:home",
            "documents:download",
        )
        at = {name: asking.addresses(district.hidden, district.world, dice)[name] for name in pages}
        asked = list(asking.questions(at, ("director",), asked_for=()))
        with_it, rows_with = asking.ask(district, dice, asked), raw.tables(district.cast, ("director",))
    with built(cast, dice, start, tmp_path / "without", None) as district:
        asking.addresses([], district.world, dice)
        without, rows_without = asking.ask(district, dice, asked), raw.tables(district.cast, ("director",))
    told = "\n".join(asking.differences(with_it, without))
    assert [name for name in pages if at[name][-1] not in told] == []
    tables = {line.split()[3] for line in raw.differences(rows_with, rows_without)}
    assert {"registry_child:", "leads_lead:", "documents_document:", "audit_change:"} <= tables


@WHO
def test_both_worlds_answer_alike(
    hide: Callable[[District], list[Ids]], members: tuple[str, ...], cast: SimpleNamespace, dice: Dice, start: Any,
    tmp_path: Path, settings: Any,
) -> None:  # fmt: skip
    with built(cast, dice, start, tmp_path / "with", hide) as district:
        at = asking.addresses(district.hidden, district.world, dice)
        asked = list(asking.questions(at, members))
        ids = district.hidden
        with_it = asking.ask(district, dice, asked)
    with built(cast, dice, start, tmp_path / "without", None) as district:
        assert asking.addresses(ids, district.world, dice) == at
        without = asking.ask(district, dice, asked)
    assert len(asked) > 1000
    wrong = asking.differences(with_it, without)
    assert not wrong, f"{len(wrong)} of {len(asked)} answers differ:\n" + "\n".join(wrong[:40])
