"""How often the public page answers: counted in the memory of this process and nowhere else, so that nothing of who asked remains."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

SECONDS: Final = 600
EACH: Final = 60
"""A family goes through the page several times; a hall with one address has several families."""
ALL: Final = 3000
PLACES: Final = 10_000
"""Addresses kept in mind at once; the longest silent is forgotten first."""


class Limits:
    """Answers given lately, by a digest of the address under a key that lives as long as the process."""

    def __init__(
        self, each: int = EACH, all_together: int = ALL, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._key = secrets.token_bytes(32)
        self._each, self._all, self._now = each, all_together, now
        self._lock = threading.Lock()
        self._lately: dict[bytes, deque[float]] = {}
        self._total: deque[float] = deque()

    def take(self, address: str) -> bool:
        """Whether one more answer may be given to this address now; if so it is counted."""
        who = hmac.new(self._key, address.encode(), hashlib.sha256).digest()[:16]
        with self._lock:
            moment = self._now()
            mine = self._lately.pop(who, None) or deque()
            for one in (mine, self._total):
                while one and one[0] <= moment - SECONDS:
                    one.popleft()
            free = len(mine) < self._each and len(self._total) < self._all
            if free:
                mine.append(moment)
                self._total.append(moment)
            self._lately[who] = mine
            while len(self._lately) > PLACES:
                self._lately.pop(next(iter(self._lately)))
        return free
