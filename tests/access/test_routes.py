"""Access, generated from the URL table × roles × own and other child (issue D.20; TM-13; R-46.01).

Each test goes through all rows at once and names every route that fails: building the cast anew for each of several
hundred pairs would take minutes.
"""

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
from hutong.foundation.accounts.tests.signing_in import grow_old

from .routes import KEY, OWN, PUBLIC, ROWS, THIRD, Row, World
from .walking import walk

ROUTES = {route.name: route for route in walk()}
TABLE = {row.name: row for row in ROWS}
GUARDED = [row for row in ROWS if row.right not in (PUBLIC, OWN, THIRD, KEY) and row.name in ROUTES]
BASELINES = Path(__file__).with_name("query_counts.json")
UPDATE = os.environ.get("HUTONG_UPDATE_QUERY_COUNTS") == "1"
NOT_FOUND, NOT_ALLOWED, BROKEN = 404, 405, 500
ROLE_OF = {
    "director": "VILLAGE_CHILD_DIRECTOR", "supervisor": "TOWNSHIP_CHILD_SUPERVISOR", "county": "COUNTY_CA",
    "clerk": "DEPT_CLERK", "auditor": "AUDITOR", "security": "SECURITY_ADMIN", "sysadmin": "SYS_ADMIN",
}  # fmt: skip


@pytest.fixture(autouse=True)
def with_identity_provider(settings: Any, tmp_path: Path) -> None:
    """One that does not answer: its addresses exist, and who may enter them is asked first."""
    (tmp_path / "secret").write_text("secret")
    settings.OIDC_ISSUER, settings.OIDC_CLIENT = "http://127.0.0.1:1", "hutong"
    settings.OIDC_NAME, settings.OIDC_SECRET_FILE = "统一身份认证", str(tmp_path / "secret")


class Asking:
    """The site as the members of the cast meet it; one client each."""

    def __init__(self, world: World, client_as: Any) -> None:
        self.world = world
        self._client_as = client_as
        self._clients: dict[str, Client] = {}

    def client(self, member: str) -> Client:
        if member not in self._clients:
            client = self._client_as(member) if member else Client()
            client.raise_request_exception = False
            self._clients[member] = client
        return self._clients[member]

    def address(self, row: Row) -> str:
        return reverse(row.name, kwargs=row.args(self.world) or None)

    def answer(self, member: str, method: str, row: Row) -> Any:
        return self.client(member).generic(method, self.address(row))

    def status(self, member: str, method: str, row: Row) -> int:
        return int(self.answer(member, method, row).status_code)


@pytest.fixture
def asking(cast: SimpleNamespace, client_as: Any) -> Asking:
    return Asking(World(cast), client_as)


def holders(row: Row) -> list[str]:
    return [member for member, role in ROLE_OF.items() if row.right is None or rights.has(role, row.right)]


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    missing, stale = sorted(set(ROUTES) - set(TABLE)), sorted(set(TABLE) - set(ROUTES))
    suggestions = "\n".join(
        f'    Row("{name}", {ROUTES[name].right!r}, …),   # {ROUTES[name].pattern}' for name in missing
    )
    assert not missing, (
        f"add these to tests/access/rows_*.py (how: the first lines of rows.py):\n{suggestions}"
    )
    assert not stale, f"rows in tests/access/rows_*.py without a route: {stale}"
    assert len(TABLE) == len(ROWS), "a route has two rows"


def test_the_rows_say_the_rights_the_views_say() -> None:
    wrong = []
    for row in ROWS:
        route = ROUTES.get(row.name)
        if route is None or not route.ours:
            continue
        if route.right == "unsaid":
            wrong.append(f"{row.name}: decorate the view with @needs(…) or @public")
        elif row.right != route.right or not (row.right in (None, PUBLIC, KEY) or row.right in rights.RIGHTS):
            wrong.append(f"{row.name}: the row says {row.right!r}, the view {route.right!r}")
    assert not wrong, "\n".join(wrong)


def test_the_rows_say_where_the_views_ask_once_more() -> None:
    wrong = [
        f"{row.name}: the row says fresh={row.fresh}, the view {route.fresh}"
        for row in ROWS
        if (route := ROUTES.get(row.name)) is not None and row.fresh != bool(route.fresh)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_act_that_reaches_far_asks_once_more() -> None:
    acts = [row for row in ROWS if row.right in rights.STEP_UP and "POST" in row.methods]
    assert acts
    assert [row.name for row in acts if not row.fresh] == [], "put @fresh below @needs (ADR 0025)"


def test_an_old_session_is_asked_before_a_form_and_instead_of_an_act(asking: Asking) -> None:
    """Nothing is done, whoever it is: the answer is the same whether the thing exists or not."""
    wrong = []
    for row in (row for row in GUARDED if row.fresh):
        member = holders(row)[0]
        grow_old(asking.client(member))
        if ROUTES[row.name].fresh is True and "GET" in row.methods:
            answer = asking.answer(member, "GET", row)
            if answer.status_code != 302 or "/account/reauthenticate/?next=" not in answer["Location"]:
                wrong.append(f"GET {row.name} answered {answer.status_code}")
        status = asking.status(member, "POST", row)
        if ROUTES[row.name].fresh is True and status != 403:
            wrong.append(f"POST {row.name} answered {status}")
    assert not wrong, "\n".join(wrong)


def test_third_party_pages_carry_no_right_of_ours() -> None:
    named = {row.name for row in ROWS if row.name in ROUTES and not ROUTES[row.name].ours}
    assert {name for name in named if TABLE[name].right not in (PUBLIC, OWN, THIRD)} == set()


def test_nobody_enters_without_signing_in(asking: Asking) -> None:
    entered = []
    for row in ROWS:
        for method in row.methods if row.right != PUBLIC and row.name in ROUTES else ():
            answer = asking.answer("", method, row)
            if row.right == KEY:  # the door knows no sessions and no sign-in page
                entered += [] if answer.status_code == 401 else [f"{method} {row.name}: {answer.status_code}"]
            elif answer.status_code != 302 or "/account/login/" not in answer["Location"]:
                entered.append(f"{method} {row.name} answered {answer.status_code}")
    assert not entered, "\n".join(entered)


def test_no_session_opens_the_departments_door(asking: Asking) -> None:
    """Whatever an official may do on a page: only a signature with an approved key enters there."""
    rows = [row for row in ROWS if row.right == KEY]
    entered = [
        f"{member}: {method} {row.name} answered {status}"
        for row in rows
        for member in ROLE_OF
        for method in row.methods
        if (status := asking.status(member, method, row)) != 401
    ]
    assert len(rows) > 30
    assert not entered, "\n".join(entered)


def test_roles_without_the_right_find_nothing(asking: Asking) -> None:
    found = []
    for row in GUARDED:
        for member in ROLE_OF.keys() - set(holders(row)):
            for method in row.methods:
                status = asking.status(member, method, row)
                if status != NOT_FOUND:
                    found.append(f"{member} lacks {row.right}, yet {method} {row.name} answered {status}")
    assert not found, "\n".join(found)


def test_the_stranger_finds_nothing_of_the_child(asking: Asking) -> None:
    """The same rights next door: the child, and whatever hangs on it, does not exist."""
    found = []
    for row in (row for row in GUARDED if row.child):
        for member in ("stranger", "stranger_county"):
            for method in row.methods:
                status = asking.status(member, method, row)
                if status != NOT_FOUND:
                    found.append(f"{member}: {method} {row.name} answered {status}")
    assert not found, "\n".join(found)


def test_whoever_holds_the_right_in_the_place_enters(asking: Asking) -> None:
    kept_out = []
    for row in (row for row in GUARDED if "GET" in row.methods):
        exists = row.args(asking.world) == {} or (row.child and row.whole)
        few = {*holders(row)[:1], *holders(row)[-1:]}  # the narrowest and the widest who may
        statuses = {member: asking.status(member, "GET", row) for member in sorted(few)}
        if not statuses:
            kept_out.append(f"{row.name}: no role of the cast holds {row.right}")
        kept_out += [
            f"{member}: GET {row.name} answered {status}"
            for member, status in statuses.items()
            if status not in ((200, 302) if exists else (200, 302, NOT_FOUND))
        ]
    assert not kept_out, "\n".join(kept_out)


def test_no_browser_keeps_a_page(asking: Asking) -> None:
    """Whoever sits down at the same machine next finds nothing by going back or on the disk (TM-03, TM-12)."""
    kept = []
    for row in (row for row in GUARDED if "GET" in row.methods):
        answer = asking.answer(holders(row)[0], "GET", row)
        if "no-store" not in answer.headers.get("Cache-Control", ""):
            kept.append(f"{row.name} answered {answer.status_code} without no-store")
    assert not kept, "\n".join(kept)


def test_nothing_is_changed_by_following_a_link(asking: Asking) -> None:
    """A route that does not list GET refuses it; no method at all breaks a page."""
    wrong = []
    for row in GUARDED:
        for method in {"GET", "DELETE"} - set(row.methods):
            status = asking.status(next(iter(holders(row)), "county"), method, row)
            if status >= BROKEN or (method == "GET" and status not in (NOT_FOUND, NOT_ALLOWED)):
                wrong.append(
                    f"{method} {row.name} answered {status}: add @require_POST or @require_safe to the view"
                )
    assert not wrong, "\n".join(wrong)


def test_query_counts_stay_at_their_baseline(asking: Asking) -> None:
    """One page, one number. Update with HUTONG_UPDATE_QUERY_COUNTS=1 after looking at why it moved."""
    from django.db import connection

    counted: dict[str, int] = {}
    for row in (row for row in GUARDED if "GET" in row.methods):
        member = next(iter(holders(row)), "county")
        asking.answer(member, "GET", row)  # content types, first session save
        with CaptureQueriesContext(connection) as queries:
            status = asking.status(member, "GET", row)
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
