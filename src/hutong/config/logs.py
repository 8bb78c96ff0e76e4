"""What a running system writes into its journal: what happened and where in the code, nothing about people.

Exceptions are the leak: PostgreSQL's tell the failing row, Python's the value that did not convert. So in production a
record is one line, an exception is its type, its place in the code and, from the database, the name of the constraint;
digits and Chinese characters are masked in everything that is not written in the code itself (TM-08).
"""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d(?:[ -]?\d){6,}[Xx]?")
_CHINESE = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_ABOUT_CODE = (ImportError, AttributeError, NameError, NotImplementedError)
"""Their messages name things of the code, not of a file."""
_FRAMES = 8


def masked(text: str) -> str:
    """``text`` in one line without long numbers and without Chinese: 身份证号, phones, accounts, names."""
    return _CONTROL.sub(" ", _CHINESE.sub("…", _NUMBER.sub("#", text)))


def told(error: BaseException) -> str:
    """An exception and what it came from, without the values that caused it."""
    parts: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        parts.append(_one(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)  # type: ignore[assignment]
    return " ← ".join(parts)


def _one(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{_short(one.filename)}:{one.lineno} {one.name}" for one in reversed(frames))
    return f"{type(error).__module__}.{type(error).__name__}{_detail(error)} at {places or '?'}"


def _detail(error: BaseException) -> str:
    diagnostic = getattr(error, "diag", None)
    if diagnostic is not None:
        named = (diagnostic.sqlstate, diagnostic.table_name, diagnostic.constraint_name)
        return f"({' '.join(filter(None, named))})"
    if isinstance(error, OSError) and error.errno:
        return f"(errno {error.errno})"
    return f"({masked(str(error))})" if isinstance(error, _ABOUT_CODE) else ""


def _short(path: str) -> str:
    for mark in ("/site-packages/", "/src/"):
        if mark in path:
            return path.rsplit(mark, 1)[1]
    return path.rsplit("/", 1)[-1]


class PlainFormatter(logging.Formatter):
    """One line a record; see the module."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{record.levelname} {record.name} {self._message(record)}"
        error = record.exc_info[1] if record.exc_info else None
        return f"{line} | {told(error)}" if error is not None else line

    def _message(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if record.name.startswith("django.") and request is not None:
            # Django writes the address, and people type names and numbers into addresses
            match = getattr(request, "resolver_match", None)
            where = match.view_name if match is not None else "(no such address)"
            return f"{getattr(record, 'status_code', '')} {request.method} {where}".strip()
        return masked(record.getMessage())


def configuration(*, level: str, requests: bool, plain: bool) -> dict[str, Any]:
    """For ``LOGGING``. ``plain`` in production; a developer sees whole tracebacks. The journal adds the time."""
    line = {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "hutong.config.logs.PlainFormatter"} if plain else line},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"hutong.requests": {"level": "INFO" if requests else "WARNING"}}
        | (
            {name: {"handlers": [], "propagate": True} for name in ("django", "django.server")}
            if plain
            else {}
        ),
    }
