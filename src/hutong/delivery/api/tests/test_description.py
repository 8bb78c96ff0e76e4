"""The description is what the door does: Schemathesis asks every operation, well and badly formed, as everybody who could try."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter
from schemathesis.specs.openapi import checks as conformance
from urllib3 import HTTPResponse

from hutong.delivery.api import openapi
from hutong.delivery.api.routes import ROUTES
from hutong.delivery.api.tests.signer import Department
from hutong.delivery.api.tests.test_delivering import told
from hutong.domains.exchange.services import as_csv
from hutong.domains.exchange.tests.test_pushing import death
from hutong.foundation.workflow import worker

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES = int(os.environ.get("HUTONG_EXAMPLES", "12"))
"""Requests an operation and caller; a long search is ``HUTONG_EXAMPLES=300 pytest …``."""
SCHEMA = schemathesis.openapi.from_dict(openapi.document())
OPERATIONS = {one.ok().definition.raw["operationId"]: one.ok() for one in SCHEMA.get_all_operations()}
CHECKS = [
    schemathesis.checks.not_a_server_error, conformance.status_code_conformance, conformance.content_type_conformance,
    conformance.response_headers_conformance, conformance.response_schema_conformance,
]  # fmt: skip
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["2015-05-01", "500199", "dead"])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["from", "to", "since", "type"]), inner, max_size=2)
    ),
    max_leaves=4,
)
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
ROLES = ("director", "supervisor", "clerk", "county", "auditor", "security", "sysadmin", "stranger_county")
CHILDREN = st.lists(
    st.fixed_dictionaries(
        {"id": st.text(max_size=5)},
        optional={
            "child": st.dictionaries(
                st.sampled_from(["birth", "hukou", "school", "dis", "bith"]), JSON, max_size=4
            ),
            "father": st.dictionaries(
                st.sampled_from(["status", "prison", "lost", "work"]), JSON, max_size=3
            ),
        },
    ),
    max_size=4,
)
"""Cases that come near to being good ones, with any value in them."""
Send = Callable[[requests.PreparedRequest], Any]


class _Door(HTTPAdapter):
    """Carries what Schemathesis made to the door of this process."""

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        answer = self._send(request)
        content = io.BytesIO(b"".join(answer) if answer.streaming else answer.content)
        raw = HTTPResponse(
            content, dict(answer.items()), answer.status_code, version=11, preload_content=False
        )
        return self.build_response(request, raw)


def _body(request: requests.PreparedRequest) -> bytes:
    body = request.body or b""
    return body.encode() if isinstance(body, str) else bytes(body)


def signed_by(department: Department) -> Send:
    """Signs what is finally sent; the digest is made right, or nothing would ever come further than the signature."""

    def send(request: requests.PreparedRequest) -> Any:
        path = (request.path_url or "").removeprefix(department.base)
        key = request.headers.get("Idempotency-Key")
        return department.send(
            request.method or "", path, _body(request), kind=request.headers.get("Content-Type", "application/json"), key=key,
        )  # fmt: skip

    return send


def unsigned_by(client: Client) -> Send:
    def send(request: requests.PreparedRequest) -> Any:
        headers = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in request.headers.items()
            if name.lower() not in ("content-type", "content-length", "host", "cookie")
        }
        kind = request.headers.get("Content-Type", "application/octet-stream")
        return client.generic(request.method or "", request.path_url or "", _body(request), kind, **headers)

    return send


def session(send: Send) -> requests.Session:
    found = requests.Session()
    found.mount("http://testserver", _Door(send))
    return found


def own_ids(who: Department) -> dict[str, list[str]]:
    """First part of an address → ids of what the department has there."""
    events = [
        told(who.post("/lists/deaths/events", {"row": death(serial)}), 202)["event"]["id"]
        for serial in (901, 902)
    ]
    rows = told(who.post("/lists/deaths/rows", {"period": "2026Q3", "rows": [death(9), {"name": "无"}]}), 202)
    parcel = told(who.post("/lists/deaths/parcels", {"period": "2026Q3"}), 201)
    worker.settle()
    asked = told(who.post(f"/events/{events[1]}/amendments", {"reason": "误"}), 202)
    return {
        "events": events, "batches": [rows["batch"]["id"]], "parcels": [parcel["id"]],
        "amendments": [asked["amendment"]["id"]], "receipts": [rows["receipt"]["id"]],
        "corrections": [one["id"] for one in told(who.get("/corrections"))["corrections"]],
    }  # fmt: skip


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("desk", ["police", "trial"])
def test_a_department_gets_what_the_description_says(door: SimpleNamespace, desk: str, name: str) -> None:
    who: Department = getattr(door, desk)
    ids, calls = own_ids(who), session(signed_by(who))
    operation, statuses = OPERATIONS[name], set()
    near = ids.get(ROUTES[name].path.split("/")[1], [])
    keys = iter(range(10**6))
    files = st.one_of(
        st.binary(max_size=300), st.integers(10, 800).map(lambda n: as_csv("deaths", [death(n)]))
    )

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(data=st.data(), mode=st.sampled_from(MODES))
    def ask(data: st.DataObject, mode: Any) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if "public_id" in case.path_parameters and data.draw(st.integers(0, 3)) and near:
            case.path_parameters["public_id"] = data.draw(st.sampled_from(near))
        if "code" in case.path_parameters and data.draw(st.integers(0, 3)):
            case.path_parameters["code"] = data.draw(st.sampled_from(["deaths", "custody", "hiv"]))
        if ROUTES[name].once and data.draw(st.integers(0, 3)):
            case.headers = dict(case.headers or {}) | {"Idempotency-Key": f"{next(keys):024d}"}
        if name == "evaluate" and isinstance(case.body, dict) and data.draw(st.integers(0, 3)):
            said = case.body.get("cases")  # a wrong body may say a number here
            drawn = [*data.draw(CHILDREN), *(said if isinstance(said, list) else [])]
            case.body |= {"pack": "CQ-2025", "asof": "2026-03-01", "cases": drawn[:200]}
        if name == "file":  # what stands in a file no schema says
            case.body, case.media_type = data.draw(files), "text/csv"
            case.query = dict(case.query or {}) | {"period": "2026Q3"}
        response = case.call(base_url=f"http://testserver{who.base}", session=calls)
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    ask()
    assert statuses - {401, 404, 405} or (name == "correction_reply" and not near), (
        f"only turned away: {statuses}"
    )


def test_nobody_else_gets_more_than_a_refusal(door: SimpleNamespace, client_as: Any) -> None:
    """Every role with its session, and whoever has none: the same 401, in the form of the description."""
    callers = {who: client_as(who) for who in ROLES} | {"": Client()}
    for client in callers.values():
        client.raise_request_exception = False
    calls = {who: session(unsigned_by(client)) for who, client in callers.items()}
    seen: dict[str, set[int]] = {}

    @settings(
        max_examples=5 * EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        data=st.data(),
        name=st.sampled_from(sorted(ROUTES)),
        base=st.sampled_from(["/api/v1", "/api/sandbox/v1"]),
    )
    def ask(data: st.DataObject, name: str, base: str) -> None:
        case = data.draw(OPERATIONS[name].as_strategy(generation_mode=data.draw(st.sampled_from(MODES))))
        for calling in calls.values():
            response = case.call(base_url=f"http://testserver{base}", session=calling)
            case.validate_response(response, checks=CHECKS)
            seen.setdefault("keyless" if ROUTES[name].keyless else "", set()).add(response.status_code)

    ask()
    assert seen[""] <= {401, 404, 405}
    assert 401 in seen[""]
