"""Numbers as documents write them: 二十一 → 21, 一千零九十三 → 1093."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = {"零": 0, "〇": 0, **{c: n for n, c in enumerate("一二三四五六七八九", 1)}}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}


def chinese_number(text: str) -> int | None:
    """The number, below ten thousand; None for anything else."""
    if not text or any(c not in _DIGITS and c not in _UNITS for c in text):
        return None
    total, digit = 0, None
    for c in text:
        if c in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[c]
            digit = None
        else:
            digit = _DIGITS[c]
    return total + (digit or 0)
