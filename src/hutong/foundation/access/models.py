"""Who sees beyond the post: children handed over one by one, and the persons named for sealed compartments."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.foundation.network.models import Post
from hutong.kernel.public_ids import new_public_id

COMPARTMENTS: Final = {
    "hiv": "艾滋病病毒感染儿童",
    "abuse": "侵害和强制报告",
    "reporter": "报告人身份",
    "adoption": "收养",
    "shield": "受庇护儿童的下落",
}
"""Sealed compartments (R-46.02, R-46.03): code, which is also the name of its key, and what it holds."""
PROPOSED, ACTIVE, ENDED, REFUSED = "PROPOSED", "ACTIVE", "ENDED", "REFUSED"
NAMED_STATES: Final = {PROPOSED: "待确认", ACTIVE: "在名单", ENDED: "已退出", REFUSED: "未通过"}


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


class NamedPerson(models.Model):
    """``user`` may open one compartment in ``area_code`` and below, from–to (until exclusive).

    A post never suffices: one person proposes, another confirms, neither is the one named. Who left stays on record.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    compartment = models.CharField("专管类别", max_length=12, choices=COMPARTMENTS, db_collation="C")
    area_code = models.CharField("范围", max_length=12, db_collation="C")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=NAMED_STATES, default=PROPOSED)
    reason = models.CharField("事由", max_length=200)
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提名时间")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField("退出时间", null=True, blank=True)
    end_reason = models.CharField("退出或不通过的事由", max_length=200, blank=True)

    class Meta:
        verbose_name = "专管人员"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="named_forward"
            ),
            models.CheckConstraint(
                condition=~Q(user=F("proposed_by")) & ~Q(user=F("confirmed_by")) & ~Q(proposed_by=F("confirmed_by")),
                name="named_by_two_others",
            ),
            models.CheckConstraint(
                condition=~Q(state=ACTIVE) | Q(confirmed_by__isnull=False), name="named_confirmed"
            ),
            models.UniqueConstraint(
                fields=["user", "compartment", "area_code"],
                condition=Q(state__in=[PROPOSED, ACTIVE]),
                name="named_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.compartment}·{self.user_id}"


class Grant(models.Model):
    """A child shown for a limited time to one person, one post, or one person in one post. It ends by its own time.

    ``kind`` says whose it is and ``ref`` what it rests on; without ``writes`` the child is only looked at: the wall
    refuses changes. Grants of kind ``glass`` are made by the database function of emergency openings alone.
    """

    child_id = models.BigIntegerField("儿童", db_index=True)
    area_code = models.CharField("儿童居住地", max_length=12, db_collation="C")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateTimeField("起")
    until = models.DateTimeField("止（不含）")
    kind = models.CharField("种类", max_length=20)
    ref = models.CharField("依据", max_length=64)
    writes = models.BooleanField("可办理", default=False)

    class Meta:
        verbose_name = "限时授权"
        indexes: ClassVar = [
            models.Index(fields=["user", "until"], name="grant_user"),
            models.Index(fields=["post", "until"], name="grant_post"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="grant_forward"),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(post__isnull=False), name="grant_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}·{self.child_id}"


class StatedReason(models.Model):
    """Why somebody opens a file that none of their tasks explains: asked once a child, person, post and day."""

    public_id = models.CharField(max_length=16, default=new_public_id, unique=True, db_collation="C")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    child_id = models.BigIntegerField("儿童")
    area_code = models.CharField("儿童居住地", max_length=12, db_collation="C")
    day = models.DateField("日期")
    code = models.CharField("理由", max_length=12)
    said = models.CharField("理由和说明", max_length=240)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "查阅理由"
        constraints: ClassVar = [
            # two tabs, two clicks: the first words stand
            models.UniqueConstraint(fields=["user", "post", "child_id", "day"], name="reason_once_a_day"),
        ]

    def __str__(self) -> str:
        return self.said
