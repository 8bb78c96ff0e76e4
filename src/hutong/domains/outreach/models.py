"""Offers: one for each child and benefit that is due and not had; and what is missing before others can be decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hutong.domains.outreach.machines import offer as machine
from hutong.domains.registry.models import Child
from hutong.kernel.public_ids import new_public_id


class Offer(models.Model):
    """A benefit the rules show as due that the family does not have yet, as far as the platform knows.

    ``facts`` is what the file said of all the benefit depends on, with the pack and its version: the same answer years later.
    ``digest`` of it tells whether anything changed since an answer. ``area_code`` is the responsible village.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    child = models.ForeignKey(Child, models.PROTECT, related_name="offers")
    benefit = models.CharField("待遇", max_length=40, db_collation="C")
    label = models.CharField("待遇名称", max_length=60)
    pack = models.CharField("政策包", max_length=30)
    version = models.CharField("规则版本", max_length=16, db_collation="C")
    as_of = models.DateField("判定日期")
    facts = models.JSONField("判定所依据的事实", default=dict)
    digest = models.CharField(max_length=64, db_collation="C")
    area_code = models.CharField("责任村（居）", max_length=12, db_collation="C")
    hukou_area = models.CharField("户籍地", max_length=12, db_collation="C")
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")
    state = models.CharField(
        "状态", max_length=10, default=machine.FOUND, choices=dict(machine.MACHINE.states)
    )
    found_on = models.DateField("发现日期")
    due_on = models.DateField("截止")
    acted_on = models.DateField("办理日期", null=True, blank=True)
    words = models.CharField("办理情况", max_length=500, blank=True)
    acted_label = models.CharField("办理人", max_length=160, blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        verbose_name = "可享待遇"
        indexes: ClassVar = [
            models.Index(fields=["area_code", "state", "due_on"], name="offer_area"),
            models.Index(fields=["hukou_area"], name="offer_hukou"),
            models.Index(fields=["child", "benefit", "id"], name="offer_child"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "benefit"], condition=Q(state__in=machine.LIVE), name="offer_live_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=machine.LIVE, ended_on__isnull=True)
                | Q(state__in=machine.ENDED, ended_on__isnull=False),
                name="offer_ends_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}·{self.public_id}"

    @property
    def live(self) -> bool:
        return self.state in machine.LIVE


class Question(models.Model):
    """What has to be found out about a child before some benefits can be decided: not a finding, counted apart.

    One row a child, written anew whenever she is looked at; ``open`` False once nothing is missing.
    """

    child = models.OneToOneField(Child, models.PROTECT, related_name="question")
    area_code = models.CharField("责任村（居）", max_length=12, db_collation="C")
    hukou_area = models.CharField("户籍地", max_length=12, db_collation="C")
    needs = models.JSONField("尚缺的事实", default=list)
    benefits = models.JSONField("可能有关的待遇", default=list)
    digest = models.CharField(max_length=64, db_collation="C")
    open = models.BooleanField("待补", default=True)
    asked_on = models.DateField("提出日期")

    class Meta:
        verbose_name = "尚不能判断"
        indexes: ClassVar = [
            models.Index(fields=["area_code", "asked_on"], name="question_area", condition=Q(open=True)),
            models.Index(fields=["hukou_area"], name="question_hukou"),
        ]

    def __str__(self) -> str:
        return f"尚缺 {len(self.needs)} 项"
