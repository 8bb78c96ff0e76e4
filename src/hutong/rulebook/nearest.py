"""The right name for a wrong one, code names and Chinese words alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

_SHOWN: Final = 12


def nearest(
    word: object, names: Mapping[str, str] | Iterable[str], cutoff: float | None = None
) -> str | None:
    """The name meant, if one is near. A mapping leads from every spelling (labels too) to the name to write."""
    spellings = dict(names) if isinstance(names, Mapping) else {name: name for name in names}
    by_small = {spelling.casefold(): right for spelling, right in spellings.items()}
    small = str(word).strip().casefold()
    if small in by_small:
        return by_small[small]
    # two Chinese words of two characters that share one are half alike; Latin words must be nearer
    usual = 0.6 if small.isascii() else 0.45
    close = get_close_matches(small, by_small, n=1, cutoff=cutoff or usual)
    return by_small[close[0]] if close else None


def hint(word: object, names: Mapping[str, str] | Iterable[str]) -> str:
    """How to mend it: ``，是否为“birth”？``, or what there is to choose from where nothing is near."""
    found = nearest(word, names)
    if found is not None:
        return f"，是否为“{found}”？"
    all_names = sorted(set(names.values() if isinstance(names, Mapping) else names))
    more = "……" if len(all_names) > _SHOWN else ""
    return f"；可用的有：{'、'.join(all_names[:_SHOWN])}{more}。"
