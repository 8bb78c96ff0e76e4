"""Rows of the departments' door: its addresses, twice, and the pages on which it is kept."""

from __future__ import annotations

from typing import Any

from hutong.delivery.api.routes import ROUTES

from .rows import KEY, PUBLIC, Row, World, some_id

READ_WRITE = ("GET", "POST")
EXAMPLES = {"code": "deaths", "public_id": "aaaaaaaaaaaaaaaa", "number": "1"}


def _args(path: str) -> dict[str, Any]:
    return {name: value for name, value in EXAMPLES.items() if f"{{{name}}}" in path}


def _addresses(space: str) -> list[Row]:
    def row(name: str, path: str, method: str, keyless: bool) -> Row:
        found = _args(path)

        def args(world: World) -> dict[str, Any]:
            return found

        return Row(f"{space}:{name}", PUBLIC if keyless else KEY, (method,), args=args)

    return [row(name, one.path, one.method, one.keyless) for name, one in ROUTES.items()]


ROWS: tuple[Row, ...] = (
    *_addresses("api"),
    Row("api:nowhere", PUBLIC),
    *_addresses("api_trial"),
    Row("api_trial:nowhere", PUBLIC),
    Row("door:systems", "door.view"),
    Row("door:new", "door.manage", READ_WRITE),
    Row("door:system", "door.view", args=some_id("public_id")),
    Row("door:request_key", "door.manage", ("POST",), args=some_id("public_id")),
    Row("door:approve", "door.approve", ("POST",), args=some_id("key_id"), fresh=True),
    Row("door:refuse", "door.approve", ("POST",), args=some_id("key_id")),
    Row("door:revoke", "door.manage", ("POST",), args=some_id("key_id")),
    Row("door:cut_off", "door.approve", ("POST",), args=some_id("key_id")),
)
