"""Who can tell a fact nobody has told us: dated, with the paper that shows it and the source (``data/suppliers.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hutong.kernel.facts import PARENTS
from hutong.rulebook.facts import FACTS_BY_NAME

FILE = Path(__file__).parent / "data" / "suppliers.yaml"


@dataclass(frozen=True, slots=True)
class Supplier:
    """``label``: what to ask for, in words; ``who``: whom, the likeliest first; ``paper``: what shows it."""

    label: str
    who: tuple[str, ...]
    paper: str
    source: str
    act: str = ""
    """What they do where they cannot simply be asked (综合判断)."""

    @property
    def sentence(self) -> str:
        """``父亲死亡日期 —— 可向公安机关（户籍管理）或村（居）民委员会了解（凭据：死亡证明……）``."""
        return f"{self.label} —— {self._asking}（凭据：{self.paper}）"

    @property
    def short(self) -> str:
        return f"{self.label}（{self._asking}）"

    @property
    def _asking(self) -> str:
        return f"由{self.whom}{self.act}" if self.act else f"可向{self.whom}了解"

    @property
    def whom(self) -> str:
        return "、".join(self.who[:-1]) + ("或" if len(self.who) > 1 else "") + self.who[-1]


def of(fact: str, on: date) -> Supplier:
    """Who can tell the fact on a day; before the first line, whoever the first line names."""
    lines = _lines()[fact]
    live = [one for start, one in lines if start <= on]
    return live[-1] if live else lines[0][1]


@cache
def _lines() -> Mapping[str, list[tuple[date, Supplier]]]:
    """Fact → its lines, oldest first."""
    told: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    owners = {"child": [("", "")], "parent": [(f"{prefix}_", zh) for prefix, zh in PARENTS]}
    found: dict[str, list[tuple[date, Supplier]]] = {}
    for group, prefixes in owners.items():
        for line in told[group]:
            for prefix, zh in prefixes:
                for name in line["facts"]:
                    found.setdefault(prefix + name, []).append(
                        (line["from"], _supplier(line, prefix + name, zh))
                    )
    return {fact: sorted(lines, key=lambda one: one[0]) for fact, lines in found.items()}


def _supplier(line: Mapping[str, Any], fact: str, zh: str) -> Supplier:
    asked_for = zh + line["ask"] if "ask" in line else FACTS_BY_NAME[fact].label
    return Supplier(asked_for, tuple(line["who"]), line["paper"], line["source"], line.get("act", ""))
