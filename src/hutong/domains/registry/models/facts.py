"""Circumstances: dated facts with provenance (architecture §3.5)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hutong.domains.registry.machines import wording
from hutong.domains.registry.models.child import Child, Intake
from hutong.domains.registry.models.family import Person
from hutong.kernel.public_ids import new_public_id


class Circumstance(models.Model):
    """Something true of the child or a parent from–to, and how we know. A wrong one is superseded, never deleted.

    ``until`` is the day it ended, as the contract's ``to``. ``confidence`` is in percent; 100 is seen on paper.
    """

    public_id = models.CharField(
        max_length=16, unique=True, default=new_public_id, editable=False, db_collation="C"
    )
    child = models.ForeignKey(Child, models.PROTECT, related_name="circumstances")
    subject = models.CharField("主体", max_length=10, choices=wording.SUBJECTS)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="circumstances")
    kind = models.CharField("情形", max_length=24, choices=wording.CIRCUMSTANCES)
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    detail = models.CharField("说明", max_length=200, blank=True)
    evidence = models.CharField("依据", max_length=200, blank=True)
    source = models.CharField("来源单位", max_length=100, blank=True)
    source_ref = models.CharField("来源批次和行号", max_length=100, blank=True)
    confidence = models.SmallIntegerField("可信度", default=100)
    verified_by = models.CharField("核实人", max_length=160, blank=True)
    verified_on = models.DateField("核实日期", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField("登记时间", db_default=Now())
    intake = models.ForeignKey(Intake, models.PROTECT, null=True, blank=True, related_name="+")
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    superseded_at = models.DateTimeField("作废时间", null=True, blank=True)
    superseded_reason = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "情形"
        indexes: ClassVar = [models.Index(fields=["child", "kind"], name="circumstance_child")]
        constraints: ClassVar = [
            # a sealed compartment's fact: must not stand here, whoever writes
            models.CheckConstraint(condition=~Q(kind="hiv"), name="circumstance_open"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="circumstance_forward"),
            models.CheckConstraint(condition=Q(confidence__gte=0) & Q(confidence__lte=100), name="circumstance_percent"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_subject_display()}{self.get_kind_display()}"
