"""In-app notices: one short line to a post, with a way to the thing."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from hutong.foundation.network.models import Post


class Notice(models.Model):
    """Belongs to a post, like work: the successor still finds what was told before.

    ``child_id``: whom it is about; it goes out of sight with a sealed file (ADR 0014).

    The key is made here and not by the database, because the sender may write the row and may not read it back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    child_id = models.BigIntegerField("儿童", null=True, blank=True)
    title = models.CharField("标题", max_length=120)
    body = models.CharField("内容", max_length=500, blank=True)
    link = models.CharField(max_length=300, blank=True)
    sender = models.CharField("发送", max_length=140, blank=True)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = "通知"
        indexes: ClassVar = [
            models.Index(fields=["post", "-at"], name="notice_post"),
            models.Index(fields=["post"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title
