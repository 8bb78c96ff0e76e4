"""What compartments share: a sealed fact, the record of who opened it, and what waits for the named persons."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hutong.domains.registry.models import Child
from hutong.foundation.access import vault
from hutong.foundation.access.models import COMPARTMENTS
from hutong.kernel.public_ids import new_public_id

PURPOSES: Final = {
    "ALLOWANCE": "办理保障待遇",
    "CARE": "联系治疗、安置或照护",
    "CASE": "办理案件、个案会商",
    "REGISTER": "登记、核对专管资料",
    "OTHER": "其他（在说明中写明）",
}


class SealedFact(models.Model):
    """One fact of a compartment. All its content is ``body``: JSON under the compartment's own key, bound to this row.

    Never changed: a wrong or past fact is closed with a reason, and both stay.
    """

    compartment: str
    """A class attribute; a column where one table serves all compartments (``WholeFile``)."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    body = models.BinaryField("内容（加密）")
    list_row = models.CharField("清单行", max_length=64, unique=True, null=True, blank=True, db_collation="C")
    """Keyed token of the delivered row it came from: the same row delivered again makes no second fact."""
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField("登记时间", db_default=Now())
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField("注销时间", null=True, blank=True)
    closed_words = models.BinaryField("注销事由（加密）", default=bytes, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.compartment}·{self.public_id}"

    def seal(self, content: dict[str, Any]) -> None:
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        self.body = vault.seal(
            text, self._meta.db_table, self.public_id, "body", compartment=self.compartment
        )

    def opened(self) -> dict[str, Any]:
        """The content; CipherError without the compartment's key."""
        text = vault.open(
            self.body, self._meta.db_table, self.public_id, "body", compartment=self.compartment
        )
        content: dict[str, Any] = json.loads(text) if text else {}
        return content

    def seal_closing(self, words: str) -> None:
        self.closed_words = vault.seal(
            words, self._meta.db_table, self.public_id, "closed", compartment=self.compartment
        )

    @property
    def closing(self) -> str:
        return vault.open(
            self.closed_words, self._meta.db_table, self.public_id, "closed", compartment=self.compartment
        )


class Opening(models.Model):
    """A named person opened one compartment of one child, for a purpose: append-only, read inside the compartment.

    The ordinary read log would tell its readers that there is something to open.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    compartment = models.CharField("专管类别", max_length=12, choices=COMPARTMENTS, db_collation="C")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor_label = models.CharField("阅者及岗位", max_length=160)
    purpose = models.CharField("用途", max_length=12, choices=PURPOSES)
    words = models.CharField("说明", max_length=200, blank=True)
    at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        verbose_name = "专管资料查阅"
        indexes: ClassVar = [models.Index(fields=["child", "compartment", "-at"], name="opening_child")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(purpose="OTHER") | ~Q(words=""), name="opening_in_words"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.compartment}"


class Matter(models.Model):
    """Something that waits for the persons named for a compartment. Not a worklist item: those belong to posts, and
    whoever shares the post would see it. ``words`` are neutral: what is behind them is in the compartment."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    compartment = models.CharField("专管类别", max_length=12, choices=COMPARTMENTS, db_collation="C")
    area_code = models.CharField("区划", max_length=12, db_collation="C")
    child = models.ForeignKey(Child, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField("事项", max_length=120)
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=80, unique=True, db_collation="C")
    at = models.DateTimeField("时间", db_default=Now())
    done_at = models.DateTimeField("办结时间", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField("办理结果", max_length=200, blank=True)

    class Meta:
        verbose_name = "专管事项"
        indexes: ClassVar = [
            models.Index(
                fields=["compartment", "area_code", "at"],
                name="matter_open",
                condition=Q(done_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.words
