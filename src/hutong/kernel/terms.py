"""Dated terms: amounts, lists and words that hold from a day on, each line with its source (architecture §3.6)."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from hutong.kernel import clock


class TermsError(ValueError):
    """A file of terms says something without a day, a value or a source; the text says which."""


class Terms:
    """One YAML file: term → ``label`` and ``values``, lines of ``from``, ``value``, ``source``.

    A later line replaces an earlier one; a line that was in force is never edited. Read once, when first asked.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    @cached_property
    def lines(self) -> dict[str, list[dict[str, Any]]]:
        """Term → its lines, oldest first; TermsError for a line that is not whole."""
        found = {}
        for key, term in yaml.safe_load(self.file.read_text(encoding="utf-8")).items():
            found[key] = sorted(term["values"], key=lambda line: line["from"])
            for line in found[key]:
                if not isinstance(line["from"], date) or "value" not in line or not line.get("source"):
                    raise TermsError(f"{self.file.name}“{key}”有一行缺少 from、value 或 source：{line}")
        return found

    def find(self, key: str, on: date | None = None) -> Any:
        """What is in force on a day (default today); None before the first line. KeyError for a term nobody wrote down."""
        day = on or clock.today()
        return next((line["value"] for line in reversed(self.lines[key]) if line["from"] <= day), None)

    def number(self, key: str, on: date | None = None) -> int:
        """The number in force on a day (default today); KeyError where there is none."""
        found = self.find(key, on)
        if found is None:
            raise KeyError(key)
        return int(found)
