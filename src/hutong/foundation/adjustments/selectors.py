"""Reads of changes of places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet

from hutong.foundation.access.acting import Acting
from hutong.foundation.adjustments import machines as machine
from hutong.foundation.adjustments.models import Adjustment, Refiled, Row
from hutong.foundation.network import history
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Area, AreaRelation, Post
from hutong.kernel import areas


def list_adjustments(actor: Acting) -> QuerySet[Adjustment]:
    return Adjustment.objects.order_by("-made_at", "-pk")


def get_adjustment(public_id: str) -> Adjustment:
    """Within the acting range. Raises Adjustment.DoesNotExist."""
    return Adjustment.objects.get(public_id=public_id)


def get(pk: int) -> Adjustment:
    return Adjustment.objects.get(pk=pk)


def list_rows(adjustment: Adjustment, *, undecided: bool = False, kind: str = "") -> QuerySet[Row]:
    rows = adjustment.rows.order_by("area_code")
    rows = rows.filter(decision="") if undecided else rows
    return rows.filter(kind=kind) if kind else rows


def list_splits(adjustment: Adjustment) -> list[Row]:
    """Places that became several: what is filed there must be assigned one by one."""
    return list(adjustment.rows.filter(decision=machine.SPLIT).order_by("area_code"))


def list_refiled(adjustment: Adjustment, table: str) -> QuerySet[Refiled]:
    return Refiled.objects.filter(adjustment=adjustment, table=table)


def filed_then(row: Model, column: str) -> str:
    """The code under which a record was first filed, where its place has changed since; '' where it has not."""
    found = Refiled.objects.filter(table=row._meta.db_table, row_id=str(row.pk), column=column)
    return found.order_by("on", "pk").values_list("old_code", flat=True).first() or ""


def list_posts_left(adjustment: Adjustment) -> QuerySet[Post]:
    """Posts still over places that were split: somebody must set them up anew."""
    codes = [row.area_code for row in list_splits(adjustment)]
    return (
        Post.objects.filter(active=True, area_code__in=codes)
        .select_related("org")
        .order_by("area_code", "pk")
    )


def names_of(codes: list[str]) -> dict[str, str]:
    return dict(Area.objects.filter(code__in=codes).values_list("code", "name"))


@dataclass(frozen=True, slots=True)
class Story:
    """One code over time; ``became`` and ``came_from``: relations with the other place's full name."""

    code: str
    path: str
    periods: list[history.Period]
    became: list[tuple[AreaRelation, str]]
    came_from: list[tuple[AreaRelation, str]]


def story_of(code: str) -> Story:
    full = areas.pad(code)
    rows = AreaRelation.objects.filter(Q(old_code=full) | Q(new_code=full)).order_by("on", "pk")
    relations = list(rows)
    paths = network.area_paths(
        [full, *(one.old_code for one in relations), *(one.new_code for one in relations)]
    )
    return Story(
        full, paths[full], history.periods(full),
        [(one, paths.get(one.new_code, "")) for one in relations if one.old_code == full],
        [(one, paths[one.old_code]) for one in relations if one.new_code == full and one.old_code != full],
    )  # fmt: skip


def count_posts(codes: Sequence[str]) -> dict[str, int]:
    """Active posts standing exactly over each code."""
    found: dict[str, int] = dict.fromkeys(codes, 0)
    for code in Post.objects.filter(active=True, area_code__in=codes).values_list("area_code", flat=True):
        found[code] += 1
    return found
