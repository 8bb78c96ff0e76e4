"""Parents, guardians and others: one person may stand under several children."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hutong.domains.registry.machines import wording
from hutong.domains.registry.models.child import Child
from hutong.foundation.access import vault
from hutong.kernel import ids


class Person(models.Model):
    """Somebody who matters to a child. The key is made before the row, so that a row is written before it is seen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("姓名", max_length=80)
    sex = models.SmallIntegerField("性别", choices=wording.SEXES, null=True, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    area_code = models.CharField("户籍地", max_length=12, db_collation="C", blank=True)
    id_sealed = models.BinaryField("身份证件号码（加密）", default=bytes, blank=True)
    id_token = models.CharField(max_length=64, unique=True, null=True, blank=True, db_collation="C")
    phone_sealed = models.BinaryField("联系电话（加密）", default=bytes, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "亲属"

    def __str__(self) -> str:
        return self.name

    @property
    def id_number(self) -> str:
        return vault.open(self.id_sealed, "registry_person", self.pk, "id_number")

    @property
    def masked_id(self) -> str:
        return ids.mask(self.id_number) if self.id_sealed else "未登记"

    @property
    def phone(self) -> str:
        return vault.open(self.phone_sealed, "registry_person", self.pk, "phone")

    @phone.setter
    def phone(self, number: str) -> None:
        if number != self.phone:
            self.phone_sealed = vault.seal(number, "registry_person", self.pk, "phone")

    def seal_id(self, number: str) -> None:
        """Keep the (normalised) number sealed, and its token; '' takes both away."""
        self.id_sealed = vault.seal(number, "registry_person", self.pk, "id_number")
        self.id_token = vault.token(number, "id") or None


class Kinship(models.Model):
    """``person`` is ``relation`` of ``child`` from–to; ended, never deleted."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="kinships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="kinships")
    relation = models.CharField("关系", max_length=12, choices=wording.RELATIONS)
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止（不含）", null=True, blank=True)
    custody = models.BooleanField("直接抚养", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "亲属关系"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "person", "relation"], condition=Q(until__isnull=True), name="kinship_once"
            ),
            models.UniqueConstraint(
                fields=["child", "relation"],
                condition=Q(until__isnull=True, relation__in=["father", "mother"]),
                name="kinship_one_parent",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="kinship_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()}·{self.person_id}"
