"""What the sender or officer is told when a step is not possible."""

from __future__ import annotations

from hutong.domains.exchange.storage.gate import BadFile
from hutong.domains.exchange.storage.sandbox import Refused

__all__ = ["AlreadyDelivered", "BadFile", "NotPossible", "Refused"]


class NotPossible(ValueError):
    """A choice that does not fit; the text says why and what to choose instead."""


class AlreadyDelivered(ValueError):
    """The same file was delivered in the same quarter. ``public_id`` of that batch, '' when the actor may not see it."""

    def __init__(self, public_id: str, told: str) -> None:
        super().__init__(told)
        self.public_id = public_id
