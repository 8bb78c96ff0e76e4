"""Status history, worklist, clocks, outbox and long jobs: the tables every state machine shares (ADR 0004, 0005)."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from hutong.foundation.network.models import Post

OPEN = Q(closed_at__isnull=True)


def new_public_id() -> str:
    """An unguessable name for addresses: 32 hex digits."""
    return secrets.token_hex(16)


def area_field() -> models.CharField[str, str]:
    return models.CharField("区划", max_length=12, db_collation="C")


class StatusChange(models.Model):
    """One step of one thing: append-only business history, never the audit log (ADR 0003)."""

    machine = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    child_id = models.BigIntegerField("儿童", null=True, blank=True)
    area_code = area_field()
    event = models.CharField("事件", max_length=60)
    from_state = models.CharField("原状态", max_length=40, blank=True)
    to_state = models.CharField("新状态", max_length=40)
    right = models.CharField("所用权限", max_length=40, blank=True)
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField("经办", max_length=140)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("理由", max_length=500, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "办理记录"
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="status_subject"),
            models.Index(fields=["child_id", "at"], name="status_child", condition=Q(child_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}#{self.subject_id} {self.event}"


class WorkItem(models.Model):
    """One thing that waits for a post (never for a person): whoever holds the post sees it."""

    public_id = models.CharField(max_length=32, default=new_public_id, unique=True, db_collation="C")
    kind = models.CharField("类别", max_length=60)
    title = models.CharField("要做什么", max_length=120)
    summary = models.CharField("说明", max_length=200, blank=True)
    owner_post = models.ForeignKey(Post, models.PROTECT, related_name="work_items")
    opened_by_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    link = models.CharField(max_length=300)
    child_id = models.BigIntegerField("儿童", null=True, blank=True)
    area_code = area_field()
    priority = models.SmallIntegerField("优先", default=0)
    due_on = models.DateField("截止")
    opened_at = models.DateTimeField("生成时间")
    paused_on = models.DateField("暂停起", null=True, blank=True)
    pause_reason = models.CharField("暂停原因", max_length=200, blank=True)
    escalate_to = models.CharField("逾期报告角色", max_length=40, blank=True)
    escalated_at = models.DateTimeField("逾期上报时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    outcome = models.CharField("办理结果", max_length=200, blank=True)

    class Meta:
        verbose_name = "待办"
        indexes: ClassVar = [
            models.Index(fields=["owner_post", "due_on"], name="work_mine", condition=OPEN),
            models.Index(fields=["opened_by_post", "due_on"], name="work_waiting", condition=OPEN),
            models.Index(fields=["area_code", "due_on"], name="work_area", condition=OPEN),
            # a wide range is walked by due date until the page is full, a narrow one by area
            models.Index(fields=["due_on", "id"], name="work_due", condition=OPEN),
            models.Index(fields=["owner_post", "-closed_at"], name="work_done", condition=~OPEN),
            models.Index(fields=["subject_type", "subject_id"], name="work_subject"),
            models.Index(fields=["child_id"], name="work_child", condition=OPEN & Q(child_id__isnull=False)),
        ]
        constraints: ClassVar = [
            # opening twice is opening once: a repeated job or a double click makes no second row
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind", "owner_post"], condition=OPEN, name="work_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Clock(models.Model):
    """How long a subject may stay in a state; it stops with a reason and goes on with the due moved by the stop."""

    machine = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    child_id = models.BigIntegerField("儿童", null=True, blank=True)
    area_code = area_field()
    state = models.CharField("状态", max_length=40)
    amount = models.IntegerField("时限")
    unit = models.CharField("单位", max_length=10)
    started_at = models.DateTimeField("起算")
    due_at = models.DateTimeField("到期")
    stopped_at = models.DateTimeField("中止时间", null=True, blank=True)
    stop_reason = models.CharField("中止原因", max_length=200, blank=True)
    escalate_to = models.CharField("逾期报告角色", max_length=40, blank=True)
    escalated_at = models.DateTimeField("逾期上报时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        verbose_name = "时限"
        indexes: ClassVar = [models.Index(fields=["due_at"], name="clock_due", condition=OPEN)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "state"], condition=OPEN, name="clock_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}#{self.subject_id} {self.state}"


class Outbox(models.Model):
    """What was announced, in the announcer's transaction. ``key`` makes a repeated announcement one."""

    event = models.CharField(max_length=80)
    key = models.CharField(max_length=120, unique=True, db_collation="C")
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=40, blank=True)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "待发布事件"
        indexes: ClassVar = [
            models.Index(
                fields=["id"], name="outbox_waiting", condition=Q(done_at__isnull=True, dead_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"


class Receipt(models.Model):
    """This handler has taken that row: written with the handler's own effects, so a repeat does nothing."""

    outbox = models.ForeignKey(Outbox, models.CASCADE, related_name="receipts")
    handler = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["outbox", "handler"], name="receipt_once")]

    def __str__(self) -> str:
        return f"{self.outbox_id} {self.handler}"


class LongJob(models.Model):
    """Work that takes longer than a request: visible, cancellable, with its result or the reason it failed."""

    class State(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"
        CANCELLED = "cancelled", "已取消"

    public_id = models.CharField(max_length=32, default=new_public_id, unique=True, db_collation="C")
    kind = models.CharField("类别", max_length=60)
    title = models.CharField("名称", max_length=120)
    params = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    area_code = area_field()
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.BigIntegerField("已完成", default=0)
    total = models.BigIntegerField("总数", default=0)
    note = models.CharField("进展", max_length=200, blank=True)
    cancel_requested = models.BooleanField(default=False)
    result_link = models.CharField(max_length=300, blank=True)
    error = models.CharField("原因", max_length=500, blank=True)
    created_at = models.DateTimeField("提交时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "后台任务"
        indexes: ClassVar = [
            models.Index(fields=["post", "-created_at"], name="job_mine"),
            models.Index(fields=["area_code", "-created_at"], name="job_area"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        """0–100; 100 only when done."""
        if self.state == self.State.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0
