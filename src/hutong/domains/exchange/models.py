"""Delivered lists, pushed events, what takes them back, remembered columns, comparison runs. Rows themselves are sealed files (``store``), never here."""

from __future__ import annotations

import base64
import secrets
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from hutong.domains.exchange.machines import amendment, batch, comparison, push
from hutong.foundation.network.models import Org, Post
from hutong.linkage.catalogue import LISTS

COMPARTMENT_OF: Final = {"hiv": "hiv", "adoptions": "adoption"}
"""Sealed list → the compartment its facts go to."""


def new_id() -> str:
    """16 random characters for addresses; says nothing about order or number."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


class Batch(models.Model):
    """One file delivered for one list and quarter. A supplement carries corrected rows of ``supplements``.

    ``area_code`` is the county that owns the comparison; ``provider`` the department code of the catalogue;
    ``reasons`` groups what was refused: ``[[sentence, rows], …]``.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_id, db_collation="C")
    list_code = models.CharField("清单", max_length=30, db_collation="C")
    provider = models.CharField("提供部门", max_length=4, db_collation="C")
    quarter = models.CharField("季度", max_length=6, db_collation="C")
    area_code = models.CharField("区划", max_length=12, db_collation="C")
    state = models.CharField("状态", max_length=12, default=batch.MACHINE.initial, db_collation="C")
    sealed = models.BooleanField("密封", default=False)
    late = models.BooleanField("迟到", default=False)
    supplements = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supplement_set"
    )

    sender_org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    sender_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)
    note = models.CharField("事由", max_length=300, blank=True)

    file_name = models.CharField("文件名", max_length=120)
    kind = models.CharField("格式", max_length=8)
    size = models.BigIntegerField("字节数")
    sha256 = models.CharField(max_length=64, db_collation="C")
    headers: models.JSONField[list[str], list[str]] = models.JSONField("表头", default=list)
    mapping: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField("列对应", default=dict)

    rows = models.IntegerField("行数", default=0)
    passed = models.IntegerField("通过", default=0)
    warned = models.IntegerField("提醒", default=0)
    refused = models.IntegerField("退回", default=0)
    warnings: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    reasons: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    problem = models.CharField("未能检查的原因", max_length=500, blank=True)
    job = models.CharField("后台任务", max_length=64, blank=True)

    class Meta:
        verbose_name = "清单批次"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "quarter", "sha256"],
                condition=~Q(state__in=batch.DEAD),
                name="batch_same_file_once",
            ),
            models.CheckConstraint(
                condition=Q(rows=models.F("passed") + models.F("refused")), name="batch_adds_up"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area_code", "quarter", "list_code"], name="batch_by_quarter")
        ]

    def __str__(self) -> str:
        return f"{self.list_code} {self.quarter} {self.public_id}"

    @property
    def compartment(self) -> str:
        """Whose key its files lie under, and whose named persons decide about it; '' for an ordinary list."""
        return COMPARTMENT_OF[self.list_code] if self.sealed else ""

    @property
    def neutral_title(self) -> str:
        """The list's name for places others may read (worklist, notices, jobs): a sealed one is not named."""
        return "密封清单" if self.sealed else f"“{LISTS[self.list_code].table.title}”清单"


class ColumnMapping(models.Model):
    """How one sender's headers stand for a list's columns, learnt once: ``{header: column code}``."""

    area_code = models.CharField(max_length=12, db_collation="C")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    list_code = models.CharField(max_length=30, db_collation="C")
    columns: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = "列对应"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "list_code"], name="column_mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.list_code} {self.org_id}"


class ComparisonRun(models.Model):
    """One comparison of the registry with the lists of a quarter (R-24.04).

    ``inputs``: one entry a list used (code, provider, batch, digest, rows, quarter, stale); ``missing``: lists nobody
    delivered; ``counts``: what came of it; ``stages``: seconds; ``input_digest`` is equal for equal inputs.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_id, db_collation="C")
    area_code = models.CharField("区划", max_length=12, db_collation="C")
    quarter = models.CharField("季度", max_length=6, db_collation="C")
    as_of = models.DateField("比对日")
    pack = models.CharField("政策包", max_length=30)
    pack_version = models.CharField("版本", max_length=64, blank=True)
    engine = models.CharField("引擎", max_length=30, blank=True)
    use_stale = models.BooleanField("沿用往期", default=False)
    state = models.CharField("状态", max_length=12, default=comparison.MACHINE.initial, db_collation="C")

    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("发起时间")
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    job = models.CharField(max_length=64, blank=True)
    problem = models.CharField("原因", max_length=500, blank=True)

    inputs: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    missing: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    input_digest = models.CharField(max_length=64, blank=True, db_collation="C")
    counts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    stages: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)

    class Meta:
        verbose_name = "比对"
        indexes: ClassVar = [models.Index(fields=["area_code", "-created_at"], name="run_by_area")]

    def __str__(self) -> str:
        return f"{self.quarter} {self.area_code} {self.public_id}"


class Push(models.Model):
    """One row of a list, pushed by a department's system the moment it happened. The row lies sealed (``store``).

    What came of it is not said here: the sender reads this row, and must not learn whether it concerned a child.
    ``person_token`` finds the person's children, ``mark`` the same row sent again, ``series`` a run of made-up numbers.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_id, db_collation="C")
    list_code = models.CharField("清单", max_length=30, db_collation="C")
    provider = models.CharField("提供部门", max_length=4, db_collation="C")
    quarter = models.CharField("季度", max_length=6, db_collation="C")
    area_code = models.CharField("区划", max_length=12, db_collation="C")
    state = models.CharField("状态", max_length=12, default=push.MACHINE.initial, db_collation="C")
    sealed = models.BooleanField("密封", default=False)
    sender_org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    sender_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("推送时间")
    person_token = models.CharField(max_length=64, blank=True, db_collation="C")
    mark = models.CharField(max_length=64, db_collation="C")
    series = models.CharField(max_length=64, blank=True, db_collation="C")
    note = models.CharField("事由", max_length=300, blank=True)
    job = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "单条推送"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sender_post", "list_code", "mark"], condition=Q(state__in=push.LIVE), name="push_same_once"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["area_code", "-sent_at"], name="push_by_area"),
            models.Index(fields=["person_token"], name="push_by_person"),
            models.Index(fields=["sender_post", "series"], name="push_by_series"),
        ]

    def __str__(self) -> str:
        return f"{self.list_code} {self.public_id}"

    @property
    def neutral_title(self) -> str:
        return "密封清单" if self.sealed else f"“{LISTS[self.list_code].table.title}”"


class Amendment(models.Model):
    """What a department wants taken back: a batch (``lines`` empty), rows of it, or a push.

    ``supplement`` carries the rows that come in their place; it is confirmed for itself like any other.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_id, db_collation="C")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="amendments")
    push = models.ForeignKey(Push, models.PROTECT, null=True, blank=True, related_name="amendments")
    supplement = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    list_code = models.CharField("清单", max_length=30, db_collation="C")
    area_code = models.CharField("区划", max_length=12, db_collation="C")
    lines: models.JSONField[list[int], list[int]] = models.JSONField("撤回的行", default=list)
    reason = models.CharField("事由", max_length=300)
    state = models.CharField("状态", max_length=12, default=amendment.MACHINE.initial, db_collation="C")
    sender_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    note = models.CharField("办理说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "更正请求"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(batch__isnull=False, push__isnull=True)
                | Q(batch__isnull=True, push__isnull=False),
                name="amendment_of_one_thing",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["area_code", "state"], name="amendment_by_state")]

    def __str__(self) -> str:
        return f"{self.list_code} {self.public_id}"


class Parcel(models.Model):
    """A list that arrives in pieces: rows laid aside sealed until the last piece closes it into a batch."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, db_collation="C")
    list_code = models.CharField("清单", max_length=30, db_collation="C")
    quarter = models.CharField("季度", max_length=6, db_collation="C")
    area_code = models.CharField("区划", max_length=12, db_collation="C")
    sender_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("开始时间")
    pieces: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField("分段", default=dict)
    supplements = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "分段上传"
        indexes: ClassVar = [models.Index(fields=["area_code", "-opened_at"], name="parcel_by_area")]

    def __str__(self) -> str:
        return f"{self.list_code} {self.public_id}"

    @property
    def rows(self) -> int:
        return sum(int(piece["rows"]) for piece in self.pieces.values())
