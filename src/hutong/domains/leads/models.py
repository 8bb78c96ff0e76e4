"""Leads, what each was found on, and corrections of the source rows that proved wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from hutong.domains.leads.machines import correction
from hutong.domains.leads.machines import lead as machine
from hutong.domains.registry.models import Child
from hutong.foundation.network.models import Post
from hutong.kernel.public_ids import new_public_id

KINDS: Final = {
    "SUSPECTED": "疑似应保未保",
    "SHOULD_EXIT": "疑似应退未退",
    "CHANGED": "情形变化",
    "EMERGENCY": "急需关爱",
}
ANSWERS: Final = {"TRUE": "属实", "FALSE": "不属实", "CHANGED": "情况有变", "PENDING": "暂不能定"}
END_CODES: Final = {
    "APPLY": "启动认定申请",
    "STOP": "办理停发退出",
    "ADJUST": "办理类别或标准调整",
    "CARE": "转关爱帮扶",
    "REFUSED": "监护人不愿申请，已告知",
    "NOT_MET": "复核后不符合条件",
    "DONE_BEFORE": "此前已经办结",
    "ELSEWHERE": "由另一地办理",
    "SOURCE_WRONG": "源数据有误",
    "WRONG_PERSON": "不是同一人",
    "OUTDATED": "数据过时，情形已结束",
    "WITHDRAWN": "清单批次撤回",
}
"""Reasons with which a lead ends."""


if TYPE_CHECKING:
    _JSON = models.JSONField[Any, Any]
else:
    _JSON = models.JSONField


class LongJSON(_JSON):
    """JSON that is inserted in bulk as plain values: as parts of an array its every quotation mark is escaped in Python,
    which takes longer than everything else of taking in a run."""

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s"

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


class Lead(models.Model):
    """One difference between what the rules say and what the roll holds, waiting for somebody to look.

    ``area_code`` is the responsible village; ``key`` child + kind + scheme; ``digest`` what it was found on, without row
    numbers, so that the same content of a rerun is recognised. Money in fen a month. ``evidence``: list of rows (list, row,
    subject, fact, detail, from, to, link, probability, title, provider, stale, doubt). ``why``: tree of the rulebook.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    lead_id = models.CharField("线索号", max_length=64, db_collation="C", blank=True)
    run_id = models.BigIntegerField("比对批次", db_index=True)
    run_label = models.CharField("比对", max_length=120, blank=True)
    as_of = models.DateField("比对基准日")
    pack = models.CharField("政策包", max_length=30)
    child = models.ForeignKey(Child, models.PROTECT, related_name="leads")
    kind = models.CharField("种类", max_length=12, choices=KINDS, db_collation="C")
    scheme = models.CharField("类别", max_length=12, blank=True, db_collation="C")
    monthly_now = models.BigIntegerField("现月标准（分）", null=True, blank=True)
    monthly_due = models.BigIntegerField("应月标准（分）", null=True, blank=True)
    area_code = models.CharField("责任村（居）", max_length=12, db_collation="C")
    hukou_area = models.CharField("户籍地", max_length=12, db_collation="C")
    certain = models.BooleanField("确切", default=True)
    probability = models.FloatField("可信度", default=1.0)
    evidence: models.JSONField[list[Any], list[Any]] = LongJSON("依据", default=list)
    why: models.JSONField[dict[str, Any], dict[str, Any]] = LongJSON("为什么", default=dict)
    sealed = models.BooleanField("含密封依据", default=False)
    digest = models.CharField(max_length=64, db_collation="C")
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")

    state = models.CharField(
        "状态", max_length=16, default=machine.OPEN, choices=dict(machine.MACHINE.states)
    )
    owner_post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="责任岗位")
    no_director = models.BooleanField("无儿童主任", default=False)
    opened_on = models.DateField("产生日期")
    due_on = models.DateField("截止")
    refreshed_on = models.DateField("更新日期", null=True, blank=True)

    answer = models.CharField("核实结论", max_length=8, choices=ANSWERS, blank=True, db_collation="C")
    words = models.CharField("核实情况", max_length=1000, blank=True)
    seen = models.CharField("见到何人", max_length=100, blank=True)
    checked_on = models.DateField("核实日期", null=True, blank=True)
    next_check_on = models.DateField("下次核实", null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    form_key = models.CharField(max_length=40, blank=True)

    end_code = models.CharField("办结原因", max_length=16, choices=END_CODES, blank=True)
    end_words = models.CharField("办结说明", max_length=500, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_on = models.DateField("办结日期", null=True, blank=True)

    class Meta:
        verbose_name = "线索"
        indexes: ClassVar = [
            models.Index(fields=["state", "due_on", "area_code"], name="lead_due"),
            models.Index(fields=["owner_post", "state", "due_on"], name="lead_owner"),
            models.Index(fields=["area_code", "state", "due_on"], name="lead_area"),
            # a wide range is walked by due date until the page is full
            models.Index(fields=["due_on", "id"], name="lead_soonest"),
            models.Index(fields=["hukou_area"], name="lead_hukou"),
            models.Index(fields=["child", "-opened_on"], name="lead_child"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "kind", "scheme"], condition=Q(state__in=machine.LIVE), name="lead_live_once"
            ),
            models.UniqueConstraint(
                fields=["child", "kind", "scheme", "digest", "as_of"],
                condition=~Q(state=machine.SUPERSEDED),
                name="lead_content_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=machine.ENDED, ended_on__isnull=False) & ~Q(end_code="")
                | Q(state__in=machine.LIVE, ended_on__isnull=True, end_code=""),
                name="lead_ends_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=machine.VERIFIED) | (Q(verified_by__isnull=False) & ~Q(words="")),
                name="lead_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=machine.PENDING) | Q(next_check_on__isnull=False), name="lead_pending_has_a_day"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()}·{self.public_id}"

    @property
    def live(self) -> bool:
        return self.state in machine.LIVE


class Finding(models.Model):
    """What one run found for a lead: append-only, so that refreshed evidence keeps its past."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="findings")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    run_id = models.BigIntegerField()
    run_label = models.CharField(max_length=120, blank=True)
    as_of = models.DateField()
    found_at = models.DateTimeField()
    monthly_now = models.BigIntegerField(null=True, blank=True)
    monthly_due = models.BigIntegerField(null=True, blank=True)
    probability = models.FloatField(default=1.0)
    evidence: models.JSONField[list[Any], list[Any]] = LongJSON(default=list)
    digest = models.CharField(max_length=64, db_collation="C")

    class Meta:
        verbose_name = "比对发现"
        indexes: ClassVar = [models.Index(fields=["lead", "id"], name="finding_lead")]

    def __str__(self) -> str:
        return f"{self.run_label} {self.as_of}"


class Correction(models.Model):
    """A row of a list that proved wrong for this child: known again by ``mark`` when the next list repeats it."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="corrections")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    area_code = models.CharField("区划", max_length=12, db_collation="C")
    mark = models.CharField(max_length=64, db_collation="C")
    list_code = models.CharField("清单", max_length=30, db_collation="C")
    row: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField("原数据", default=dict)
    words = models.CharField("核实情况", max_length=1000)
    verified_on = models.DateField("核实日期")
    state = models.CharField(
        "状态", max_length=12, default=correction.OPEN, choices=dict(correction.MACHINE.states)
    )
    owner_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    answer = models.CharField("反馈和答复", max_length=500, blank=True)
    reply = models.CharField("部门系统答复", max_length=500, blank=True)
    reply_corrected = models.BooleanField("部门称已更正", null=True, blank=True)

    class Meta:
        verbose_name = "源数据纠正"
        indexes: ClassVar = [models.Index(fields=["area_code", "state"], name="correction_area")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["child", "mark", "lead"], name="correction_once")
        ]

    def __str__(self) -> str:
        return f"{self.list_code}·{self.public_id}"
