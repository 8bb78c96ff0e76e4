"""What somebody proposes to correct in a file, field by field; nothing of it stands in clear."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hutong.domains.registry.machines import file_correction
from hutong.domains.registry.models.child import Child
from hutong.foundation.access import vault
from hutong.foundation.network.models import Post
from hutong.kernel.public_ids import new_public_id


class Proposal(models.Model):
    """One proposal (更正申请): some fields of one file, why, and what became of it."""

    public_id = models.CharField(
        max_length=16, unique=True, default=new_public_id, editable=False, db_collation="C"
    )
    child = models.ForeignKey(Child, models.PROTECT, related_name="proposals")
    state = models.CharField("状态", max_length=12, choices=file_correction.STATES, default="DRAFT")
    reason = models.CharField("更正理由", max_length=500)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    proposed_label = models.CharField("申请人", max_length=160)
    created_at = models.DateTimeField("申请时间", db_default=Now())
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    decided_label = models.CharField("审批人", max_length=160, blank=True)
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decision = models.CharField("审批意见", max_length=500, blank=True)
    form_key = models.CharField(max_length=32, unique=True, null=True, blank=True)
    """The key of the form that made it: the second click of a double click finds the first one's proposal."""

    class Meta:
        verbose_name = "更正申请"
        indexes: ClassVar = [
            models.Index(fields=["child", "-created_at"], name="proposal_child"),
            models.Index(fields=["state", "-submitted_at"], name="proposal_state"),
            models.Index(fields=["proposed_post", "-created_at"], name="proposal_post"),
        ]

    def __str__(self) -> str:
        return f"更正申请 {self.public_id}"

    @property
    def area_code(self) -> str:
        return self.child.residence_area


class ProposalLine(models.Model):
    """One field of a proposal: what stood in the file when it was handed in, and what is proposed. Both sealed."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="lines")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+")
    field = models.CharField("项目", max_length=20, db_collation="C")
    old_sealed = models.BinaryField(default=bytes, blank=True)
    new_sealed = models.BinaryField(default=bytes, blank=True)
    open = models.BooleanField("未办结", default=True)

    class Meta:
        verbose_name = "更正项目"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "field"], name="proposal_field"),
            models.UniqueConstraint(fields=["child", "field"], condition=Q(open=True), name="proposal_one_open"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.field

    @property
    def old(self) -> Any:
        return self._opened("old")

    @property
    def new(self) -> Any:
        return self._opened("new")

    def keep(self, *, old: Any, new: Any) -> None:
        """Seal both values for this line."""
        self.old_sealed, self.new_sealed = self._sealed(old, "old"), self._sealed(new, "new")

    def _place(self, side: str) -> tuple[str, str, str]:
        return "registry_proposalline", f"{self.proposal.public_id}:{self.field}", side

    def _sealed(self, value: Any, side: str) -> bytes:
        return vault.seal(json.dumps(_written(value), ensure_ascii=False), *self._place(side))

    def _opened(self, side: str) -> Any:
        text = vault.open(getattr(self, f"{side}_sealed"), *self._place(side))
        return _read(json.loads(text)) if text else None


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {name: _written(one) for name, one in value.items()} if isinstance(value, dict) else value


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"date"}:
            return date.fromisoformat(value["date"])
        return {name: _read(one) for name, one in value.items()}
    return value
