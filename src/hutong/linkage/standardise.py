"""Names and ID numbers to one spelling, a column at a time.

Almost every number already is 18 clean characters, so the kernel's careful normalisation runs only on the rest
(a full-width translation of every row costs more than the join it prepares).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hutong.kernel import ids, names
from hutong.linkage import digits

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int32)
_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
Mask = np.ndarray[Any, np.dtype[np.bool_]]


def _bytes(*ranges: tuple[int, int]) -> Mask:
    """(256,) true for the bytes in the ranges, ends included."""
    table = np.zeros(256, bool)
    for first, last in ranges:
        table[first : last + 1] = True
    return table


_BLANKS = _bytes((0x00, 0x20), (0x7F, 0x7F), (0xC2, 0xC2), (0xE1, 0xE3))
"""Bytes every blank of Unicode has one of; 一 to 鿿 have none."""
_NOT_HAN = ~_bytes((0x80, 0xBF), (0xE4, 0xE9))
"""Bytes no text made of 一 to 鿿 alone has."""
_BLOCK = 1 << 18


def _rows_with(array: pa.Array, marked: Mask) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Rows whose text holds one of the marked bytes, ascending: a look-up a byte, where a regular expression or a trim
    costs ten times that for every row."""
    _, places, data = array.buffers()
    if data is None or not len(array):
        return np.empty(0, np.int64)
    offsets = np.frombuffer(places, np.int32)[array.offset : array.offset + len(array) + 1]
    text = np.frombuffer(data, np.uint8)
    found = [
        np.flatnonzero(marked[text[first : min(first + _BLOCK, offsets[-1])]]) + first
        for first in range(int(offsets[0]), int(offsets[-1]), _BLOCK)
    ]
    rows = np.searchsorted(offsets, np.concatenate(found or [np.empty(0, np.int64)]), side="right") - 1
    return rows[np.r_[True, rows[1:] != rows[:-1]]] if len(rows) else rows


def _replaced(array: pa.Array, rows: np.ndarray[Any, np.dtype[np.int64]], texts: pa.Array) -> pa.Array:
    mask = np.zeros(len(array), dtype=bool)
    mask[rows] = True
    return pc.replace_with_mask(array, pa.array(mask), texts)


def trimmed(array: pa.Array) -> pa.Array:
    """Text without blanks at the ends; blank becomes null."""
    rows = _rows_with(array, _BLANKS)
    if len(rows):
        array = _replaced(array, rows, pc.utf8_trim_whitespace(array.take(pa.array(rows))))
    if pc.min(pc.binary_length(array)).as_py() != 0:
        return array
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)


def are_areas(array: pa.Array) -> bool:
    """Whether all are twelve digits already."""
    return bool(pc.all(pc.match_substring_regex(array, "^[0-9]{12}$")).as_py())


def id_numbers(array: pa.Array) -> pa.Array:
    """ID numbers as ``kernel.ids.normalise`` would write each of them; blank becomes null."""
    _, clean = digits.packed(array)
    odd = np.flatnonzero(~(clean | _nulls(array)))
    if not len(odd):
        return array
    mended = [ids.normalise(text) or None for text in array.take(pa.array(odd)).to_pylist()]
    return _replaced(array, odd, pa.array(mended, pa.string()))


def _nulls(array: pa.Array) -> Mask:
    return np.asarray(array.is_null()).astype(bool)


def clean_names(array: pa.Array) -> pa.Array:
    """Names as ``kernel.names.clean`` would write each of them; only odd-looking ones are touched."""
    odd = _rows_with(array, _NOT_HAN)
    if not len(odd):
        return array
    mended = [None if text is None else names.clean(text) for text in array.take(pa.array(odd)).to_pylist()]
    return _replaced(array, odd, pa.array(mended, pa.string()))


def valid_ids(array: pa.Array) -> Mask:
    """Which normalised numbers have 18 characters, a real birth date and the right check digit."""
    form = np.asarray(
        pc.match_substring_regex(
            array,
            r"^[1-9][0-9]{5}(18[5-9]|19|20)[0-9]{1,2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$",
        ).fill_null(False)
    ).astype(bool)
    at = np.flatnonzero(form)
    if not len(at):
        return form
    digits = digits18(array.take(pa.array(at)))
    total = (digits[:, :17].astype(np.int32) - 48) @ _WEIGHTS
    form[at] = _CHECK[total % 11] == digits[:, 17]
    return form


def digits18(array: pa.Array) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """(n, 18) ASCII codes of strings that are all 18 bytes long and none null; a view, not to be written to."""
    if not len(array):
        return np.empty((0, 18), dtype=np.uint8)
    start = np.frombuffer(array.buffers()[1], dtype=np.int32)[array.offset]
    return np.frombuffer(array.buffers()[2], dtype=np.uint8)[start : start + 18 * len(array)].reshape(-1, 18)
