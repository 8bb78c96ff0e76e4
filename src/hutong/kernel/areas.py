"""Area codes: 12 digits, GB/T 2260 (6) followed by the statistical codes of township (3) and village (3).

An area and all below it are one half-open range of codes compared as text (COLLATE "C"), which is what row security
needs: ``lo <= code < hi``. Levels follow from trailing zeros. In cities without counties (东莞, 中山, 儋州) townships hang
on a county slot of 00, so their parent is the city; the ranges are right all the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

Level = Literal["country", "province", "city", "county", "township", "village"]

COUNTRY: Final = "000000000000"
LEVELS: Final[tuple[Level, ...]] = ("country", "province", "city", "county", "township", "village")
LEVEL_LABELS: Final[dict[Level, str]] = {
    "country": "全国",
    "province": "省",
    "city": "市",
    "county": "区县",
    "township": "乡镇（街道）",
    "village": "村（社区）",
}
_WIDTHS: Final[dict[Level, int]] = {
    "country": 0,
    "province": 2,
    "city": 4,
    "county": 6,
    "township": 9,
    "village": 12,
}
# Above every digit in ASCII: the open end of the last range.
_AFTER_DIGITS: Final = ":"


class AreaCodeError(ValueError):
    """Not an area code; the text says why, in Chinese."""


@lru_cache(maxsize=65536)
def pad(code: str) -> str:
    """The full 12 digits of a code given with 2, 4, 6, 9 or 12."""
    digits = code.strip()
    if not (digits.isascii() and digits.isdigit()):
        raise AreaCodeError(f"区划代码“{code}”应全部为数字。")
    if len(digits) not in (2, 4, 6, 9, 12):
        raise AreaCodeError(f"区划代码“{code}”应为 2、4、6、9 或 12 位，现为 {len(digits)} 位。")
    return digits.ljust(12, "0")


def is_code(text: str) -> bool:
    """Whether the text, as it stands, can be read as a code."""
    try:
        return pad(text) == text.ljust(12, "0")
    except AreaCodeError:
        return False


@lru_cache(maxsize=65536)
def level(code: str) -> Level:
    """The level of a code, by its trailing zeros."""
    full = pad(code)
    for name in LEVELS:
        if not full[_WIDTHS[name] :].strip("0"):
            return name
    raise AssertionError("a 12-digit code always has a level")  # pragma: no cover


def bounds(code: str) -> tuple[str, str]:
    """Half-open text range ``[lo, hi)`` holding the area and everything below it."""
    full = pad(code)
    if full == COUNTRY:
        return "0", _AFTER_DIGITS
    prefix = full[: _WIDTHS[level(full)]]
    following = str(int(prefix) + 1).zfill(len(prefix))
    if len(following) > len(prefix):
        return full, _AFTER_DIGITS
    return full, following.ljust(12, "0")


def parent(code: str) -> str | None:
    """The area directly above, padded; None for the country."""
    full = pad(code)
    return None if full == COUNTRY else ancestors(full)[-2]


@lru_cache(maxsize=65536)
def ancestors(code: str) -> tuple[str, ...]:
    """The country first, the area itself last; slots of zeros (no county) are left out."""
    full = pad(code)
    chain: list[str] = []
    for name in LEVELS[: LEVELS.index(level(full)) + 1]:
        ancestor = full[: _WIDTHS[name]].ljust(12, "0")
        if not chain or ancestor != chain[-1]:
            chain.append(ancestor)
    return tuple(chain)


def contains(outer: str, code: str) -> bool:
    """Whether ``code`` is ``outer`` or lies below it."""
    lo, hi = bounds(outer)
    return lo <= pad(code) < hi


def county(code: str) -> str:
    """The padded county of a county, township or village; an error for anything wider."""
    full = pad(code)
    if LEVELS.index(level(full)) < LEVELS.index("county"):
        raise AreaCodeError(f"区划代码“{code}”在区县以上，不属于某一个区县。")
    return full[:6].ljust(12, "0")


def prefix(code: str) -> str:
    """The significant digits: '5001' for a city, '' for the country."""
    full = pad(code)
    return full[: _WIDTHS[level(full)]]
