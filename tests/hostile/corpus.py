"""All hostile files, by name."""

from __future__ import annotations

from .books import ACTIVE, BOMBS, STRUCTURE, XML
from .cases import Case
from .others import BINARIES, NAMES, PAPERS, PICTURES, TABLES

CORPUS: dict[str, Case] = {}
for case in (*BOMBS, *ACTIVE, *XML, *STRUCTURE, *PICTURES, *PAPERS, *TABLES, *BINARIES, *NAMES):
    CORPUS[case.name if case.name not in CORPUS else f"{case.name} (csv)"] = case
