"""The register of what is to be revised, repealed or followed up (R-43.04, R-43.05)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from hutong.domains.library.models.documents import Document, new_public_id
from hutong.foundation.network.models import Post


class Review(models.Model):
    """One entry: what is to become of a document (or how it is carried out), by whom, by when, and what came of it."""

    class Kind(models.TextChoices):
        REVISE = "revise", "拟修订"
        REPEAL = "repeal", "拟废止"
        KEEP = "keep", "继续有效"
        FOLLOW = "follow", "跟踪评估"

    public_id = models.CharField(max_length=32, default=new_public_id, unique=True, db_collation="C")
    document = models.ForeignKey(Document, models.PROTECT, related_name="reviews")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    reason = models.CharField("理由或评估内容", max_length=500)
    due_on = models.DateField("办结期限")
    area_code = models.CharField("登记单位地区", max_length=12, db_collation="C", db_index=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    made_label = models.CharField("登记人", max_length=140)
    made_on = models.DateField("登记日期")
    done_on = models.DateField("办结日期", null=True, blank=True)
    outcome = models.CharField("结果", max_length=1000, blank=True)
    done_label = models.CharField("办结人", max_length=140, blank=True)

    class Meta:
        verbose_name = "清理评估登记"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(done_on__isnull=True) | ~Q(outcome=""), name="library_review_done_with_words"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document_id}"
