"""Packs as they stand in a place on a day: the pack's file with what was put in force there over it (ADR 0035)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hutong.domains.policy.models import Overlay
from hutong.foundation.queries import Remembered
from hutong.kernel import areas
from hutong.rulebook import packs
from hutong.rulebook.book import Book, book_of
from hutong.rulebook.packs import Pack, drafts

_here = Remembered(
    lambda wider, **codes: Overlay.objects.filter(
        area_code__in=[codes[f"c{n}"] for n in range(wider)]
    ).order_by("effective_on", "pk")
)


@dataclass(frozen=True, slots=True)
class Laid:
    """Everything ever put in force in a place, oldest first: one query for all packs and days."""

    overlays: tuple[Overlay, ...]

    @property
    def days(self) -> set[date]:
        return {one.effective_on for one in self.overlays}

    def pack(self, name: str, on: date) -> Pack:
        live = [one.draft for one in self.overlays if one.pack == name and one.effective_on <= on]
        return drafts.overlaid(packs.load(name), live)

    def book(self, name: str, on: date) -> Book:
        return book_of(self.pack(name, on), on)


def of_place(area_code: str) -> Laid:
    codes = areas.ancestors(area_code)
    return Laid(tuple(_here(len(codes), **{f"c{n}": code for n, code in enumerate(codes)})))


def list_overlays(pack: str, area_code: str, on: date) -> list[Overlay]:
    """What is in force over ``pack`` in a place on a day, oldest first."""
    return [one for one in of_place(area_code).overlays if one.pack == pack and one.effective_on <= on]


def get_overlay(scenario_id: int) -> Overlay:
    """What a scenario put in force; Overlay.DoesNotExist before its day."""
    return Overlay.objects.get(scenario_id=scenario_id)


def pack_in(name: str, area_code: str, on: date) -> Pack:
    """The pack in a place on a day; its own version where something is laid over it."""
    return of_place(area_code).pack(name, on)
