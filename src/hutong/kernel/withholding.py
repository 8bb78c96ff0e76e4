"""Small numbers are not shown to those who see counts only, nor what a sum would give away (WX-06)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Key = tuple[str, ...]


def withheld(values: Mapping[Key, int], groups: Iterable[Sequence[Key]], small: int) -> set[Key]:
    """Keys not to be shown: counts of 1 to ``small`` - 1, and one more wherever a sum would give a single one away.

    A group is the parts and, last, their total.
    """
    hidden = {key for key, count in values.items() if 0 < count < small}
    lines = [list(group) for group in groups]
    changed = True
    while changed:
        changed = False
        for group in lines:
            gone = [key for key in group if key in hidden]
            others = [key for key in group if key not in hidden and values[key]]
            if len(gone) == 1 and others:
                parts = [key for key in others if key != group[-1]] or others
                hidden.add(min(parts, key=lambda key: (values[key], key)))
                changed = True
    return hidden
