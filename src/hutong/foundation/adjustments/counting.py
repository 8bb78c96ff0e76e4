"""What is filed under a code: apps that keep records by place register how to count them, for the reviewer's eyes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Count = Callable[[Sequence[str]], dict[str, int]]
"""Codes → how many of the records stand exactly under each."""

_counts: dict[str, Count] = {}


def register(label: str, count: Count) -> None:
    _counts[label] = count


def filed(codes: Sequence[str]) -> dict[str, dict[str, int]]:
    """Code → label → number; only what is not nought."""
    found: dict[str, dict[str, int]] = {code: {} for code in codes}
    for label, count in _counts.items():
        for code, number in count(codes).items():
            if number:
                found[code][label] = number
    return found
