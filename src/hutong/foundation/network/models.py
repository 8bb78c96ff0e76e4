"""Places, organisations, posts, and who holds them from when to when (R-01.*, R-02.*)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q


class Area(models.Model):
    """One place as it is now, or as it was last: 12-digit code (GB/T 2260 + statistical). The same for everybody.

    In force while ``valid_to`` (exclusive) is empty; ``valid_from`` empty: since before there were records. What it was
    called before stands in ``AreaPeriod``, what became of it in ``AreaRelation`` (ADR 0020).
    """

    code = models.CharField("区划代码", max_length=12, primary_key=True, db_collation="C")
    name = models.CharField("名称", max_length=80, db_collation="C")
    level = models.CharField("级别", max_length=10)
    parent_code = models.CharField(max_length=12, db_collation="C", blank=True, db_index=True)
    path = models.CharField("全称", max_length=200)
    pinyin = models.CharField(max_length=200, db_collation="C", blank=True)
    initials = models.CharField(max_length=60, db_collation="C", blank=True)
    urban_rural = models.CharField("城乡分类", max_length=3, blank=True)
    core_urban = models.BooleanField("核心城区", default=False)
    poor_township = models.BooleanField("重点帮扶乡镇", default=False)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期（不含）", null=True, blank=True)

    class Meta:
        verbose_name = "区划"
        indexes: ClassVar = [  # finding by typing: one probe per level, wide places first
            models.Index(fields=["level", "name"], name="area_name"),
            models.Index(fields=["level", "pinyin"], name="area_pinyin"),
            models.Index(fields=["level", "initials"], name="area_initials"),
        ]

    def __str__(self) -> str:
        return self.path or self.name


class AreaPeriod(models.Model):
    """What a code meant in a time that is over: periods of one code follow each other without gap or overlap."""

    code = models.CharField("区划代码", max_length=12, db_collation="C", db_index=True)
    name = models.CharField("名称", max_length=80, db_collation="C")
    path = models.CharField("全称", max_length=200)
    parent_code = models.CharField(max_length=12, db_collation="C", blank=True)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("止（不含）")
    source = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "区划沿革"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__gt=F("valid_from")), name="area_period_forward"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AreaRelation(models.Model):
    """What became of a place on a day: its code went on as another's, whole (merged, recoded, re-parented) or in part (split)."""

    class Kind(models.TextChoices):
        MERGED = "merged", "并入"
        SPLIT = "split", "分设为"
        RECODED = "recoded", "改为"
        REPARENTED = "reparented", "划归"
        RENAMED = "renamed", "更名为"
        CLOSED = "closed", "撤销"

    old_code = models.CharField("原代码", max_length=12, db_collation="C", db_index=True)
    new_code = models.CharField("现代码", max_length=12, db_collation="C", db_index=True, blank=True)
    kind = models.CharField("变更", max_length=10, choices=Kind.choices)
    on = models.DateField("生效日期")
    source = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "区划变更"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["old_code", "new_code", "on"], name="area_relation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.old_code} {self.get_kind_display()} {self.new_code}"


class Org(models.Model):
    """A body of the network: civil affairs bureau, township, village committee, school, hospital, department …"""

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类别", max_length=30)
    area_code = models.CharField("区划", max_length=12, db_collation="C", db_index=True)
    usc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    status = models.CharField("状态", max_length=20, default="operating")
    liaison = models.CharField("联络员", max_length=60, blank=True)
    report_contact = models.CharField("强制报告联系人", max_length=60, blank=True)

    class Meta:
        verbose_name = "机构"
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "area_code"], name="org_once")]

    def __str__(self) -> str:
        return self.name


class OrgAlias(models.Model):
    """Another name under which documents know the body (A22)."""

    org = models.ForeignKey(Org, models.CASCADE, related_name="aliases")
    name = models.CharField("别名", max_length=100)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["org", "name"], name="alias_once")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post: one role, at one body, over one area. Work belongs to posts, so it outlives the people in them."""

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    org = models.ForeignKey(Org, models.PROTECT, related_name="posts")
    role = models.CharField("角色", max_length=40, db_index=True)
    area_code = models.CharField("辖区", max_length=12, db_collation="C", db_index=True)
    title = models.CharField("岗位名称", max_length=80)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "岗位"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "role", "area_code", "title"], name="post_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Holding(models.Model):
    """Who holds a post from–to; a deputy stands in without being the principal."""

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="holdings")
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    deputy = models.BooleanField("代理", default=False)
    reason = models.CharField("事由", max_length=200, blank=True)

    class Meta:
        verbose_name = "任职"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="holding_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}·{self.post}"
