"""Addresses of the door as a table: the URL configuration is made from it, and so are the operations (``operations``).

It stands apart so that loading the addresses loads no API framework: pages must not pay for the door.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "api/v1/"
TRIAL_PREFIX = "api/sandbox/v1/"
ID = "[a-z2-7]{16}"
CODE = "[a-z_]{2,30}"


@dataclass(frozen=True, slots=True)
class Route:
    """``path`` in the form of OpenAPI; ``body``: the most bytes a request may bring; ``keyless``: open to everybody."""

    method: str
    path: str
    body: int = 0
    once: bool = False
    """Needs an Idempotency-Key: the same request again gets the same answer."""
    keyless: bool = False


SMALL = 64 * 1024
ROWS = 8 * 2**20
CASES = 2**20
FILE = 50 * 2**20
"""As much as a page takes (``exchange`` says why)."""

ROUTES: dict[str, Route] = {
    "me": Route("GET", "/me"),
    "lists": Route("GET", "/lists"),
    "file": Route("POST", "/lists/{code}/files", FILE, once=True),
    "rows": Route("POST", "/lists/{code}/rows", ROWS, once=True),
    "parcel_open": Route("POST", "/lists/{code}/parcels", SMALL, once=True),
    "piece": Route("PUT", "/parcels/{public_id}/pieces/{number}", ROWS),
    "parcel_close": Route("POST", "/parcels/{public_id}/close", SMALL, once=True),
    "event": Route("POST", "/lists/{code}/events", SMALL, once=True),
    "event_show": Route("GET", "/events/{public_id}"),
    "event_amend": Route("POST", "/events/{public_id}/amendments", SMALL, once=True),
    "batches": Route("GET", "/batches"),
    "batch": Route("GET", "/batches/{public_id}"),
    "rejected": Route("GET", "/batches/{public_id}/rejected"),
    "rejected_file": Route("GET", "/batches/{public_id}/rejected.xlsx"),
    "recall": Route("POST", "/batches/{public_id}/recall", SMALL, once=True),
    "batch_amend": Route("POST", "/batches/{public_id}/amendments", ROWS, once=True),
    "amendment": Route("GET", "/amendments/{public_id}"),
    "corrections": Route("GET", "/corrections"),
    "correction_reply": Route("POST", "/corrections/{public_id}/reply", SMALL, once=True),
    "evaluate": Route("POST", "/rules/evaluate", CASES),
    "receipt": Route("GET", "/receipts/{public_id}"),
    "platform_key": Route("GET", "/platform-key", keyless=True),
    "description": Route("GET", "/openapi.json", keyless=True),
}
PARAMETERS = {"code": CODE, "public_id": ID, "number": "[0-9]{1,6}"}


def pattern(path: str) -> str:
    """The path as a regular expression; what does not match is a 404 of ours, in the form of the API."""
    form = re.escape(path.lstrip("/"))
    for name, allowed in PARAMETERS.items():
        form = form.replace(re.escape(f"{{{name}}}"), f"(?P<{name}>{allowed})")
    return rf"^{form}\Z"
