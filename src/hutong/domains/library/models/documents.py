"""Policy documents and what hangs on them (ADR 0036). What the release brings has a ``key`` and no maker."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hutong.domains.library.machines import document as machine
from hutong.foundation.network.models import Post


def new_public_id() -> str:
    return secrets.token_hex(16)


class Document(models.Model):
    """One document. ``area_code``: whose it is to keep; ``applies_area``: the place it rules, the country for none.

    ``valid_from`` empty: not on record; with ``day_known`` False only its year is. ``words``: subject words.
    """

    class Level(models.TextChoices):
        NATIONAL = "national", "国家"
        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "县级"

    public_id = models.CharField(max_length=32, default=new_public_id, unique=True, db_collation="C")
    key = models.CharField("登记代码", max_length=60, blank=True, db_collation="C")
    number = models.CharField("文号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200)
    issuer = models.CharField("制发机关", max_length=120)
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    applies_area = models.CharField("适用地区", max_length=12, db_collation="C")
    issued_on = models.DateField("印发日期", null=True, blank=True)
    valid_from = models.DateField("施行日期", null=True, blank=True)
    valid_to = models.DateField("失效日期（不含）", null=True, blank=True)
    day_known = models.BooleanField("施行日期确切", default=True)
    issue_known = models.BooleanField("印发日期确切", default=True)
    unchecked = models.BooleanField("待核对原文", default=False)
    words: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=30), verbose_name="主题词", default=list
    )
    state = models.CharField(
        "状态", max_length=10, choices=machine.MACHINE.states, default=machine.DRAFT, db_collation="C"
    )
    area_code = models.CharField("整理单位地区", max_length=12, db_collation="C", db_index=True)
    file_name = models.CharField("来源文件", max_length=120, blank=True)
    digest = models.CharField("来源文件摘要", max_length=64, blank=True, db_collation="C")
    notes: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=200), verbose_name="拆分提示", default=list
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    made_label = models.CharField("整理人", max_length=140, blank=True)
    made_at = models.DateTimeField("整理时间")
    published_label = models.CharField("发布人", max_length=140, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = "政策文件"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="library_key_once"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="library_valid_forward",
            ),
            models.CheckConstraint(
                condition=~Q(state=machine.REPEALED) | Q(valid_to__isnull=False), name="library_repealed_on_a_day"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）" if self.number else self.title

    @property
    def shipped(self) -> bool:
        return bool(self.key)


class Clause(models.Model):
    """One article: ``summary`` in our own words, ``original`` as the office's file has it (never shipped)."""

    public_id = models.CharField(max_length=32, default=new_public_id, unique=True, db_collation="C")
    document = models.ForeignKey(Document, models.CASCADE, related_name="clauses")
    position = models.PositiveIntegerField("次序")
    number = models.CharField("条号", max_length=40, blank=True)
    heading = models.CharField("小标题", max_length=80, blank=True)
    summary = models.TextField("要点", max_length=1000, blank=True)
    original = models.TextField("原文", blank=True)
    words: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=30), verbose_name="主题词", default=list
    )

    class Meta:
        verbose_name = "条款"
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return " ".join(filter(None, (self.number, self.heading))) or f"第 {self.position} 段"


class Link(models.Model):
    """What a clause (or a document as a whole) decides: a rule, a parameter of the packs, a programme."""

    class Kind(models.TextChoices):
        RULE = "rule", "规则"
        PARAM = "param", "参数"
        PROGRAMME = "programme", "项目"

    document = models.ForeignKey(Document, models.CASCADE, related_name="links")
    clause = models.ForeignKey(Clause, models.CASCADE, null=True, related_name="links")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    name = models.CharField("名称", max_length=60, db_collation="C", db_index=True)

    class Meta:
        verbose_name = "条款关联"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "clause", "kind", "name"], nulls_distinct=False, name="library_link_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Relation(models.Model):
    """How a document stands to another."""

    class Kind(models.TextChoices):
        IMPLEMENTS = "implements", "贯彻"
        REPLACES = "replaces", "替代"
        AMENDS = "amends", "修订"
        CITES = "cites", "引用"

    document = models.ForeignKey(Document, models.CASCADE, related_name="relations")
    target = models.ForeignKey(Document, models.PROTECT, related_name="related_by")
    kind = models.CharField("关系", max_length=10, choices=Kind.choices)

    class Meta:
        verbose_name = "文件关系"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "target", "kind"], name="library_relation_once"),
            models.CheckConstraint(condition=~Q(document=F("target")), name="library_relation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target_id}"
