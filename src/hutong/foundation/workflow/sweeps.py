"""What other apps have done every few minutes, after the clocks: opening what has come due, ending what has run out.

An app registers in ``ready()``; a sweep opens its own system scope, is idempotent, and returns how many it dealt with.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

_sweeps: dict[str, Callable[[], int]] = {}


def register(name: str, sweep: Callable[[], int]) -> None:
    _sweeps[name] = sweep


def run() -> int:
    """All of them; one that fails does not keep the others from running."""
    total = 0
    for name, sweep in _sweeps.items():
        try:
            total += sweep()
        except Exception:
            log.exception("sweep %s failed", name)
    return total
