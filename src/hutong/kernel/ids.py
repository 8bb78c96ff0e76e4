"""Resident identity numbers (公民身份号码, GB 11643-1999): 18 characters, the last a check digit by ISO 7064 MOD 11-2.

Numbers arrive typed by people: with spaces, full-width digits, a small x, or still in the 15-digit form that was
issued before 1999-10. ``normalise`` only tidies; ``parse`` also judges; ``find`` judges without raising.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Final

from hutong.kernel import clock

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_FORM: Final = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_OLD_FORM: Final = re.compile(r"[1-9][0-9]{14}", re.ASCII)
# Excel's text apostrophe, hyphens and the like: never part of a number, often typed or pasted with it.
_NOISE: Final = re.compile(r"[\s'`\u2018\u2019\u200b-\u200f\ufeff\-\u2010-\u2015\u2212_.,]+")
# Signs that stand for the letter X: the multiplication sign and the Cyrillic and Greek letters.
_X: Final = str.maketrans("×✕хХΧχ", "XXXXXX")


class IdNumberError(ValueError):
    """Not a valid resident ID number; the text is the reason, in Chinese, and contains no part of the number."""


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A number that passed ``parse``: 18 characters, upper case."""

    number: str

    @property
    def birth_date(self) -> date:
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    @property
    def sex(self) -> str:
        """'男' or '女': the 17th digit, odd or even."""
        return "男" if int(self.number[16]) % 2 else "女"

    @property
    def county(self) -> str:
        """Six digits: the county of first registration, which may since have been abolished."""
        return self.number[:6]

    def __str__(self) -> str:
        return self.number

    def __repr__(self) -> str:
        # Logs and tracebacks must not carry whole numbers.
        return f"ResidentId({mask(self.number)})"


def check_digit(first17: str) -> str:
    """The 18th character for the first seventeen digits."""
    if len(first17) != 17 or not (first17.isascii() and first17.isdigit()):
        raise IdNumberError("计算校验码需要身份证号码的前 17 位数字。")
    return _CHECK[sum(map(mul, map(int, first17), _WEIGHTS)) % 11]


def normalise(text: str) -> str:
    """Spaces and marks out, full-width to half-width, upper case, 15 digits to 18 where they hold a date."""
    if len(text) != 18 or not text.isascii() or not text.isalnum():
        text = _NOISE.sub("", unicodedata.normalize("NFKC", text).translate(_X))
    number = text.upper()
    if _OLD_FORM.fullmatch(number) and _date(f"19{number[6:12]}") is not None:
        first17 = f"{number[:6]}19{number[6:]}"
        return first17 + check_digit(first17)
    return number


def parse(text: str) -> ResidentId:
    """The number meant by ``text``; raises IdNumberError with the reason."""
    number = normalise(text)
    if not number:
        raise IdNumberError("身份证号码为空，请填写 18 位号码。")
    if len(number) == 15:
        raise IdNumberError("15 位身份证号码含有非数字字符或出生日期不存在，请核对第 7 至 12 位。")
    if len(number) != 18:
        raise IdNumberError(f"身份证号码应为 18 位，现为 {len(number)} 位，请核对是否漏填或多填。")
    if not _FORM.fullmatch(number):
        raise IdNumberError("身份证号码前 17 位应为数字、末位应为数字或 X，请核对是否混入其他字符。")
    born = _date(number[6:14])
    if born is None or born.year < 1850:
        raise IdNumberError("身份证号码第 7 至 14 位不是有效的出生日期，请对照证件核对。")
    if born > clock.today():
        raise IdNumberError("身份证号码中的出生日期晚于今天，请对照证件核对。")
    if check_digit(number[:17]) != number[17]:
        raise IdNumberError("身份证号码校验码不符，可能有一位填错或相邻两位颠倒，请对照证件核对。")
    return ResidentId(number)


def find(text: str | None) -> ResidentId | None:
    """Like ``parse``, but None where there is no valid number."""
    if not text:
        return None
    try:
        return parse(text)
    except IdNumberError:
        return None


def mask(number: str) -> str:
    """First and last four characters, the rest stars; a short text is starred altogether."""
    if len(number) <= 8:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


def make(county: str, birth_date: date, order: int) -> str:
    """A valid number for demonstrations and tests; ``order`` 0–999, odd for men.

    Use only county codes that are not assigned (5001 99, 2203 99, 99 xxxx): a made number can belong to somebody.
    """
    if not (len(county) == 6 and county.isascii() and county.isdigit() and county[0] != "0"):
        raise IdNumberError("区划代码应为 6 位数字且首位不为 0。")
    if not 0 <= order <= 999:
        raise IdNumberError("顺序码应在 0 至 999 之间。")
    first17 = f"{county}{birth_date:%Y%m%d}{order:03d}"
    return first17 + check_digit(first17)


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
