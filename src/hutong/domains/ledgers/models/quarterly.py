"""The quarter's data for the national system and its difference to what was sent before."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.domains.ledgers.machines import quarterly as machine
from hutong.domains.registry.models import Child
from hutong.foundation.network.models import Post
from hutong.kernel.public_ids import new_public_id
from hutong.kernel.quarters import Quarter

KINDS = {"ADDED": "新增", "GONE": "减少", "CHANGED": "变更"}


class QuarterReport(models.Model):
    """One making of one county's data. The rows themselves lie in a sealed snapshot (``documents``), kept for the next
    comparison; ``digest`` is of the snapshot. ``unseen``: rows of the last one whose children this county no longer sees."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    area_code = models.CharField("区县", max_length=12, db_collation="C")
    quarter = models.CharField("季度", max_length=6, db_collation="C")
    layout = models.CharField("版式", max_length=20, db_collation="C")
    state = models.CharField(
        "状态", max_length=10, default=machine.MADE, choices=dict(machine.MACHINE.states), db_collation="C"
    )
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="上次上报")
    rows = models.IntegerField("人数")
    added = models.IntegerField("新增", default=0)
    gone = models.IntegerField("减少", default=0)
    changed = models.IntegerField("变更", default=0)
    unseen = models.IntegerField("另行管理", default=0)
    digest = models.CharField("指纹", max_length=64, db_collation="C")

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    made_label = models.CharField("制表人", max_length=160)
    made_at = models.DateTimeField("制表时间")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_label = models.CharField("复核人", max_length=160, blank=True)
    checked_at = models.DateTimeField("复核时间", null=True, blank=True)
    expires_at = models.DateTimeField("文件有效至", null=True, blank=True)
    sent_label = models.CharField("确认上报人", max_length=160, blank=True)
    sent_on = models.DateField("上报日期", null=True, blank=True)
    receipt = models.CharField("系统回执或流水号", max_length=60, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "季度数据"
        indexes: ClassVar = [models.Index(fields=["area_code", "-quarter", "-id"], name="quarterly_area")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "quarter"], condition=Q(state__in=machine.LIVE), name="quarterly_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[machine.CHECKED, machine.SENT])
                | (Q(checked_by__isnull=False) & ~Q(checked_by=F("made_by"))),
                name="quarterly_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.quarter}"

    @property
    def label(self) -> str:
        return Quarter.parse(self.quarter).label


class QuarterChange(models.Model):
    """One child that came, went or changed since the last time. ``fields``: codes of the changed columns; values only in the
    sealed snapshots."""

    report = models.ForeignKey(QuarterReport, models.PROTECT, related_name="changes")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=8, choices=KINDS, db_collation="C")
    reason = models.CharField("原因", max_length=120, blank=True)
    fields: models.JSONField[list[str], list[str]] = models.JSONField("变更项目", default=list)

    class Meta:
        verbose_name = "季度差异"
        indexes: ClassVar = [models.Index(fields=["report", "kind", "id"], name="quarterly_change")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
