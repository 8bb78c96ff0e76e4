"""A sealed address under which one thing takes uploads: the app that owns the thing issues it, nobody can change or read it.

It names rows by their running numbers, which nobody outside may see: they would tell how many files there are (TM-13).
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from typing import Final

from django.urls import reverse

from hutong.foundation.access import vault
from hutong.kernel import clock
from hutong.kernel.cipher import CipherError

_PLACE: Final = ("documents", "ticket", "upload")
_AGE: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where an upload belongs; ``back`` is the page to return to, ``purpose`` the paper asked for ('' leaves it open)."""

    area_code: str
    child_id: int | None
    subject_type: str
    subject_id: int | None
    back: str
    post_id: int
    kinds: tuple[str, ...] = ()
    purpose: str = ""


def upload_url(
    *, post_id: int, area_code: str, back: str, child_id: int | None = None, subject_type: str = "",
    subject_id: int | None = None, kinds: tuple[str, ...] = (), purpose: str = "",
) -> str:  # fmt: skip
    """Address of the upload form for one thing, good for a day and for one post."""
    ticket = Ticket(area_code, child_id, subject_type, subject_id, back, post_id, kinds, purpose)
    return reverse("documents:upload", args=[_sealed(ticket, int(clock.now().timestamp()))])


def _sealed(ticket: Ticket, at: int) -> str:
    text = json.dumps([at, asdict(ticket)], ensure_ascii=False, separators=(",", ":"))
    padded = text.ljust(-(-len(text) // 64) * 64)  # its length would tell the length of the numbers
    return base64.urlsafe_b64encode(vault.seal(padded, *_PLACE)).decode().rstrip("=")


def open_ticket(text: str) -> Ticket | None:
    """None when changed or too old."""
    try:
        at, found = json.loads(
            vault.open(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), *_PLACE) or "[]"
        )
    except (CipherError, binascii.Error, ValueError):
        return None
    if not 0 <= clock.now().timestamp() - at <= _AGE:
        return None
    return Ticket(**{**found, "kinds": tuple(found["kinds"])})
