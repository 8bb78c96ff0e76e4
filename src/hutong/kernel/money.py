"""Money is whole fen (分, 1/100 yuan) everywhere; yuan exist only in what people type and read."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NewType

Fen = NewType("Fen", int)

LIMIT: Final = 10**17
"""Amounts stay below this many fen, which fits a 64-bit column with room for sums."""

_YUAN: Final = re.compile(r"(-?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?", re.ASCII)


class MoneyError(ValueError):
    """Not an amount; the text says why, in Chinese."""


def parse_yuan(text: str) -> Fen:
    """'1,256.00', '¥1256', '１２５６ 元' → 125600 fen; at most two decimals, thousands separated rightly or not at all."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("\u2212", "-")
    plain = plain.removeprefix("¥").removeprefix("人民币").removesuffix("元")
    if not plain:
        raise MoneyError("金额为空，请填写以元为单位的数字，如 1256.00。")
    found = _YUAN.fullmatch(plain)
    if found is None:
        raise MoneyError(f"“{text}”不是有效金额，请填写以元为单位、最多两位小数的数字，如 1256.00。")
    sign, whole, fraction = found.groups()
    fen = int(whole.replace(",", "")) * 100 + int((fraction or "").ljust(2, "0"))
    if fen >= LIMIT:
        raise MoneyError(f"金额“{text}”过大，请核对是否多输了数字。")
    return Fen(-fen if sign else fen)


def format_yuan(fen: int, *, grouped: bool = False) -> str:
    """125600 → '1256.00', or '1,256.00' when grouped."""
    yuan, rest = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{yuan:{',' if grouped else ''}d}.{rest:02d}"
