"""Sealed compartments (R-46.01 to R-46.03): every one with tables, policies and a key of its own."""

from hutong.domains.compartments.models.base import Matter, Opening, SealedFact
from hutong.domains.compartments.models.facts import (
    AbuseFact,
    AdoptionFact,
    ReporterFact,
    ShieldFact,
    WholeFile,
)
from hutong.domains.compartments.models.hiv import HivFact

FACTS: dict[str, type[SealedFact]] = {
    "hiv": HivFact,
    "abuse": AbuseFact,
    "reporter": ReporterFact,
    "adoption": AdoptionFact,
    "shield": ShieldFact,
}
"""Compartment → the table of its facts."""

__all__ = [
    "FACTS", "AbuseFact", "AdoptionFact", "HivFact", "Matter", "Opening", "ReporterFact", "SealedFact", "ShieldFact",
    "WholeFile",
]  # fmt: skip
