"""Who gives a post into whose hands, from when to when (ADR 0029)."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.foundation.handovers import machines as machine
from hutong.foundation.network.models import Holding, Post


def new_public_id() -> str:
    return secrets.token_hex(16)


class HandOver(models.Model):
    """One holding, given to a deputy from–to (leave), or for good (``until`` empty: leaving the post).

    ``stand_in`` is the holding of whoever took over, ``resumed`` the part of the holding after the leave; both are made on the
    day. ``handed``: [item id, kind, due day] of everything open at that moment.
    """

    public_id = models.CharField(max_length=32, default=new_public_id, unique=True, db_collation="C")
    holding = models.ForeignKey(Holding, models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="岗位")
    area_code = models.CharField("辖区", max_length=12, db_collation="C")
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="交出人"
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="接手人"
    )
    successor = models.BooleanField("正式接任", default=False)
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    reason = models.CharField("事由", max_length=200)
    note = models.CharField("交接说明", max_length=1000, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=machine.HAND_OVER.states, default=machine.PROPOSED, db_collation="C"
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_label = models.CharField("提出", max_length=140)
    proposed_at = models.DateTimeField("提出时间")
    accepted_label = models.CharField("接手确认", max_length=140, blank=True)
    effective_on = models.DateField("实际生效", null=True, blank=True)
    stand_in = models.ForeignKey(Holding, models.SET_NULL, null=True, related_name="+")
    resumed = models.ForeignKey(Holding, models.SET_NULL, null=True, related_name="+")
    handed: models.JSONField[list[list[object]], list[list[object]]] = models.JSONField(
        "移交时的待办", default=list
    )

    class Meta:
        verbose_name = "交接代班"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="handover_forward"
            ),
            models.CheckConstraint(condition=~Q(to_user=F("from_user")), name="handover_to_another"),
            # one at a time: the dates of two would have to be weighed against each other
            models.UniqueConstraint(
                fields=["holding"], condition=Q(state__in=machine.LIVE), name="handover_one_live"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area_code", "state"], name="handover_area"),
            models.Index(fields=["since"], name="handover_due", condition=Q(state__in=machine.LIVE)),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.since}"

    @property
    def leaving(self) -> bool:
        return self.until is None
