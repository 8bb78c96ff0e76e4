"""Who guards the child and how well; school, health, and what is paid: all dated."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hutong.domains.registry.machines import wording
from hutong.domains.registry.models.child import Child, Intake
from hutong.domains.registry.models.family import Person


def _forward(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name=name)


class GuardianshipRegime(models.Model):
    """Who holds guardianship, on what basis, from–to (until exclusive). Two never overlap: a database constraint."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="regimes")
    kind = models.CharField("监护方式", max_length=20, choices=wording.REGIMES)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="regimes")
    who = models.CharField("监护人或机构", max_length=120, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    void = models.BooleanField("作废", default=False)
    recorded_by_label = models.CharField("登记人", max_length=160, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "监护方式"
        constraints: ClassVar = [_forward("regime_forward")]

    def __str__(self) -> str:
        return self.get_kind_display()


class GuardianshipStatus(models.Model):
    """How well the child is guarded from–to (until exclusive); no overlaps."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="guard_statuses")
    value = models.CharField("监护状况", max_length=10, choices=wording.GUARD)
    basis = models.CharField("依据", max_length=200, blank=True)
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    void = models.BooleanField("作废", default=False)
    recorded_by_label = models.CharField("评定人", max_length=160, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "监护状况"
        constraints: ClassVar = [_forward("guard_forward")]

    def __str__(self) -> str:
        return self.get_value_display()


class SchoolEpisode(models.Model):
    """Where the child went to school from–to."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="schooling")
    stage = models.CharField("学段", max_length=20, choices=wording.STAGES)
    school_name = models.CharField("学校", max_length=100, blank=True)
    grade = models.CharField("年级", max_length=20, blank=True)
    full_time = models.BooleanField("全日制", null=True, blank=True)
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    source = models.CharField("来源", max_length=100, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "就学"
        constraints: ClassVar = [_forward("schooling_forward")]

    def __str__(self) -> str:
        return self.get_stage_display()


class HealthEpisode(models.Model):
    """A matter of the child's health from–to, in words; sealed diagnoses do not belong here."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="health")
    summary = models.CharField("健康情况", max_length=200)
    needs = models.CharField("所需照料", max_length=200, blank=True)
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    source = models.CharField("来源", max_length=100, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "健康"
        constraints: ClassVar = [_forward("health_forward")]

    def __str__(self) -> str:
        return self.summary


class RollEntry(models.Model):
    """What is paid or listed now (``monthly`` in fen; None: a list without money). Benefits will own this later."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="roll")
    scheme = models.CharField("类别", max_length=20, choices=wording.SCHEMES)
    since = models.DateField("起始日期")
    until = models.DateField("止（不含）", null=True, blank=True)
    monthly = models.BigIntegerField("月标准（分）", null=True, blank=True)
    intake = models.ForeignKey(Intake, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "在册"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "scheme"], condition=Q(until__isnull=True), name="roll_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="roll_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.scheme
