"""The same randomness in both worlds: ids, form tokens and keys of sessions fall alike, so answers can be compared byte by byte.

Every source of the standard library ends in ``os.urandom``. What is hidden is thrown with other dice: it takes none from the rest.
"""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

NOON = 1_790_000_000.0
"""What ``time.time`` says in both worlds: signatures carry it."""


class Dice:
    def __init__(self) -> None:
        self._name, self._thrown = "world", 0

    def begin(self, name: str) -> None:
        """From here on the bytes depend on ``name`` and on how many were taken since, on nothing else."""
        self._name, self._thrown = name, 0

    @contextmanager
    def apart(self, name: str) -> Iterator[None]:
        """Other dice inside; the first ones lie as they lay."""
        before = self._name, self._thrown
        self.begin(name)
        yield
        self._name, self._thrown = before

    def bytes(self, size: int) -> bytes:
        made = b""
        while len(made) < size:
            made += hashlib.sha256(f"{self._name}:{self._thrown}".encode()).digest()
            self._thrown += 1
        return made[:size]


@contextmanager
def loaded() -> Iterator[Dice]:
    """Dice instead of chance, and a clock that stands, as long as the block runs."""
    dice = Dice()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", dice.bytes)
        patch.setattr(random, "_urandom", dice.bytes)
        patch.setattr(time, "time", lambda: NOON)
        yield dice
