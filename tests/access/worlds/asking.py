"""Every route asked by every role that has no right to the hidden, and the answers laid side by side (TM-01, TM-11, TM-13)."""

from __future__ import annotations

import difflib
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from hutong.foundation.accounts import rights
from hutong.foundation.accounts.tests.signing_in import signed_in

from ..routes import KEY, OWN, PUBLIC, ROWS, THIRD, Row, World
from .building import District
from .dice import Dice
from .hidden import Ids

MEMBERS = ("director", "supervisor", "county", "clerk", "auditor", "security", "sysadmin")
NOBODY = ""

# kind of hidden thing → the routes whose address names one; further parts of the address after it
NAMED_BY: dict[str, dict[str, dict[str, Any]]] = {
    "child": {
        "registry:child": {}, "registry:reason": {}, "registry:viewers": {}, "registry:edit": {"part": "identity"},
        "registry:add": {"section": "kin"}, "registry:propose": {}, "registry:propose_move": {},
        "registry:step": {"event": "close"}, "registry:assign_place": {}, "policy:child": {}, "policy:letter": {}, "policy:replay": {}, "policy:keep": {}, "policy:decision": {"decision": "zzzz"}, "ledgers:paper": {"code": "difficulty"},
        "ledgers:paper_file": {"code": "difficulty"}, "compartments:card": {"compartment": "hiv"},
        "compartments:add": {"compartment": "hiv"}, "outreach:child": {}, "compartments:whole": {"compartment": "adoption"},
    },
    "draft": {"registry:child": {}, "registry:step": {"event": "register"}},
    "child+fact": {"registry:correct": {}, "compartments:close": {"compartment": "hiv"}},
    "child+kin": {"registry:end_kin": {"relation": "mother"}},
    "proposal": {
        "registry:proposal": {}, "registry:revise_proposal": {}, "registry:proposal_step": {"event": "submit"},
    },
    "move": {"registry:move": {}, "registry:move_letter": {}, "registry:move_step": {"event": "withdraw"}},
    "exit": {"registry:exit": {}, "registry:exit_step": {"event": "withdraw"}},
    "pair": {"registry:pair": {}, "registry:pair_step": {"event": "different"}},
    "lead": {
        "leads:lead": {}, "leads:verdict": {}, "leads:after": {}, "leads:decide": {}, "leads:review": {}, "leads:reassign": {},
    },
    "offer": {"outreach:act": {}},
    "scenario": {
        "policy:scenario": {}, "policy:scenario_line": {}, "policy:scenario_remove_line": {}, "policy:scenario_rules": {},
        "policy:scenario_compute": {}, "policy:scenario_copy": {}, "policy:scenario_take": {}, "policy:scenario_places": {},
        "policy:scenario_step": {"event": "withdraw"},
    },
    "correction": {"leads:correction": {}},
    "batch": {
        "exchange:batch": {}, "exchange:columns": {}, "exchange:check": {}, "exchange:rejected": {}, "exchange:confirm": {},
        "exchange:refuse": {}, "exchange:withdraw": {},
    },
    "amendment": {"exchange:amendment": {}, "exchange:accept_amendment": {}, "exchange:refuse_amendment": {}},
    "run": {"exchange:run": {}, "exchange:run_cancel": {}},
    "export": {
        "ledgers:export": {}, "ledgers:decide": {}, "ledgers:withdraw": {}, "ledgers:retry": {}, "ledgers:file": {},
    },
    "quarter": {
        "ledgers:quarter": {}, "ledgers:quarter_check": {}, "ledgers:quarter_reject": {}, "ledgers:quarter_discard": {},
        "ledgers:quarter_sent": {}, "ledgers:quarter_file": {},
    },
    "item": {"workflow:item": {}},
    "job": {"workflow:job": {}, "workflow:cancel_job": {}},
    "notice": {"messaging:open": {}},
    "document": {"documents:download": {}, "documents:withdraw": {}},
    "ticket": {"documents:upload": {}},
    "matter": {"compartments:finish": {}},
    "policy": {
        "library:document": {}, "library:head": {}, "library:history": {}, "library:open_review": {}, "library:relate": {},
        "library:unrelate": {"target": "zzzz"}, "library:step": {"event": "submit"},
    },
    "policy_clause": {"library:clause": {}, "library:clause_act": {"act": "add"}},
    "policy_review": {"library:review": {}},
    "opening": {"glass:opening": {}, "glass:end": {}, "glass:review": {"event": "accept"}},
}  # fmt: skip
NOT_OF_A_CHILD = {
    "access:person", "access:reset_password", "access:change_person", "network:body", "network:edit_body", "network:add_post",
    "network:post", "network:appoint", "network:close_post", "network:end_holding", "exchange:list", "exchange:template",
    "policy:pack", "policy:compare", "library:rule", "leads:figures_csv", "usersessions_end", "mfa_edit_webauthn", "mfa_remove_webauthn", "compartments:decide", "door:system", "door:request_key",
    "door:approve", "door:refuse", "door:revoke", "door:cut_off",
    *(row.name for row in ROWS if row.right == KEY),
}  # fmt: skip
"""Addresses with a part that names people of the service, a system, a list, a pack or a figure: never a child or her papers. And the
departments' door, which answers nobody without a signature; what it shows to a key stands in ``delivery/api/tests/test_wall.py``."""
OF_THE_SERVICE = {"adjustments", "handovers", "workforce"}
"""Places, posts and workers: kept by tests of their own."""

# lists asked for what is hidden, by words and by place
ASKED_FOR = (
    ("registry:search", "q=臧禾"), ("registry:search", "q=臧"), ("registry:search", "q=zang"), ("registry:search", "q=臧春花"),
    ("registry:search", "q=1234"), ("access:changes", "table=policy_scenario"), ("access:changes", "table=policy_effect"), ("ledgers:index", "kind=all&area={area}"), ("ledgers:index", "kind=all&area={far}"),
    ("ledgers:incomplete", "area={far}"), ("ledgers:completeness", "area={far}"), ("leads:all", "state=OPEN&area={far}"),
    ("leads:all", "q=臧"), ("leads:funnel", "area={far}"), ("registry:new", "name=臧禾&birth_date=2014-02-01"),
    ("outreach:all", "area={far}"), ("outreach:questions", "area={far}"), ("outreach:figures", "area={far}"),
    ("access:changes", "table=outreach_offer"), ("workflow:supervise", "state=late"), ("access:reads", "person=u1"), ("access:changes", "table=registry_child"),
    ("access:changes", "table=leads_lead"), ("access:changes", "table=registry_pair"), ("access:changes", "table=workflow_clock"),
    ("access:changes", "table=workflow_workitem"), ("access:changes", "table=workflow_statuschange"),
    ("access:changes", "table=registry_person"), ("access:changes", "table=documents_document"), ("network:find_areas", "q=松"), ("registry:pairs", "state=all"),
    ("exchange:batches", "quarter=2026Q3"), ("exchange:list", ""), ("messaging:notices", "page=2"), ("library:index", "q=臧家"),
    ("library:find", "q=臧家帮扶&ever=on"), ("library:reviews", "only=open"),
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    member: str
    method: str
    address: str

    def __str__(self) -> str:
        return f"{self.member or 'nobody'}: {self.method} {self.address}"


@dataclass
class Asked:
    """The answers of one world."""

    answers: dict[Question, bytes] = field(default_factory=dict)

    def text(self, question: Question) -> str:
        return zlib.decompress(self.answers[question]).decode()


def addresses(hidden: Iterable[Ids], world: World, dice: Dice) -> dict[str, list[str]]:
    """Route → addresses: what the rows of the route table refer to, and every hidden thing that could stand there."""
    found = {}
    for row in ROWS:
        if not row.name.startswith("compartments:"):
            dice.begin(
                f"row {row.name}"
            )  # whatever the process does for the first time moves one row at most
            found[row.name] = [_visible(row, world)]
    found |= {
        f"compartments:{name}": [reverse(f"compartments:{name}")] for name in ("mine", "people", "propose")
    }
    known = {row.name for row in ROWS}
    for ids in hidden:
        for kind, routes in NAMED_BY.items():
            if all(part in ids for part in kind.split("+")):
                named = {key: value for part in kind.split("+") for key, value in ids[part].items()}
                for name, more in routes.items():
                    if name not in known:
                        continue
                    found.setdefault(name, []).append(reverse(name, kwargs=more | named))
    return found


def _visible(row: Row, world: World) -> str:
    return reverse(row.name, kwargs=row.args(world) or None)


def questions(
    at: dict[str, list[str]], members: Iterable[str], *, asked_for: Iterable[tuple[str, str]] = ASKED_FOR
) -> Iterator[Question]:
    """Who lacks the right of a route is turned away before anything is looked up: one address shows it."""
    rows = {row.name: row for row in ROWS}
    for name, places in at.items():
        row = rows[name]
        for member in (*members, NOBODY):
            if name in KNOWS.get(member, ()):
                continue
            known = (
                places
                if _holds(member, row)
                else places[-1:]
                if row.right not in (OWN, THIRD) or member in ("director", NOBODY)
                else []
            )
            for place in known:
                yield from (Question(member, method, place) for method in row.methods)
    for name, query in asked_for:
        row = rows[name]
        base = at[name][0]
        words = query.format(area="990101000000", far="990103000000")
        for member in members:
            if _holds(member, row):
                yield Question(member, "GET", f"{base}?{words}")


ROLE_OF = {
    "director": "VILLAGE_CHILD_DIRECTOR", "supervisor": "TOWNSHIP_CHILD_SUPERVISOR", "county": "COUNTY_CA", "clerk": "DEPT_CLERK",
    "auditor": "AUDITOR", "security": "SECURITY_ADMIN", "sysadmin": "SYS_ADMIN", "stranger": "VILLAGE_CHILD_DIRECTOR",
    "stranger_county": "COUNTY_CA", "next_director": "VILLAGE_CHILD_DIRECTOR",
}  # fmt: skip


KNOWS = {
    "sysadmin": {"workflow:jobs", "workflow:job", "workflow:cancel_job"},
    "auditor": {"access:changes"},
}
"""Who keeps jobs running sees them everywhere, by ``job.view``; their titles name no child. The log of changes says that something
sealed was changed, by whom and when, and no more (ADR 0014)."""


def _holds(member: str, row: Row) -> bool:
    if member == NOBODY or row.right in (PUBLIC, OWN, THIRD, KEY):
        return False
    return row.right is None or rights.has(ROLE_OF[member], row.right)


FORM = {
    "q": "臧禾", "name": "臧禾", "sex": "1", "birth_date": "2014-02-01", "reason": "核对材料后办理", "words": "核对材料后办理",
    "note": "核对材料后办理", "purpose": "WORK", "kind": "all", "area": "990101000000", "form": "xlsx", "what": "both",
    "survivor": "x", "answer": "TRUE", "checked_on": "2026-10-01", "code": "APPLY", "list_code": "deaths", "quarter": "2026Q3",
    "provider": "GA", "event": "withdraw", "moved_on": "2026-09-01", "to_area": "990103101201", "id_kind": "UNSEEN",
    "hukou_area": "990101101201", "residence_area": "990101101201", "place": "990101101201",
}  # fmt: skip
"""One form for all: enough of each to come past the first question."""


def ask(district: District, dice: Dice, asked: Iterable[Question]) -> Asked:
    """Each question for itself: what it changes is undone before the next."""
    found = Asked()
    for question in asked:
        client = client_of(district, dice, question.member)
        dice.begin(str(question))
        found.answers[question] = zlib.compress(_answer(client, question).encode(), 1)
    return found


def client_of(district: District, dice: Dice, member: str) -> Client:
    """One client each, signed in with dice of its own."""
    if member not in district.clients:
        dice.begin(f"signing in: {member}")
        user = getattr(district.cast, member).user if member else None
        client = district.clients[member] = signed_in(user) if user else Client()
        client.raise_request_exception = False
    return district.clients[member]


def _answer(client: Client, question: Question) -> str:
    cookies = client.cookies.copy()
    with transaction.atomic():
        send = client.post if question.method == "POST" else client.get
        response = send(question.address, FORM if question.method == "POST" else None)
        transaction.set_rollback(True)
    client.cookies = cookies
    head = [f"{name}: {value}" for name, value in sorted(response.headers.items())]
    set_cookies = [one.OutputString() for one in response.cookies.values()]
    body: Any = b"".join(response) if response.streaming else response.content
    return plain("\n".join([str(response.status_code), *head, *set_cookies, body.decode("utf-8", "replace")]))


_MOMENT = re.compile(r"\b20\d\d-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:\d\d)?|expires=[^;\n]*")


_TICKET = re.compile(r"/documents/to/[\w-]+")


def plain(text: str) -> str:
    """Without the moments the database and the cookies carry (the worlds stand a minute apart), and with the length instead of
    the letters of what is sealed."""
    return _TICKET.sub(lambda found: f"/documents/to/({len(found[0])})", _MOMENT.sub("⏱", text))


_SKIPPED = ("---", "+++", "@@", "-Content-Length", "+Content-Length")


def differences(one: Asked, other: Asked) -> list[str]:
    """Questions answered differently, with the first lines that differ."""
    assert one.answers.keys() == other.answers.keys()
    wrong = []
    for question, answer in one.answers.items():
        if answer != other.answers[question]:
            lines = difflib.unified_diff(
                one.text(question).splitlines(), other.text(question).splitlines(), lineterm="", n=0
            )
            shown = [line for line in lines if not line.startswith(_SKIPPED)]
            wrong.append(
                "\n    ".join([str(question), *(" ".join(line.split())[:200] for line in shown[:4])])
            )
    return wrong
