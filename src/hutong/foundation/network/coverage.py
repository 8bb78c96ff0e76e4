"""Where the network has gaps: places of each level without the post, or with a post nobody holds (R-01.01)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from hutong.foundation.network.models import Area, Holding, Org, Post
from hutong.foundation.network.selectors import COUNTY, DIRECTOR, SUPERVISOR, current
from hutong.kernel import areas

EXPECTED: tuple[tuple[areas.Level, str, str], ...] = (
    ("village", DIRECTOR, "儿童主任"),
    ("township", SUPERVISOR, "儿童督导员"),
    ("county", COUNTY, "县级民政经办"),
)
STATIONS: tuple[tuple[areas.Level, str, str], ...] = (
    ("county", "RA", "未成年人救助保护机构"),
    ("township", "XZ", "未成年人保护工作站"),
    ("village", "CJW", "未成年人保护工作室（点）"),
)


@dataclass(frozen=True, slots=True)
class Covered:
    """One line of the coverage table: of ``places`` at ``level``, ``filled`` have ``what``."""

    level: str
    what: str
    places: int
    filled: int
    key: str

    @property
    def missing(self) -> int:
        return self.places - self.filled


def coverage(area_code: str) -> list[Covered]:
    """Coverage of the area and everything below, for posts held today and for bodies."""
    lines = []
    for level, role, what in EXPECTED:
        lines.append(_line(level, what, f"post-{role}", _places(area_code, level), _held(role)))
    for level, kind, what in STATIONS:
        lines.append(_line(level, what, f"org-{kind}", _places(area_code, level), _body(kind)))
    return [line for line in lines if line.places]


def list_gaps(area_code: str, key: str) -> QuerySet[Area]:
    """The places without what the coverage line ``key`` counts; none for an unknown key."""
    for level, role, _ in EXPECTED:
        if key == f"post-{role}":
            return _places(area_code, level).exclude(_held(role)).order_by("code")
    for level, kind, _ in STATIONS:
        if key == f"org-{kind}":
            return _places(area_code, level).exclude(_body(kind)).order_by("code")
    return Area.objects.none()


def _line(level: areas.Level, what: str, key: str, places: QuerySet[Area], filled: Exists) -> Covered:
    return Covered(areas.LEVEL_LABELS[level], what, places.count(), places.filter(filled).count(), key)


def _places(area_code: str, level: areas.Level) -> QuerySet[Area]:
    lo, hi = areas.bounds(area_code)
    rows = Area.objects.filter(code__gte=lo, code__lt=hi, level=level, valid_to__isnull=True)
    return rows.exclude(name="市辖区") if level == "county" else rows


def _held(role: str) -> Exists:
    held = Exists(Holding.objects.filter(current(), post=OuterRef("pk")))
    return Exists(Post.objects.filter(held, active=True, role=role, area_code=OuterRef("code")))


def _body(kind: str) -> Exists:
    return Exists(Org.objects.filter(kind=kind, area_code=OuterRef("code")))
