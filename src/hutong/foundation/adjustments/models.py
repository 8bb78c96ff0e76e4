"""A difference to review before it applies, and where each row was filed before (ADR 0020)."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from hutong.foundation.adjustments import machines as machine
from hutong.foundation.network.models import Post


def new_public_id() -> str:
    return secrets.token_hex(16)


def _code(label: str, *, blank: bool = False) -> models.CharField[str, str]:
    return models.CharField(label, max_length=12, db_collation="C", blank=blank)


class Adjustment(models.Model):
    """One list compared with the places in force in and below ``area_code``."""

    public_id = models.CharField(max_length=32, default=new_public_id, unique=True, db_collation="C")
    title = models.CharField("名称", max_length=120)
    source = models.CharField("依据", max_length=200)
    area_code = _code("范围")
    effective_on = models.DateField("生效日期")
    state = models.CharField(
        "状态", max_length=10, choices=machine.ADJUSTMENT.states, default=machine.OPEN, db_collation="C"
    )
    digest = models.CharField("清单摘要", max_length=64)
    answer = models.CharField("确认意见", max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    made_label = models.CharField("比对人", max_length=140)
    made_at = models.DateTimeField("比对时间")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_label = models.CharField("确认人", max_length=140, blank=True)
    applied_at = models.DateTimeField("生效时间", null=True, blank=True)
    refiled: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField("随之改列", default=dict)

    class Meta:
        verbose_name = "区划调整"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=machine.APPLIED) | Q(applied_at__isnull=False, confirmed_by__isnull=False),
                name="adjustment_applied_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Row(models.Model):
    """One difference. ``guess``: codes it may have gone on as, with ``why``; nothing is done without ``decision``."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="rows")
    area_code = _code("代码")
    kind = models.CharField("差异", max_length=8, choices=machine.KINDS)
    level = models.CharField("级别", max_length=10)
    old_name = models.CharField("现名", max_length=80, blank=True)
    new_name = models.CharField("清单名称", max_length=80, blank=True)
    guess: models.JSONField[list[Any], list[Any]] = models.JSONField("可能去向", default=list)
    why = models.CharField("为什么", max_length=200, blank=True)
    filed: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField("涉及", default=dict)
    decision = models.CharField("决定", max_length=8, choices=machine.DECISIONS, blank=True)
    targets: models.JSONField[list[Any], list[Any]] = models.JSONField("去向", default=list)
    note = models.CharField("说明", max_length=200, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_label = models.CharField("决定人", max_length=140, blank=True)

    class Meta:
        verbose_name = "区划差异"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["adjustment", "area_code"], name="adjustment_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.get_kind_display()}"


class Refiled(models.Model):
    """A row that was filed under a code which went on as another: where it stood, so that a record keeps its place."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="refiled_rows")
    table = models.CharField(max_length=63, db_collation="C")
    column = models.CharField(max_length=40)
    row_id = models.CharField(max_length=64, db_collation="C")
    old_code = _code("原代码")
    new_code = _code("现代码")
    on = models.DateField("生效日期")

    class Meta:
        verbose_name = "随区划改列"
        indexes: ClassVar = [models.Index(fields=["table", "row_id"], name="refiled_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"
