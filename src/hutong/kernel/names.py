"""Personal names: one spelling for storing, sound and shape for finding, graded likeness for comparing.

Pinyin is lower case without tones and spaces, ü written v as it is typed; the surname map corrects what a general
dictionary gets wrong. Names of ethnic minorities are parts joined by '·' (GB/T 30446: U+00B7) and have no surname.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from hutong.kernel.name_tables import COMPOUND_READINGS, GIVEN_READINGS, LOOK_ALIKES, SURNAME_READINGS

DOT: Final = "·"

SAME: Final = 1.0
DOTS_DIFFER: Final = 0.98
SOUND: Final = 0.92
LOOK: Final = 0.86
NEAR_SOUND: Final = 0.82
ONE_CHARACTER: Final = 0.70
ONE_MISSING: Final = 0.62
SWAPPED: Final = 0.55
GIVEN_ONLY: Final = 0.40
SURNAME_ONLY: Final = 0.30
DIFFERENT: Final = 0.0
"""Grades of ``similarity``. A screening order, not probabilities: siblings often share all but one character."""

_DOTS: Final = re.compile("[·•・･．‧∙⋅●◦˙᛫⸱\ufe52.]+")
_BLANKS: Final = re.compile(r"[\s\u3000\u200b-\u200f\u2060\ufeff]+")
# South-western and southern speech does not part these; most mistaken characters of a spoken name come from it.
_INITIALS: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("h", "f"))
_CLASSES: Final[dict[str, frozenset[int]]] = {
    character: frozenset(i for i, members in enumerate(LOOK_ALIKES) if character in members)
    for character in set("".join(LOOK_ALIKES))
}


@lru_cache(maxsize=16384)
def clean(name: str) -> str:
    """The spelling to store: no blanks, half-width Latin letters, one kind of middle dot."""
    tidy = _BLANKS.sub("", unicodedata.normalize("NFKC", _DOTS.sub(DOT, name)))
    # Once more: what a blank held apart may combine when it is gone.
    return _DOTS.sub(DOT, unicodedata.normalize("NFKC", tidy)).strip(DOT)


def split(name: str) -> tuple[str, str]:
    """Surname and given name; a dotted or Latin name has the surname ''."""
    tidy = clean(name)
    if DOT in tidy or not tidy or ord(tidy[0]) < 0x3400:
        return "", tidy
    width = 2 if len(tidy) > 2 and tidy[:2] in COMPOUND_READINGS else 1
    return tidy[:width], tidy[width:]


@lru_cache(maxsize=32768)
def syllables(name: str) -> tuple[str, ...]:
    """One reading for each character ('长孙无忌' → zhang sun wu ji); Latin parts stay whole, in lower case."""
    surname, given = split(name)
    if not surname:
        return tuple(s for part in given.split(DOT) for s in _read(part))
    if len(surname) == 2:
        return COMPOUND_READINGS[surname] + _read(given)
    first = SURNAME_READINGS.get(surname)
    return ((first,) if first else _read(surname)) + _read(given)


def pinyin(name: str) -> str:
    """Full pinyin: '曾小乐' → 'zengxiaole'."""
    return "".join(syllables(name))


def initials(name: str) -> str:
    """First letters: '曾小乐' → 'zxl'."""
    return "".join(s[0] for s in syllables(name))


def grams(name: str) -> set[str]:
    """Search grams: every character and every pair of neighbours, middle dots left out."""
    letters = _letters(name)
    return set(letters) | {letters[i : i + 2] for i in range(len(letters) - 1)}


def pinyin_grams(name: str) -> set[str]:
    """What pinyin search compares by prefix: the full pinyin and the initials, whole."""
    return {text for text in (pinyin(name), initials(name)) if text}


def sounds_alike(a: str, b: str) -> bool:
    """Whether both read the same without tones."""
    first = syllables(a)
    return bool(first) and first == syllables(b)


def looks_alike(a: str, b: str) -> bool:
    """Whether both are the same but for characters of one look-alike class."""
    first, second = _letters(a), _letters(b)
    return len(first) == len(second) > 0 and all(map(_alike, first, second))


@lru_cache(maxsize=32768)
def similarity(a: str, b: str) -> float:
    """The grade of likeness of two names, 0 to 1, symmetric; the highest grade that holds."""
    first, second = clean(a), clean(b)
    if not first or not second:
        return DIFFERENT
    if first == second:
        return SAME
    return max(_grades(first, second), default=DIFFERENT)


def _grades(a: str, b: str) -> Iterator[float]:
    first, second = _letters(a), _letters(b)
    if first == second:
        yield DOTS_DIFFER
    if sounds_alike(a, b):
        yield SOUND
    if looks_alike(a, b):
        yield LOOK
    if _near(a) == _near(b):
        yield NEAR_SOUND
    if _parts_missing(a, b) or _parts_missing(b, a):
        yield ONE_MISSING
    (surname, given), (other_surname, other_given) = split(a), split(b)
    if surname == other_surname:
        yield from _given_grades(surname, given.replace(DOT, ""), other_given.replace(DOT, ""))
    elif surname and given == other_given and len(given) > 1:
        yield GIVEN_ONLY


def _given_grades(surname: str, given: str, other: str) -> Iterator[float]:
    if surname:
        yield SURNAME_ONLY
    # A single character of a given name is all of it; without a surname three must agree to mean anything.
    needed = 2 if surname else 4
    longer, shorter = (given, other) if len(given) >= len(other) else (other, given)
    if len(longer) < needed:
        return
    if len(longer) == len(shorter):
        if sum(x != y for x, y in zip(given, other, strict=True)) == 1:
            yield ONE_CHARACTER
        if surname and given == other[::-1]:
            yield SWAPPED
    elif len(longer) - len(shorter) == 1 and any(
        longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))
    ):
        yield ONE_MISSING


def _parts_missing(whole: str, part: str) -> bool:
    """A dotted name shortened to its first part: 买买提·艾力 written 买买提."""
    return DOT in whole and DOT not in part and whole.split(DOT)[0] == part


def _letters(name: str) -> str:
    return clean(name).replace(DOT, "")


def _alike(x: str, y: str) -> bool:
    return x == y or not _CLASSES.get(x, frozenset()).isdisjoint(_CLASSES.get(y, ()))


def _near(name: str) -> tuple[str, ...]:
    return tuple(map(_near_syllable, syllables(name)))


@lru_cache(maxsize=2048)
def _near_syllable(syllable: str) -> str:
    for initial, merged in _INITIALS:
        if syllable.startswith(initial):
            syllable = merged + syllable[len(initial) :]
            break
    return syllable[:-1] if syllable.endswith("ng") else syllable


@lru_cache(maxsize=65536)
def _read(text: str) -> tuple[str, ...]:
    if len(text) == 1 and (known := GIVEN_READINGS.get(text)):
        return (known,)
    # The phrase book takes a third of a second to load: only for whoever asks how a name sounds.
    from pypinyin import lazy_pinyin
    from pypinyin.constants import PHRASES_DICT

    if len(text) == 2 and not text.isascii() and text not in PHRASES_DICT:
        # Outside the phrase book each character stands alone: the same reading, found several times faster.
        return _read(text[0]) + _read(text[1])
    # What the dictionary lacks comes back as one run: Latin words stay whole, rare characters stand for themselves.
    read = [s for run in lazy_pinyin(text) for s in ([run] if run.isascii() else run)]
    if len(read) != len(text):
        return tuple(s.lower() for s in read)
    return tuple(GIVEN_READINGS.get(c, s).lower() for c, s in zip(text, read, strict=True))
