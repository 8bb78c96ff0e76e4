"""Pairs that may be one, what was answered, and merges with what is needed to take them apart again."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.domains.registry.machines import file_pair
from hutong.domains.registry.models.child import Child
from hutong.domains.registry.models.family import Person
from hutong.foundation.access import vault
from hutong.foundation.network.models import Post
from hutong.kernel.public_ids import new_public_id


class Pair(models.Model):
    """Two children's files, or two relatives, that may be one. Kept once and for all, with the answer."""

    public_id = models.CharField(
        max_length=16, unique=True, default=new_public_id, editable=False, db_collation="C"
    )
    first = models.ForeignKey(Child, models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey(Child, models.PROTECT, null=True, related_name="+")
    first_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    second_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    area_code = models.CharField("所在地", max_length=12, db_collation="C")
    """The lowest place both belong to: where the work of judging stands."""
    score = models.SmallIntegerField("相似度")
    reasons = models.JSONField("理由", default=list)
    state = models.CharField("状态", max_length=12, choices=file_pair.STATES, default="OPEN")
    found_by = models.CharField("发现方式", max_length=40)
    found_at = models.DateTimeField("发现时间")
    words = models.CharField("判断理由", max_length=500, blank=True)
    answered_label = models.CharField("判断人", max_length=160, blank=True)
    answered_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("判断时间", null=True, blank=True)
    next_check_on = models.DateField("下次核对", null=True, blank=True)

    class Meta:
        verbose_name = "疑似重复"
        indexes: ClassVar = [models.Index(fields=["area_code", "state", "-score"], name="pair_area")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.UniqueConstraint(fields=["first_person", "second_person"], name="pair_person_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second"), first_person__isnull=True, second_person__isnull=True)
                | Q(first_person__lt=F("second_person"), first__isnull=True, second__isnull=True),
                name="pair_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"疑似重复 {self.public_id}"

    @property
    def of_children(self) -> bool:
        return self.first_id is not None


class Merge(models.Model):
    """One merge asked for on a pair: which entry stays, which fields come from the other, and the way back."""

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(Child, models.PROTECT, null=True, related_name="+")
    merged = models.ForeignKey(Child, models.PROTECT, null=True, related_name="+")
    survivor_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    merged_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    takes = models.JSONField("取自被并入者的项目", default=list)
    open = models.BooleanField("有效", default=True)
    reason = models.CharField("合并理由", max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_label = models.CharField("申请人", max_length=160)
    asked_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    confirmed_label = models.CharField("确认人", max_length=160, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    ended_label = models.CharField("拆分或撤回人", max_length=160, blank=True)
    ended_at = models.DateTimeField("拆分或撤回时间", null=True, blank=True)
    ended_reason = models.CharField("拆分或撤回理由", max_length=500, blank=True)
    journal_sealed = models.BinaryField(default=bytes, blank=True)

    class Meta:
        verbose_name = "档案合并"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pair"], condition=Q(open=True), name="merge_one_open"),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(open=True, confirmed_at__isnull=False), name="merge_one_target"
            ),
        ]

    def __str__(self) -> str:
        return f"合并 {self.pair_id}"

    @property
    def files(self) -> tuple[Child, Child]:
        """The file that stays and the one that goes; of a merge of files only."""
        if self.survivor is None or self.merged is None:
            raise TypeError("a merge of relatives has no files")
        return self.survivor, self.merged

    @property
    def people(self) -> tuple[Person, Person]:
        """The relative that stays and the one that goes; of a merge of relatives only."""
        if self.survivor_person is None or self.merged_person is None:
            raise TypeError("a merge of files has no relatives")
        return self.survivor_person, self.merged_person

    @property
    def journal(self) -> dict[str, Any]:
        """What stood before, as ``keep`` was given it."""
        text = vault.open(self.journal_sealed, "registry_merge", self.pair.public_id, "journal")
        found: dict[str, Any] = _read(json.loads(text)) if text else {}
        return found

    def keep(self, journal: dict[str, Any]) -> None:
        text = json.dumps(_written(journal), ensure_ascii=False)
        self.journal_sealed = vault.seal(text, "registry_merge", self.pair.public_id, "journal")


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, dict):
        return {"map": [[key, _written(one)] for key, one in value.items()]}
    return [_written(one) for one in value] if isinstance(value, list | tuple) else value


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        ((kind, inside),) = value.items()
        if kind == "date":
            return date.fromisoformat(inside)
        if kind == "bytes":
            return base64.b64decode(inside)
        return {key: _read(one) for key, one in inside}
    return [_read(one) for one in value] if isinstance(value, list) else value
