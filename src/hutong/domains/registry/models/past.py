"""What a row said before it was changed: so that a past decision can be replayed with what was then known (ADR 0034)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db import models
from django.db.models.functions import Now

from hutong.domains.registry.models.child import Child

KEPT: Final[dict[str, tuple[str, ...]]] = {
    "registry_child": (
        "birth_date", "sex", "hukou_area", "residence_area", "id_kind", "rural", "lives_with", "place", "guard", "school",
        "full_time", "single", "entrusted", "adopted", "was",
    ),
    "registry_kinship": ("relation", "since", "until"),
    "registry_rollentry": ("scheme", "since", "until", "monthly"),
}  # fmt: skip
"""The columns rules read, of the tables whose rows are changed in place. A circumstance is superseded and needs none."""


class PastRow(models.Model):
    """``said``: the columns that were changed, as they stood until ``until_at``. Written by a trigger and by nothing else."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    table = models.CharField(max_length=40, db_collation="C")
    row_id = models.BigIntegerField()
    said: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField("原记录")
    until_at = models.DateTimeField("更改时间", db_default=Now())

    class Meta:
        verbose_name = "更改前的记录"
        indexes: ClassVar = [models.Index(fields=["child", "-until_at"], name="past_child")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"
