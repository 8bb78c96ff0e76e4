"""What a file should hold: the dated list of required fields and papers, with weights and who supplies them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from hutong.domains.ledgers.data import catalogue
from hutong.kernel import clock


@dataclass(frozen=True, slots=True)
class Item:
    """One required thing. ``groups``: for whom (any of them); ``words``: an attachment whose name holds one of these."""

    code: str
    label: str
    weight: int
    groups: tuple[str, ...]
    by: str
    start: date
    source: str
    words: tuple[str, ...] = ()


@cache
def _items() -> tuple[Item, ...]:
    return tuple(
        Item(one["code"], one["label"], one["weight"], tuple(one["for"]), one["by"], one["from"], one["source"], tuple(one.get("words", ())))
        for one in catalogue.read("completeness")
    )  # fmt: skip


def items(on: date | None = None) -> list[Item]:
    """Those in force on the day, in the order of the file; of one code the latest line counts."""
    day = on or clock.today()
    latest: dict[str, Item] = {}
    for one in _items():
        if one.start <= day and (one.code not in latest or latest[one.code].start < one.start):
            latest[one.code] = one
    return list(latest.values())
