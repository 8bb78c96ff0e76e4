"""Decisions as they were made: the rules' answer with the rule version and the facts it rested on (ADR 0034)."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Final

from django.db import models
from django.db.models.functions import Now

from hutong.domains.registry.models import Child
from hutong.foundation.access import vault
from hutong.kernel.public_ids import new_public_id

ACTS: Final = {
    "LEAD_FOUND": "线索产生",
    "LEAD_VERIFIED": "线索核实",
    "LEAD_ENDED": "线索办结",
    "ROLL_ENTER": "列入名册",
    "ROLL_LEAVE": "退出名册",
    "ASSESSED": "判定留存",
}


class Decision(models.Model):
    """What the rules said of a child when somebody acted: append-only.

    ``version`` is the digest of parameters, sources and rule texts; ``outcome`` rule → true, false or null. The facts stand
    sealed: ``{"facts": …, "lines": […]}``. ``whole``: every fact known then; else those that decided a comparison's finding.
    """

    public_id = models.CharField(
        max_length=16, unique=True, default=new_public_id, editable=False, db_collation="C"
    )
    child = models.ForeignKey(Child, models.PROTECT, related_name="decisions")
    act = models.CharField("何时留存", max_length=14, choices=ACTS)
    about = models.CharField("对象", max_length=40, blank=True, db_collation="C")
    made_at = models.DateTimeField("时间", db_default=Now())
    by_label = models.CharField("经办", max_length=160, blank=True)
    pack = models.CharField("政策包", max_length=30, db_collation="C")
    version = models.CharField("规则版本", max_length=16, db_collation="C")
    as_of = models.DateField("判定日期")
    known_at = models.DateTimeField("已知截至")
    whole = models.BooleanField("全部事实", default=True)
    scheme = models.CharField("应享类别", max_length=12, blank=True, db_collation="C")
    monthly = models.BigIntegerField("月标准（分）", null=True, blank=True)
    outcome: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField("判定", default=dict)
    facts_sealed = models.BinaryField("事实（加密）", default=bytes, blank=True)

    class Meta:
        verbose_name = "留存的判定"
        indexes: ClassVar = [models.Index(fields=["child", "-made_at"], name="decision_child")]

    def __str__(self) -> str:
        return f"{self.get_act_display()}·{self.public_id}"

    def seal(self, facts: dict[str, Any], lines: list[str]) -> None:
        text = json.dumps({"facts": facts, "lines": lines}, ensure_ascii=False, default=str)
        self.facts_sealed = vault.seal(text, "policy_decision", self.public_id, "facts")

    def unseal(self) -> tuple[dict[str, Any], list[str]]:
        """The facts (dates as text) and the sentences told then."""
        held = json.loads(vault.open(self.facts_sealed, "policy_decision", self.public_id, "facts"))
        return held["facts"], held["lines"]
