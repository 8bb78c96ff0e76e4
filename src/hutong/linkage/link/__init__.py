"""From a row of a list to a person of the registry: ``exact`` by number, ``likely`` by everything else."""

from __future__ import annotations

from dataclasses import dataclass

from hutong.kernel import names


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a pair links by itself and when a person must look (match desk).

    ``name_floor``: least likeness of names (``kernel.names.similarity``) for a number to count as the person's own.
    """

    name_floor: float = names.SWAPPED
    likely: float = 0.95
    review: float = 0.20
    by_likelihood: bool = True
    """False: link by number only."""
