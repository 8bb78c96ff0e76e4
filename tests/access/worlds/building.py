"""A small district built twice from the same start: once with the hidden, once without.

The hidden is made in the middle, so that whatever comes after would show a running number that leaks. Sequences are set back
before each world; everything else is undone by the transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from hutong.config import roles
from hutong.domains.compartments.tests.factories import child, named, officer
from hutong.domains.registry.models import Child
from hutong.domains.registry.services import indexing
from hutong.domains.workforce import selectors as workforce
from hutong.domains.workforce.models import Worker
from hutong.foundation.access.acting import Acting, acting_as
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.network.models import Area, Holding, Org, Post

from ..rows import World
from .dice import Dice
from .hidden import Ids, Staff

WILLOW, STONE, FAR = "990101101201", "990101102201", "990103101201"
FAR_PLACES = (
    ("990103000000", "丁县", "county"), ("990104000000", "戊县", "county"), ("990103101000", "北镇", "township"), (FAR, "松村", "village"),
)  # fmt: skip


@dataclass
class District:
    """The cast, who works elsewhere, the keepers of all compartments, and what the route table's rows refer to."""

    cast: SimpleNamespace
    near: Staff
    far: Staff
    home: Staff
    keeper: Acting
    second: Acting
    known: Child
    world: World
    hidden: list[Ids] = field(default_factory=list)
    clients: dict[str, Client] = field(default_factory=dict)


def _post(role: str, area: str, title: str) -> Acting:
    org, _ = Org.objects.get_or_create(
        name=title[:2] + "机构", area_code=area[:6] + "000000", defaults={"kind": "MZ"}
    )
    post = Post.objects.create(org=org, role=role, area_code=area, title=title)
    user = User.objects.create(
        username=f"u{post.pk}", name=title[:3], must_change_password=False, password="!"
    )
    if role in workforce.signing_roles():
        _train(user, area)
    return acting_as(Holding.objects.create(post=post, user=user, since=date(2020, 1, 1)))


def _train(user: User, area: str) -> None:
    """Else nothing could be signed in this district (WP-20)."""
    with use_scope(system_scope("worlds")):
        Worker.objects.create(
            user=user, name=user.name, area_code=area, examined_on=date(2020, 1, 1), trained_on=date(2090, 1, 1),
            checked_on=date(2090, 1, 1), check_result="CLEAR",
        )  # fmt: skip


def district(cast: SimpleNamespace) -> District:
    """The people of three places, before any child."""
    for code, name, level in FAR_PLACES:
        parent = code[:6] + "000000" if level != "county" else "990100000000"
        Area.objects.create(code=code, name=name, level=level, parent_code=parent, path=name)
    far = Staff(
        director=_post("VILLAGE_CHILD_DIRECTOR", FAR, "松村儿童主任"),
        supervisor=_post("TOWNSHIP_CHILD_SUPERVISOR", "990103101000", "北镇儿童督导员"),
        county=_post("COUNTY_CA", "990103000000", "丁县儿童福利科"),
        second=_post("COUNTY_CA", "990103000000", "丁县复核岗"),
        elsewhere=_post("COUNTY_CA", "990104000000", "戊县儿童福利科"),
        village=FAR,
        number=1,
    )
    near = Staff(
        director=_post("VILLAGE_CHILD_DIRECTOR", STONE, "石村儿童主任"),
        supervisor=_post("TOWNSHIP_CHILD_SUPERVISOR", "990101102000", "西乡儿童督导员"),
        county=cast.county,
        second=cast.county_second,
        elsewhere=far.elsewhere,
        village=STONE,
        number=2,
    )
    home = Staff(cast.director, cast.supervisor, cast.county, cast.county_second, far.elsewhere, WILLOW, 3)
    keeper = named(cast, officer(cast, "keeper"))
    known = child(cast, 9_000, name="柳人人知")
    with use_scope(cast.county.scope):
        indexing.index([known])
    return District(cast, near, far, home, keeper, named(cast, officer(cast, "second")), known, World(cast))


@contextmanager
def built(
    cast: SimpleNamespace, dice: Dice, start: dict[str, tuple[int, bool]], folder: Path,
    hide: Callable[[District], list[Ids]] | None,
) -> Iterator[District]:  # fmt: skip
    """One world, undone afterwards."""
    set_back(start)
    settings.UPLOADS = folder
    cache.clear()
    dice.begin("world")
    with transaction.atomic():
        made = district(cast)
        if hide is not None:
            with dice.apart("hidden"):
                made.hidden = hide(made)
        yield made
        transaction.set_rollback(True)


def sequences() -> dict[str, tuple[int, bool]]:
    """Where every running number stands."""
    with _owner() as owner:
        names = owner.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'").fetchall()
        found = {}
        for (name,) in names:
            row = owner.execute(f'SELECT last_value, is_called FROM "{name}"').fetchone()
            assert row is not None
            found[name] = (row[0], row[1])
        return found


def set_back(start: dict[str, tuple[int, bool]]) -> None:
    with _owner() as owner:
        rows = [(f'"{name}"', value, called) for name, (value, called) in start.items()]
        owner.execute(
            "SELECT setval(name::regclass, value, called) FROM unnest(%s::text[], %s::bigint[], %s::boolean[]) AS one(name, value, called)",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _owner() -> Any:
    at = roles._owner_settings()
    return psycopg.connect(
        dbname=connection.settings_dict["NAME"], user=at["USER"], password=at["PASSWORD"] or None,
        host=at["HOST"] or None, port=at["PORT"] or None, autocommit=True,
    )  # fmt: skip
