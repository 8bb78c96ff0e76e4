"""艾滋病病毒感染儿童 (R-46.02; R-04.15)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hutong.domains.compartments.models.base import SealedFact


class HivFact(SealedFact):
    """Body: ``since`` (date), ``source``, ``contact`` (who treats), ``evidence``."""

    compartment = "hiv"

    class Meta:
        verbose_name = "专管事实（一）"
        indexes: ClassVar = [models.Index(fields=["child"], name="hiv_child")]
