"""Scenarios, what they do to each child, and what was put in force (ADR 0035)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from hutong.domains.policy import machines as machine
from hutong.domains.registry.models import Child
from hutong.foundation.network.models import Post
from hutong.kernel.public_ids import new_public_id
from hutong.rulebook.packs import Line
from hutong.rulebook.packs.drafts import Draft
from hutong.rulebook.simulate import KINDS


def _code(label: str) -> models.CharField[str, str]:
    return models.CharField(label, max_length=12, db_collation="C")


class Changes(models.Model):
    """What is changed over a pack: lines as JSON (key, value, from, area, source), rules adopted and dropped."""

    public_id = models.CharField(max_length=16, default=new_public_id, unique=True, db_collation="C")
    title = models.CharField("名称", max_length=80)
    area_code = _code("地方")
    pack = models.CharField("政策包", max_length=20, db_collation="C")
    lines: models.JSONField[list[Any], list[Any]] = models.JSONField("改动的参数", default=list)
    adopts: models.JSONField[list[Any], list[Any]] = models.JSONField("新设的规则", default=list)
    drops: models.JSONField[list[Any], list[Any]] = models.JSONField("停用的规则", default=list)
    source = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def draft(self) -> Draft:
        lines = tuple(
            (one["key"], Line(date.fromisoformat(one["from"]), one["value"], one["source"], one["area"]))
            for one in self.lines
        )
        return Draft(lines, frozenset(self.adopts), frozenset(self.drops))


class Scenario(Changes):
    """One draft of an office for its area. ``base_version`` is the pack it was computed over, ``result`` its figures."""

    month = models.DateField("测算月份")
    state = models.CharField(
        "状态", max_length=10, choices=machine.MACHINE.states, default=machine.DRAFT, db_collation="C"
    )
    base_version = models.CharField(max_length=32, blank=True)
    result: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField("测算结果", default=dict)
    job = models.CharField("后台任务", max_length=64, blank=True)
    computed_at = models.DateTimeField("测算时间", null=True, blank=True)
    effective_on = models.DateField("启用日期", null=True, blank=True)
    answer = models.CharField("批准意见", max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    made_label = models.CharField("起草人", max_length=160)
    made_at = models.DateTimeField("起草时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_label = models.CharField("批准人", max_length=160, blank=True)

    class Meta:
        verbose_name = "政策情景"
        indexes: ClassVar = [models.Index(fields=["area_code", "-made_at"], name="scenario_area")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=[machine.SCHEDULED, machine.ACTIVE])
                | (Q(effective_on__isnull=False, decided_by__isnull=False) & ~Q(decided_by=models.F("made_by"))),
                name="scenario_four_eyes",
            ),
        ]  # fmt: skip


class Effect(models.Model):
    """What a scenario does to one child on the first of its month; schemes: '' for none, null where it cannot be decided."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="effects")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    township_area = _code("乡镇")
    kind = models.CharField("变化", max_length=8, choices=KINDS, db_collation="C")
    before = models.CharField("现行", max_length=12, null=True)
    after = models.CharField("情景", max_length=12, null=True)
    due_before = models.BigIntegerField("现行月标准（分）", null=True)
    due_after = models.BigIntegerField("情景月标准（分）", null=True)

    class Meta:
        verbose_name = "情景影响"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scenario", "child"], name="effect_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.child_id}"


class Overlay(Changes):
    """An approved scenario in force from its day: dated data over the pack, never edited. Read by everybody, like the packs."""

    scenario = models.OneToOneField(Scenario, models.PROTECT, related_name="overlay")
    effective_on = models.DateField("启用日期")
    activated_at = models.DateTimeField("启用时间")

    class Meta:
        verbose_name = "已启用的政策调整"
        indexes: ClassVar = [models.Index(fields=["pack", "area_code", "effective_on"], name="overlay_place")]


class Taking(models.Model):
    """One handing out of a scenario's figures as a file."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="takings")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor_label = models.CharField("取件人", max_length=160)
    purpose = models.CharField("用途", max_length=200)
    rows = models.IntegerField("明细行数")
    sha256 = models.CharField("文件指纹", max_length=64, db_collation="C")

    class Meta:
        verbose_name = "测算结果取件"

    def __str__(self) -> str:
        return f"{self.actor_label} {self.at}"
