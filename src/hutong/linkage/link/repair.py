"""Numbers a mistyped ID may have been: one digit wrong, or two neighbours swapped.

GB 11643's check digit catches both kinds of error but never says which digit; every number one such step away that
does pass the check is tried against the registry. Works on tokens too: the caller may tokenise the candidates.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hutong.linkage import standardise

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1], dtype=np.int64)
Digits = np.ndarray[Any, np.dtype[np.int64]]


def candidates(seq: pa.Array, numbers: pa.Array) -> pa.Table:
    """(seq, candidate) for every 18-character number that fails its check; up to 35 candidates a number."""
    shaped = pc.match_substring_regex(numbers, r"^[0-9]{17}[0-9X]$").fill_null(False)
    seq, numbers = seq.filter(shaped), numbers.filter(shaped)
    if not len(seq):
        return pa.table({"seq": pa.array([], pa.int64()), "candidate": pa.array([], pa.string())})
    digits = standardise.digits18(numbers).astype(np.int64) - 48
    digits[digits[:, 17] == ord("X") - 48, 17] = 10
    rows = np.asarray(seq)
    found: list[tuple[Digits, Digits]] = [*_substituted(rows, digits), *_swapped(rows, digits)]
    all_rows = np.concatenate([at for at, _ in found])
    codes = np.concatenate([d for _, d in found])
    return pa.table({"seq": pa.array(all_rows), "candidate": _text(codes)})


def _substituted(rows: Digits, digits: Digits) -> list[tuple[Digits, Digits]]:
    """At each place at most one digit mends the check sum: sum + w·(new − old) ≡ 1 (mod 11)."""
    total = (digits @ _WEIGHTS) % 11
    found = []
    for place in range(18):
        inverse = pow(int(_WEIGHTS[place]), -1, 11)
        new = (digits[:, place] + (1 - total) * inverse) % 11
        good = (new != digits[:, place]) & (new < (11 if place == 17 else 10))
        changed = digits[good].copy()
        changed[:, place] = new[good]
        found.append((rows[good], changed))
    return found


def _swapped(rows: Digits, digits: Digits) -> list[tuple[Digits, Digits]]:
    found = []
    for place in range(17):
        changed = digits.copy()
        changed[:, [place, place + 1]] = digits[:, [place + 1, place]]
        good = ((changed @ _WEIGHTS) % 11 == 1) & (changed[:, place] != digits[:, place])
        good &= (changed[:, :17] < 10).all(axis=1)
        found.append((rows[good], changed[good]))
    return found


def _text(codes: Digits) -> pa.Array:
    letters = (codes + 48).astype(np.uint8)
    letters[codes == 10] = ord("X")
    offsets = np.arange(0, len(letters) * 18 + 1, 18, dtype=np.int32)
    return pa.StringArray.from_buffers(
        len(letters), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))
    )
