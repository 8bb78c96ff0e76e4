"""The two logs (ADR 0003): what changed, and who read a child's file; and the tree over both (ADR 0017).

Investigation only; no feature depends on them.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

TRANSACTION = "(pg_current_xact_id()::text)::bigint"


def transaction_field() -> models.BigIntegerField[int | None, int | None]:
    """The writing transaction's number: where the sequencer looks for rows it has not folded. Not part of the content."""
    return models.BigIntegerField(null=True, db_default=RawSQL(TRANSACTION, []), editable=False)  # noqa: S611 - a constant


def transaction_index(name: str) -> BrinIndex:
    """Costs next to nothing to keep: rows of one time lie together."""
    return BrinIndex(fields=["tx"], name=name, autosummarize=True)


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
    tx = transaction_field()

    class Meta:
        verbose_name = "变更日志"
        indexes: ClassVar = [
            models.Index(fields=["child_id", "-at"], name="change_child"),
            models.Index(fields=["table", "row_id"], name="change_row"),
            models.Index(fields=["-at"], name="change_at"),
            transaction_index("change_tx"),
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
    explained = models.CharField("为何打开", max_length=12, blank=True, db_default="")
    explained_ref = models.CharField("依据", max_length=64, blank=True, db_default="")
    tx = transaction_field()

    class Meta:
        verbose_name = "查阅日志"
        indexes: ClassVar = [
            models.Index(fields=["child_id", "-at"], name="read_child"),
            models.Index(fields=["actor_id", "-at"], name="read_actor"),
            models.Index(fields=["-at"], name="read_at"),
            transaction_index("read_tx"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.what}"


class Erasure(models.Model):
    """One lawful destruction of log rows: content and salt are gone, their entries stay in the tree."""

    at = models.DateTimeField("时间", db_default=Now())
    spans = models.JSONField("范围")
    """``[[kind, first id, last id], …]``"""
    rows = models.BigIntegerField("条数")
    basis = models.CharField("依据", max_length=200)
    reason = models.TextField("事由")
    by_label = models.CharField("经办", max_length=160)
    approved_label = models.CharField("批准", max_length=160)
    tx = transaction_field()

    class Meta:
        verbose_name = "日志销毁"

    def __str__(self) -> str:
        return f"销毁 #{self.pk}"


class Leaf(models.Model):
    """One entry of the tree (``commitments``), written by ``audit_fold`` and by nothing else. ``seq`` has no gaps."""

    seq = models.BigIntegerField(primary_key=True)
    kind = models.SmallIntegerField()
    row_id = models.BigIntegerField()
    commitment = models.BinaryField()

    class Meta:
        verbose_name = "日志承诺"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "row_id"], name="leaf_once")]

    def __str__(self) -> str:
        return f"{self.seq}"


class Salt(models.Model):
    """What makes a commitment say nothing about its row. Closed to the web role; destroyed with the row."""

    seq = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField()

    class Meta:
        verbose_name = "日志盐值"

    def __str__(self) -> str:
        return f"{self.seq}"


class Folding(models.Model):
    """One row: from which transaction on the sequencer looks next time, in which cluster."""

    id = models.SmallIntegerField(primary_key=True)
    cluster = models.CharField(max_length=40)
    looked_to = models.BigIntegerField(null=True)
    folded_at = models.DateTimeField()

    class Meta:
        verbose_name = "日志归集"

    def __str__(self) -> str:
        return self.cluster


class Checkpoint(models.Model):
    """The tree at one moment, signed: ``note`` is what witnesses keep. ``peaks`` lets the next one go on from here."""

    size = models.BigIntegerField("条数", unique=True)
    root = models.BinaryField("根")
    at = models.DateTimeField("时间")
    peaks = models.BinaryField()
    note = models.TextField()

    class Meta:
        verbose_name = "日志检查点"

    def __str__(self) -> str:
        return f"{self.size}"


class Check(models.Model):
    """What one look at the log found: a verification, an export to a witness, or the clocks."""

    class Kind(models.TextChoices):
        VERIFY = "verify", "逐条核验"
        WITNESS = "witness", "交存见证"
        CLOCK = "clock", "时钟"

    at = models.DateTimeField("时间", db_default=Now())
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    ok = models.BooleanField("结果")
    size = models.BigIntegerField("条数", default=0)
    erased = models.BigIntegerField("依法销毁", default=0)
    waiting = models.BigIntegerField("待归集", default=0)
    findings = models.JSONField("发现", default=list)
    seconds = models.FloatField("用时", default=0)

    class Meta:
        verbose_name = "日志核验"
        indexes: ClassVar = [models.Index(fields=["kind", "-at"], name="check_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.size}"
