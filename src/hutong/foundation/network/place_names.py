"""Place names as people write them, and how they sound.

Statistical names of villages end in the committee's title and sometimes begin with every name above; on a page that
buries the part that tells. Readings come from a character table, since 620,000 names must be read in seconds; names of
townships and above, and those with a character of two common readings, go through the phrase dictionary.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import lazy_pinyin

_COMMITTEE = re.compile(r"(?:村民委员会|村委会|居民委员会|居委会)$")
_COMPLETE = ("村", "社区", "屯", "寨", "庄", "嘎查")
_TWO_READINGS = frozenset("重长朝乐行都厦藏宿")
_KIND_ONLY = frozenset({"社区", "村", "居", "街", "中心", "直属"})
_SHELVES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@lru_cache(maxsize=4096)
def _starts(above: tuple[str, ...]) -> tuple[str, ...]:
    township = above[-1] if above else ""
    return (*above, township.removesuffix("道")) if township.endswith("街道") else above


def village_name(official: str, above: tuple[str, ...] = ()) -> str:
    """'四平市铁东区平东街道东晟社区居民委员会' → '东晟社区'; '柳村民委员会' → '柳村'.

    ``above``: names of city, county and township, which are taken off the front while something telling remains.
    """
    name = official
    for start in _starts(above):
        rest = name.removeprefix(start) if start else name
        if (
            rest is not name
            and _COMMITTEE.sub("", rest) not in _KIND_ONLY
            and len(_COMMITTEE.sub("", rest)) > 1
        ):
            name = rest
    found = _COMMITTEE.search(name)
    if found is None:
        return name
    stem = name[: found.start()]
    if len(stem) < 1 or stem in _KIND_ONLY:
        return name
    if found.group().startswith("村"):
        return stem if stem.endswith(_COMPLETE) and len(stem) > 1 else stem + "村"
    return stem if stem.endswith(_COMPLETE) else stem + "居委会"


def township_name(official: str, above: tuple[str, ...]) -> str:
    """'四平市铁东区平东街道' → '平东街道'."""
    name = official
    for start in above:
        rest = name.removeprefix(start)
        name = rest if len(rest) > 2 else name
    return name


def full_name(above: str, name: str) -> str:
    """'四平市' + '铁东区' → '四平市铁东区'; statistical shelves are no places and add nothing."""
    return above if name in _SHELVES else f"{above}{name}"[:200]


@lru_cache(maxsize=16384)
def _character(character: str) -> str:
    return "".join(lazy_pinyin(character)).lower()


@lru_cache(maxsize=65536)
def _phrase(name: str) -> tuple[str, ...]:
    return tuple(syllable.lower() for syllable in lazy_pinyin(name))


def readings(name: str, *, exact: bool = False) -> tuple[str, str]:
    """Full pinyin and initials, lower case, only ASCII letters and digits: ('liucun', 'lc')."""
    if exact or not _TWO_READINGS.isdisjoint(name):
        syllables = _phrase(name)
    else:
        syllables = tuple(map(_character, name))
    heard = [one for one in syllables if one and one.isascii() and one[0].isalnum()]
    return "".join(heard)[:200], "".join(one[0] for one in heard)[:60]
