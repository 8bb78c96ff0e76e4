"""Words typed by people go into tables and histories in clear: no ID number or phone number may stand in them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from hutong.domains.registry.services.errors import Refused

_NUMBERS: Final = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)", re.ASCII)


def written(text: str, what: str, field: str = "reason", *, least: int = 2, most: int = 500) -> str:
    """The words, tidied; Refused where they are missing or carry a number that must not stand in clear."""
    words = text.strip()[:most]
    if len(words) < least:
        raise Refused(f"请写明{what}。", field)
    if _NUMBERS.search(re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", words))):
        raise Refused("说明中不要写身份证号或电话号码：号码请填在相应的项目里。", field)
    return words
