"""The child's file itself."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hutong.domains.registry.machines import wording
from hutong.foundation.access import vault
from hutong.kernel import ages, clock, ids
from hutong.kernel.public_ids import new_public_id


class Intake(models.Model):
    """One folder read into the registry: where every row that came with it is from (R-03.05)."""

    title = models.CharField("来源", max_length=120)
    digest = models.CharField("摘要", max_length=64, blank=True)
    counts = models.JSONField("数量", default=dict)
    by_label = models.CharField("导入人", max_length=160)
    at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        verbose_name = "导入批次"

    def __str__(self) -> str:
        return self.title


class FileNumber(models.Model):
    """The last number given in a county; file numbers are H + county (6) + running number (7)."""

    county = models.CharField("区县", max_length=6, primary_key=True, db_collation="C")
    last = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "档案号"

    def __str__(self) -> str:
        return f"H{self.county}{self.last:07d}"


class Child(models.Model):
    """One child. The ID number stands here only sealed; a child without household registration has none."""

    public_id = models.CharField(
        max_length=16, unique=True, default=new_public_id, editable=False, db_collation="C"
    )
    file_no = models.CharField("档案号", max_length=40, unique=True, db_collation="C")
    name = models.CharField("姓名", max_length=80)
    name_pinyin = models.CharField(max_length=200, db_collation="C", blank=True)
    name_initials = models.CharField(max_length=40, db_collation="C", blank=True)
    sex = models.SmallIntegerField("性别", choices=wording.SEXES)
    birth_date = models.DateField("出生日期")
    id_kind = models.CharField("证件", max_length=10, choices=wording.ID_KINDS, default="RESIDENT")
    id_sealed = models.BinaryField("身份证件号码（加密）", default=bytes, blank=True)
    id_token = models.CharField(max_length=64, unique=True, null=True, blank=True, db_collation="C")
    ethnic = models.CharField("民族", max_length=20, blank=True)
    hukou_area = models.CharField("户籍地", max_length=12, db_collation="C")
    residence_area = models.CharField("居住地", max_length=12, db_collation="C")
    address_sealed = models.BinaryField("居住地址（加密）", default=bytes, db_default=b"", blank=True)
    phone_sealed = models.BinaryField("联系电话（加密）", default=bytes, blank=True)
    payee_name = models.CharField("收款户名", max_length=80, db_default="", blank=True)
    payee_bank = models.CharField("开户银行", max_length=80, db_default="", blank=True)
    payee_account_sealed = models.BinaryField("银行账号（加密）", default=bytes, db_default=b"", blank=True)
    rural = models.BooleanField("农村", null=True, blank=True)
    lives_with = models.CharField("同住人", max_length=20, choices=wording.LIVES_WITH, blank=True)
    place = models.CharField("安置方式", max_length=20, choices=wording.PLACES, default="home")
    guard = models.CharField("监护状况", max_length=10, choices=wording.GUARD, blank=True)
    school = models.CharField("学段", max_length=20, choices=wording.STAGES, blank=True)
    full_time = models.BooleanField("全日制", null=True, blank=True)
    single = models.BooleanField("单亲", null=True, blank=True)
    entrusted = models.BooleanField("已签委托照护", null=True, blank=True)
    adopted = models.BooleanField("已收养", null=True, blank=True)
    was = models.CharField("18岁前认定类别", max_length=20, blank=True)
    state = models.CharField("状态", max_length=12, choices=wording.STATES, default="DRAFT")
    close_reason = models.CharField("退出原因", max_length=12, choices=wording.CLOSE_REASONS, blank=True)
    sealed_in = models.CharField(max_length=12, default="", blank=True, editable=False, db_collation="C")
    """The compartment that holds the whole file: outside it the child does not exist (ADR 0014)."""
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    """The file this one proved to be a double of: whoever asks for this one gets that one."""
    version = models.PositiveIntegerField("版本", default=1)
    intake = models.ForeignKey(Intake, models.PROTECT, null=True, blank=True, related_name="children")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("建档时间", db_default=Now())
    updated_at = models.DateTimeField("更新时间", db_default=Now())
    form_key = models.CharField(max_length=32, unique=True, null=True, blank=True)
    """The key of the form that made the file: the second click of a double click finds the first one's file."""

    class Meta:
        verbose_name = "儿童档案"
        indexes: ClassVar = [
            models.Index(fields=["residence_area", "name_pinyin", "id"], name="child_residence"),
            models.Index(fields=["hukou_area", "name_pinyin", "id"], name="child_hukou"),
            models.Index(fields=["state", "residence_area"], name="child_state"),
            models.Index(fields=["birth_date", "residence_area"], name="child_birth"),
            models.Index(fields=["sealed_in"], name="child_sealed", condition=~Q(sealed_in="")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sex__in=[1, 2]), name="child_sex"),
            models.CheckConstraint(condition=Q(id_token__isnull=True) | Q(id_kind__in=["RESIDENT", "OTHER"]), name="child_id_kind"),
            models.CheckConstraint(condition=Q(state="MERGED", merged_into__isnull=False) | (~Q(state="MERGED") & Q(merged_into__isnull=True)), name="child_merged"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}（{self.file_no}）"

    @property
    def id_number(self) -> str:
        """The number in clear; '' where there is none. Never for lists and logs."""
        return vault.open(self.id_sealed, "registry_child", self.public_id, "id_number")

    @property
    def phone(self) -> str:
        return vault.open(self.phone_sealed, "registry_child", self.public_id, "phone")

    @phone.setter
    def phone(self, number: str) -> None:
        if number != self.phone:  # sealed again it would be another ciphertext, and look like a change
            self.phone_sealed = vault.seal(number, "registry_child", self.public_id, "phone")

    @property
    def address(self) -> str:
        return vault.open(self.address_sealed, "registry_child", self.public_id, "address")

    @address.setter
    def address(self, words: str) -> None:
        if words != self.address:
            self.address_sealed = vault.seal(words, "registry_child", self.public_id, "address")

    @property
    def payee_account(self) -> str:
        """Where the money goes; '' where none is known. Never for lists and logs."""
        return vault.open(self.payee_account_sealed, "registry_child", self.public_id, "payee_account")

    @payee_account.setter
    def payee_account(self, number: str) -> None:
        if number != self.payee_account:
            self.payee_account_sealed = vault.seal(number, "registry_child", self.public_id, "payee_account")

    @property
    def masked_id(self) -> str:
        return ids.mask(self.id_number) if self.id_sealed else wording.ID_KINDS[self.id_kind]

    def seal_id(self, number: str) -> None:
        """Keep the (normalised) number sealed, and its token; '' takes both away."""
        self.id_sealed = vault.seal(number, "registry_child", self.public_id, "id_number")
        self.id_token = vault.token(number, "id") or None

    def age(self, on: date | None = None) -> int:
        """Completed years."""
        day = on or clock.today()
        return ages.completed_years(self.birth_date, day) if day >= self.birth_date else 0
