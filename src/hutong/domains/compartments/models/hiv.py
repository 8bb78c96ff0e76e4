"""艾滋病病毒感染儿童 (R-46.02; R-04.15)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hutong.domains.compartments.models.base import SealedFact


class HivFact(SealedFact):
    """Body: ``since`` (date), ``source``, ``contact`` (who treats), ``evidence``."""

    compartment = "hiv"
    list_row = models.CharField("清单行", max_length=64, unique=True, null=True, blank=True, db_collation="C")
    """Keyed token of the delivered row it came from: the same row delivered again makes no second fact."""

    class Meta:
        verbose_name = "专管事实（一）"
        indexes: ClassVar = [models.Index(fields=["child"], name="hiv_child")]
