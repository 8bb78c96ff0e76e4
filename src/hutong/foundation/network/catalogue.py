"""Kinds of bodies and titles of roles, from the data files (R-02.04, R-02.06, A03, A22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of body; ``reports``: bound to report harm, so it names a contact (R-02.11)."""

    code: str
    name: str
    level: str
    reports: bool
    variants: tuple[str, ...]
    duties: tuple[str, ...]


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by code, in the order of the duty matrix."""
    rows = yaml.safe_load((_DATA / "org_kinds.yaml").read_text(encoding="utf-8"))
    return {
        row["code"]: Kind(**row | {"variants": tuple(row["variants"]), "duties": tuple(row["duties"])})
        for row in rows
    }


def kind_named(name: str) -> Kind | None:
    """The kind a document means by ``name``: its name, a variant, or one of them inside a longer name."""
    tidy = name.strip()
    for kind in kinds().values():
        if tidy in (kind.name, *kind.variants):
            return kind
    inside = [
        (len(word), kind) for kind in kinds().values() for word in (kind.name, *kind.variants) if word in tidy
    ]
    return max(inside, key=lambda pair: pair[0])[1] if inside else None


def role_titled(title: str, on: date) -> str | None:
    """The role a document of that day means by a title, or None."""
    rows = yaml.safe_load((_DATA / "role_titles.yaml").read_text(encoding="utf-8"))
    for row in rows:
        if row["title"] == title and row["from"] <= on and (row["until"] is None or on < row["until"]):
            return str(row["role"])
    return None
