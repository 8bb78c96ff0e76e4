"""What those who keep keys are told when a step is not possible."""

from __future__ import annotations


class DoorRefused(ValueError):
    """The text says why and what to do instead."""
