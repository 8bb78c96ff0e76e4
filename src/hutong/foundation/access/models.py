"""Children made visible one by one: a case handed to a post outside the child's places."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from hutong.foundation.network.models import Post


class Assignment(models.Model):
    """``post`` may see the child from–to, wherever the child lives (architecture §3.1)."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="assignments")
    child_id = models.BigIntegerField("儿童", db_index=True)
    area_code = models.CharField("儿童居住地", max_length=12, db_collation="C")
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    reason = models.CharField("事由", max_length=200)

    class Meta:
        verbose_name = "指派"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="assignment_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}·{self.child_id}"
