"""Emergency openings: one child's file, one person, at most an hour, reviewed without exception (ADR 0016)."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.domains.glass.machines.opening import MACHINE, PENDING
from hutong.foundation.network.models import Post
from hutong.kernel.public_ids import new_public_id


class Opening(models.Model):
    """Written by the database function ``glass_open`` alone, together with the grant it gives (``access.Grant``).

    ``area_code``, ``hukou_area``: where the child belonged at that moment; ``post_area``: the opener's own range.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    child_id = models.BigIntegerField("儿童", db_index=True)
    file_no = models.CharField("档案号", max_length=40, db_collation="C")
    area_code = models.CharField("儿童居住地", max_length=12, db_collation="C")
    hukou_area = models.CharField("儿童户籍地", max_length=12, db_collation="C")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    post_area = models.CharField("查阅人辖区", max_length=12, db_collation="C")
    label = models.CharField("查阅人", max_length=160)
    reason = models.CharField("理由", max_length=12, db_collation="C")
    words = models.CharField("情况说明", max_length=300)
    danger = models.BooleanField("生命危险")
    at = models.DateTimeField("时间")
    until = models.DateTimeField("自动结束")
    ended_at = models.DateTimeField("提前结束", null=True, blank=True)
    review_due = models.DateField("复核期限")
    state = models.CharField("复核", max_length=12, choices=MACHINE.states, default=PENDING, db_collation="C")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_label = models.CharField("复核人", max_length=160, blank=True, db_default="")
    reviewed_at = models.DateTimeField("复核时间", null=True, blank=True)
    review_words = models.CharField("复核意见", max_length=300, blank=True, db_default="")

    class Meta:
        verbose_name = "紧急查阅"
        indexes: ClassVar = [
            models.Index(fields=["user", "-at"], name="glass_user"),
            models.Index(fields=["area_code", "-at"], name="glass_area"),
            models.Index(fields=["post_area", "-at"], name="glass_post_area"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gt=F("at")) & Q(until__lte=F("at") + timedelta(hours=24)),
                name="glass_short",
            ),
            models.CheckConstraint(
                condition=Q(state=PENDING, reviewed_by__isnull=True)
                | (~Q(state=PENDING) & Q(reviewed_by__isnull=False) & ~Q(reviewed_by=F("user"))),
                name="glass_reviewed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_no} {self.at:%Y-%m-%d %H:%M}"
