"""Going from one place to another, and out of the network's care: what was asked, by whom, and how it ended (R-03.07)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from hutong.domains.registry.machines import exit as exit_machine
from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.machines import wording
from hutong.domains.registry.models.child import Child
from hutong.foundation.network.models import Post
from hutong.kernel.public_ids import new_public_id


def _area(label: str, *, blank: bool = False) -> models.CharField[str, str]:
    return models.CharField(label, max_length=12, db_collation="C", blank=blank)


class Move(models.Model):
    """One handshake about one child. ``from_area`` and ``to_area`` are the two sides; ``child_name`` is what the sending
    side keeps for its own history once the file is no longer its own. ``to_post`` is who sees the file until receipt."""

    public_id = models.CharField(
        max_length=16, unique=True, default=new_public_id, editable=False, db_collation="C"
    )
    child = models.ForeignKey(Child, models.PROTECT, related_name="moves")
    child_name = models.CharField("姓名", max_length=80)
    what = models.CharField("变更", max_length=10, choices=machine.WHAT)
    from_area = _area("转出地")
    to_area = _area("转入地", blank=True)
    to_place = models.CharField("转入地（外地）", max_length=120, blank=True)
    outside = models.BooleanField("转入地未使用本系统", default=False)
    moved_on = models.DateField("变更日期")
    reason = models.CharField("原因", max_length=12, choices=machine.REASONS)
    words = models.CharField("情况说明", max_length=500)
    papers = models.CharField("移交材料", max_length=300, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=machine.MOVE.states, default=machine.PROPOSED, db_collation="C"
    )
    answer = models.CharField("最近答复", max_length=500, blank=True)
    sender_post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="提出岗位")
    from_post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name="转出责任岗位"
    )
    approver_post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name="审核岗位"
    )
    to_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="接收岗位")
    to_above = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="逾期后上级")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_label = models.CharField("提出人", max_length=160)
    opened_at = models.DateTimeField("提出时间")
    offered_on = models.DateField("送接收方日期", null=True, blank=True)
    ended_on = models.DateField("办结日期", null=True, blank=True)
    letter_no = models.CharField("函号", max_length=60, blank=True)
    letter_to = models.CharField("收函单位", max_length=100, blank=True)
    letter_on = models.DateField("发函日期", null=True, blank=True)
    receipt_no = models.CharField("回执编号", max_length=60, blank=True)
    receipt_on = models.DateField("回执日期", null=True, blank=True)
    form_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = "转移"
        indexes: ClassVar = [
            models.Index(fields=["from_area", "state", "-opened_at"], name="move_from"),
            models.Index(fields=["to_post", "state"], name="move_to"),
            models.Index(fields=["child", "-opened_at"], name="move_child"),
            models.Index(fields=["offered_on"], name="move_waiting", condition=Q(state=machine.OFFERED)),
        ]
        constraints: ClassVar = [
            # two moves of one child at once would pass the file to two places
            models.UniqueConstraint(fields=["child"], condition=Q(state__in=machine.LIVE), name="move_live_once"),
            models.CheckConstraint(
                condition=Q(outside=True, to_post__isnull=True) & ~Q(to_place="") | Q(outside=False) & ~Q(to_area=""),
                name="move_has_a_side_to_go_to",
            ),
            models.CheckConstraint(
                condition=Q(state__in=machine.ENDED, ended_on__isnull=False)
                | Q(state__in=machine.LIVE, ended_on__isnull=True),
                name="move_ends_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=machine.BOTH) | Q(to_post__isnull=False, offered_on__isnull=False),
                name="move_offered_to_somebody",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_what_display()}·{self.public_id}"

    @property
    def live(self) -> bool:
        return self.state in machine.LIVE

    @property
    def both_answer(self) -> bool:
        """Whether the receiving side already sees the file and answers for the child beside the sending one."""
        return self.state in machine.BOTH


class Exit(models.Model):
    """One request to let a child leave, with its reason of the table and words."""

    public_id = models.CharField(
        max_length=16, unique=True, default=new_public_id, editable=False, db_collation="C"
    )
    child = models.ForeignKey(Child, models.PROTECT, related_name="exits")
    area_code = _area("居住地")
    reason = models.CharField("退出原因", max_length=12, choices=wording.CLOSE_REASONS)
    words = models.CharField("情况和依据", max_length=500)
    happened_on = models.DateField("发生日期", null=True, blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=exit_machine.EXIT.states, default=exit_machine.REQUESTED, db_collation="C"
    )  # fmt: skip
    answer = models.CharField("审核意见", max_length=500, blank=True)
    requester_post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="提请岗位")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_label = models.CharField("提请人", max_length=160)
    approver_label = models.CharField("审核人", max_length=160, blank=True)
    opened_at = models.DateTimeField("提请时间")
    ended_on = models.DateField("办结日期", null=True, blank=True)

    class Meta:
        verbose_name = "退出"
        indexes: ClassVar = [models.Index(fields=["child", "-opened_at"], name="exit_child")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(state__in=exit_machine.LIVE), name="exit_live_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}·{self.public_id}"
