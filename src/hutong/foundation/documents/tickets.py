"""A signed address under which one thing takes uploads: the app that owns the thing issues it, nobody can change it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from django.core import signing
from django.urls import reverse

_SALT: Final = "documents.ticket"
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
    return reverse("documents:upload", args=[signing.dumps(asdict(ticket), salt=_SALT)])


def open_ticket(text: str) -> Ticket | None:
    """None when changed or too old."""
    try:
        found = signing.loads(text, salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return None
    return Ticket(**{**found, "kinds": tuple(found["kinds"])})
