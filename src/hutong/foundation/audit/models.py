"""The two logs (ADR 0003): what changed, and who read a child's file. Investigation only; no feature depends on them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Change(models.Model):
    """One changed row, written by the trigger ``audit_change_rows`` and by nothing else."""

    at = models.DateTimeField("时间")
    table = models.CharField("表", max_length=63)
    operation = models.CharField("操作", max_length=6)
    row_id = models.CharField("行", max_length=64)
    child_id = models.BigIntegerField("儿童", null=True)
    area_code = models.CharField(max_length=12, db_collation="C", blank=True)
    actor_id = models.BigIntegerField("操作人", null=True)
    post_id = models.BigIntegerField("岗位", null=True)
    request_id = models.CharField("请求", max_length=32, blank=True)
    reason = models.TextField("事由", blank=True)
    diff = models.JSONField("变化")

    class Meta:
        verbose_name = "变更日志"
        indexes: ClassVar = [
            models.Index(fields=["child_id", "-at"], name="change_child"),
            models.Index(fields=["table", "row_id"], name="change_row"),
            models.Index(fields=["-at"], name="change_at"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.operation} {self.row_id}"


class Read(models.Model):
    """One opening of a child's file (or an export of several): written in the reader's transaction."""

    at = models.DateTimeField("时间", db_default=Now())
    child_id = models.BigIntegerField("儿童")
    area_code = models.CharField(max_length=12, db_collation="C", blank=True)
    actor_id = models.BigIntegerField("阅者")
    actor_label = models.CharField("阅者及岗位", max_length=160)
    post_id = models.BigIntegerField("岗位", null=True)
    what = models.CharField("看了什么", max_length=40)
    purpose = models.CharField("目的", max_length=80, blank=True)
    request_id = models.CharField("请求", max_length=32, blank=True)

    class Meta:
        verbose_name = "查阅日志"
        indexes: ClassVar = [
            models.Index(fields=["child_id", "-at"], name="read_child"),
            models.Index(fields=["actor_id", "-at"], name="read_actor"),
            models.Index(fields=["-at"], name="read_at"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.what}"
