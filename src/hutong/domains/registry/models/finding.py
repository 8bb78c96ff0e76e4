"""Finding a child, and not making her twice."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from hutong.domains.registry.models.child import Child


class Gram(models.Model):
    """A thing typed → a child, once for each place the child belongs to. Written by ``registry_write_grams`` only.

    An equality or range on ``gram`` with the range on ``area_code`` is the primary key's own order: row security
    costs nothing (ADR 0007).
    """

    pk = models.CompositePrimaryKey("gram", "area_code", "child_id")
    gram = models.CharField(max_length=90, db_collation="C")
    area_code = models.CharField(max_length=12, db_collation="C")
    child_id = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = "检索词"

    def __str__(self) -> str:
        return self.gram


class Judgement(models.Model):
    """Somebody looked at a likely double and said why it is another child (R-03.01)."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="judgements")
    candidate = models.ForeignKey(Child, models.PROTECT, related_name="+")
    likeness = models.SmallIntegerField("相似度（百分）")
    reason = models.CharField("不是同一人的理由", max_length=200)
    by_label = models.CharField("判断人", max_length=160)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "查重判断"

    def __str__(self) -> str:
        return self.reason


class Opened(models.Model):
    """The files a person opened last: a convenience, not the read log."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    child = models.ForeignKey(Child, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "最近打开"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "child"], name="opened_once")]
        indexes: ClassVar = [models.Index(fields=["user", "-at"], name="opened_user")]

    def __str__(self) -> str:
        return str(self.child_id)
