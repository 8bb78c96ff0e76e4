"""Attachments: what was uploaded, by whom, for what. Never deleted, only withdrawn with a reason."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from hutong.foundation.network.models import Post


def new_public_id() -> str:
    """An unguessable name for addresses and for the stored file: 32 hex digits."""
    return secrets.token_hex(16)


class Document(models.Model):
    """One checked file. Its bytes lie sealed under ``settings.UPLOADS``; the row says who may reach them."""

    class Kind(models.TextChoices):
        IMAGE = "image", "图片"
        PDF = "pdf", "PDF"
        SHEET = "sheet", "表格"
        DOC = "doc", "文档"

    public_id = models.CharField(max_length=32, default=new_public_id, unique=True, db_collation="C")
    name = models.CharField("文件名", max_length=120)
    kind = models.CharField("类型", max_length=10, choices=Kind.choices)
    mime = models.CharField(max_length=100)
    size = models.BigIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    purpose = models.CharField("用途", max_length=120)
    child_id = models.BigIntegerField("儿童", null=True, blank=True)
    area_code = models.CharField("区划", max_length=12, db_collation="C")
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    once = models.CharField(max_length=40, blank=True)
    reserved = models.BooleanField("只由所属事项发放", default=False)
    """Made by the platform for one thing (an export): handed out by that thing alone, never by the ordinary address."""
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    uploaded_label = models.CharField("上传人", max_length=140)
    withdrawn_at = models.DateTimeField("作废时间", null=True, blank=True)
    withdrawn_label = models.CharField("作废人", max_length=140, blank=True)
    withdrawn_reason = models.CharField("作废理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "附件"
        indexes: ClassVar = [
            models.Index(fields=["child_id", "-uploaded_at"], name="document_child"),
            models.Index(fields=["subject_type", "subject_id"], name="document_subject"),
            models.Index(fields=["area_code", "-uploaded_at"], name="document_area"),
        ]
        constraints: ClassVar = [
            # the form's own number: a double click stores one file
            models.UniqueConstraint(
                fields=["uploaded_by", "once"], condition=~Q(once=""), name="document_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def size_words(self) -> str:
        """'1.2 MB', '340 KB'."""
        return f"{self.size / 2**20:.1f} MB" if self.size >= 2**20 else f"{max(1, self.size // 1024)} KB"
