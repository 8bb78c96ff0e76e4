"""Does a list look like people, or like numbers counted up to try them out (TM-09)? No Django.

Real lists are scattered: one county sees about a dozen births a day, so many different numbers of one place and birthday,
long runs of consecutive ones, or one ending for a third of all rows do not come from a register of persons.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from hutong.domains.exchange.data import limits

_NUMBER: Final = re.compile(r"[0-9]{17}[0-9Xx]")
_ENOUGH: Final = 200
_COUNTED: Final = (
    "这份清单的身份证号不像登记的人员，而像按顺序编出来的号码（{what}），已拒收，没有导入任何内容。"
    "请核对数据来源；如确为登记数据，请与县级民政部门联系说明。"
)
FICTITIOUS: Final = ("500199", "220399", "99")
"""County codes that were never assigned: persons with such numbers do not exist."""


def counted_up(numbers: Iterable[str | None]) -> str | None:
    """The sentence for the sender when the numbers look counted up; None when they look like people."""
    found = sorted({number[:17] for number in numbers if number and _NUMBER.fullmatch(number)})
    if (run := _longest_run(found)) > limits.value("run_most"):
        return _COUNTED.format(what=f"有 {run} 个号码前后相连")
    series = Counter(number[:14] for number in found)
    if series and (most := max(series.values())) > limits.value("series_most"):
        return _COUNTED.format(what=f"同一地区同一天出生的有 {most} 人")
    endings = Counter(number[14:] for number in found)
    if len(found) >= _ENOUGH:
        share = 100 * max(endings.values()) // len(found)
        if share > limits.value("same_ending_percent"):
            return _COUNTED.format(what=f"{share}% 的号码顺序码相同")
    return None


def _longest_run(numbers: list[str]) -> int:
    """Of sorted 17-digit numbers; a step of two (one sex only) goes on as well."""
    longest = here = 1 if numbers else 0
    for before, after in pairwise(numbers):
        here = here + 1 if int(after) - int(before) <= 2 else 1
        longest = max(longest, here)
    return longest


def not_fictitious(numbers: Iterable[str | None]) -> int:
    """How many numbers could belong to somebody: none may come to the trial desk."""
    return sum(1 for number in numbers if number and not number.startswith(FICTITIOUS))
