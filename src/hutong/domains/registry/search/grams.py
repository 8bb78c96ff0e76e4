"""What can be typed to find a child, as grams (ADR 0007). One place makes them, for storing and for asking.

A name gives every run of 2 to 4 characters (middle dots left out) and the surname alone; pinyin stands whole in lower
case, initials whole in capitals, both compared by prefix; a parent's name like a name but behind ``KIN``; the last four
characters of the ID number as a keyed token behind ``#``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hutong.foundation.access import vault
from hutong.kernel import names

LONGEST: Final = 4
KIN: Final = "～"
"""Sorts after every Chinese character, so that a child's own name comes before a parent's."""
_WIDTH: Final = 80


def letters(text: str) -> str:
    """The characters of a name as compared: cleaned, without middle dots."""
    return names.clean(text).replace(names.DOT, "")


def runs(text: str) -> set[str]:
    """Every run of 2 to 4 characters."""
    plain = letters(text)
    return {plain[i : i + n] for n in range(2, LONGEST + 1) for i in range(len(plain) - n + 1)}


def asked(text: str) -> list[str]:
    """The grams that all must hold for a name to contain ``text`` (2 characters or more)."""
    plain = letters(text)
    if len(plain) <= LONGEST:
        return [plain]
    return sorted({plain[i : i + LONGEST] for i in range(len(plain) - LONGEST + 1)})


def last_four(id_number: str) -> str:
    """'' where the number is too short to have a tail."""
    return "#" + vault.token(id_number[-4:], "id-last4")[:16] if len(id_number) >= 8 else ""


def of(name: str, id_number: str = "", kin: Iterable[str] = ()) -> set[str]:
    """All grams of one child."""
    found = runs(name) | {
        names.pinyin(name)[:_WIDTH],
        names.initials(name).upper()[:_WIDTH],
        last_four(id_number),
    }
    plain = letters(name)
    if plain:
        # the surname, or of a name without one its first character
        found.add(plain[0])
    for one in kin:
        found |= {KIN + run for run in runs(one)}
    return found - {""}
