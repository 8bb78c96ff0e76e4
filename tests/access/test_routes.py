"""Access, generated from the URL table × roles × own and other child (issue D.20; TM-13; R-46.01)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hutong.foundation.accounts import rights

from .routes import OWN, PUBLIC, ROWS, THIRD, Row, World
from .walking import Route, walk

ROUTES = {route.name: route for route in walk()}
TABLE = {row.name: row for row in ROWS}
GUARDED = [row for row in ROWS if row.right not in (PUBLIC, OWN, THIRD)]
BASELINES = Path(__file__).with_name("query_counts.json")
UPDATE = os.environ.get("HUTONG_UPDATE_QUERY_COUNTS") == "1"
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
TURNED_AWAY = 404
ROLE_OF = {
    "director": "VILLAGE_CHILD_DIRECTOR", "supervisor": "TOWNSHIP_CHILD_SUPERVISOR", "county": "COUNTY_CA",
    "clerk": "DEPT_CLERK", "auditor": "AUDITOR", "security": "SECURITY_ADMIN", "sysadmin": "SYS_ADMIN",
}  # fmt: skip


def ids(row: Row) -> str:
    return row.name


@pytest.fixture
def world(cast: SimpleNamespace) -> World:
    return World(cast)


def address(row: Row, world: World) -> str:
    return reverse(row.name, kwargs=row.args(world) or None)


def ask(client: Client, method: str, url: str) -> Any:
    return client.generic(method, url)


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    missing, stale = sorted(set(ROUTES) - set(TABLE)), sorted(set(TABLE) - set(ROUTES))
    suggestions = "\n".join(
        f'    Row("{name}", {ROUTES[name].right!r}, …),   # {ROUTES[name].pattern}' for name in missing
    )
    assert not missing, (
        f"add these to ROWS in tests/access/routes.py (its first lines say how):\n{suggestions}"
    )
    assert not stale, f"rows in tests/access/routes.py without a route: {stale}"
    assert len(TABLE) == len(ROWS), "a route has two rows in tests/access/routes.py"


@pytest.mark.parametrize("row", ROWS, ids=ids)
def test_the_row_says_the_right_the_view_says(row: Row) -> None:
    route: Route | None = ROUTES.get(row.name)
    if route is None or not route.ours:
        assert row.right in (PUBLIC, OWN, THIRD), "third-party pages have no right of ours"
        return
    assert route.right != "unsaid", f"{row.name}: decorate the view with @needs(…) or @public"
    assert row.right == route.right
    assert row.right in (None, PUBLIC) or row.right in rights.RIGHTS


@pytest.mark.parametrize("row", [row for row in ROWS if row.right != PUBLIC], ids=ids)
def test_nobody_enters_without_signing_in(row: Row, world: World) -> None:
    for method in row.methods:
        answer = ask(Client(), method, address(row, world))
        assert answer.status_code == 302, f"{method} answered {answer.status_code}"
        assert "/account/login/" in answer["Location"]


@pytest.mark.parametrize("row", [row for row in GUARDED if row.right], ids=ids)
def test_roles_without_the_right_find_nothing(row: Row, world: World, client_as: Any) -> None:
    url = address(row, world)
    for member, role in ROLE_OF.items():
        if not rights.has(role, str(row.right)):
            for method in row.methods:
                status = ask(client_as(member), method, url).status_code
                assert status == TURNED_AWAY, (
                    f"{member} lacks {row.right}, yet {method} {row.name} answered {status}"
                )


@pytest.mark.parametrize("row", [row for row in GUARDED if row.child], ids=ids)
def test_the_stranger_finds_nothing_of_the_child(row: Row, world: World, client_as: Any) -> None:
    """The same right next door: the child, and whatever hangs on it, does not exist."""
    url = address(row, world)
    for member in ("stranger", "stranger_county"):
        for method in row.methods:
            status = ask(client_as(member), method, url).status_code
            assert status == TURNED_AWAY, f"{member}: {method} {row.name} answered {status}"


@pytest.mark.parametrize("row", [row for row in GUARDED if row.right and "GET" in row.methods], ids=ids)
def test_whoever_holds_the_right_in_the_place_enters(row: Row, world: World, client_as: Any) -> None:
    url = address(row, world)
    holders = [member for member, role in ROLE_OF.items() if rights.has(role, str(row.right))]
    statuses = {member: client_as(member).get(url).status_code for member in holders}
    allowed = {200, 302} if row.args(world) == {} or row.child else {200, 302, 404}
    assert set(statuses.values()) <= allowed, statuses
    if allowed == {200, 302}:
        assert statuses, f"no role of the cast holds {row.right}"


@pytest.mark.parametrize("row", GUARDED, ids=ids)
def test_other_methods_are_refused(row: Row, world: World, client_as: Any) -> None:
    member = next(
        (one for one, role in ROLE_OF.items() if row.right is None or rights.has(role, row.right)), None
    )
    if member is None:
        pytest.fail(f"no role of the cast holds {row.right}")
    client = client_as(member)
    for method in set(METHODS) - set(row.methods):
        status = ask(client, method, address(row, world)).status_code
        assert status in (404, 405), (
            f"{method} {row.name} answered {status}: add @require_safe, @require_POST or …"
        )


def test_query_counts_stay_at_their_baseline(world: World, client_as: Any) -> None:
    """One page, one number. Update with HUTONG_UPDATE_QUERY_COUNTS=1 after looking at why it moved."""
    from django.db import connection

    counted: dict[str, int] = {}
    for row in GUARDED:
        if "GET" not in row.methods:
            continue
        member = next(
            one for one, role in ROLE_OF.items() if row.right is None or rights.has(role, row.right)
        )
        client, url = client_as(member), address(row, world)
        client.get(url)  # content types, first session save
        with CaptureQueriesContext(connection) as queries:
            status = client.get(url).status_code
        if status == 200:
            counted[row.name] = len(queries)
    if UPDATE:
        BASELINES.write_text(json.dumps(counted, indent=2, sort_keys=True) + "\n")
    known: dict[str, int] = json.loads(BASELINES.read_text()) if BASELINES.exists() else {}
    grown = {
        name: (known[name], count) for name, count in counted.items() if name in known and count > known[name]
    }
    unknown = sorted(set(counted) - set(known))
    assert not grown, f"more queries than before (was, is): {grown}"
    assert not unknown, f"pages without a baseline; run with HUTONG_UPDATE_QUERY_COUNTS=1: {unknown}"
