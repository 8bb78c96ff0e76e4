"""Who may come through the departments' door, what came, and what was answered. No row here holds personal data."""

from __future__ import annotations

import base64
import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.delivery.api.machines import key
from hutong.foundation.network.models import Org, Post


def new_id() -> str:
    """16 random characters for addresses."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


class System(models.Model):
    """One system of one department, and what was agreed with it: lists, purpose, basis, how much, until when.

    What is agreed does not change: another scope is another system. ``trial``: fictitious data only, never the registry.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_id, db_collation="C")
    name = models.CharField("系统名称", max_length=60)
    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    area_code = models.CharField("区划", max_length=12, db_collation="C")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    trial = models.BooleanField("测试", default=False)
    lists: models.JSONField[list[str], list[str]] = models.JSONField("清单", default=list)
    rules = models.BooleanField("可以请求政策判定", default=False)
    purpose = models.CharField("用途", max_length=200)
    basis = models.CharField("依据", max_length=200)
    agreement = models.CharField("协议编号", max_length=60)
    rows_a_quarter = models.PositiveIntegerField("每季度每份清单最多行数")
    calls_a_minute = models.PositiveIntegerField("每分钟最多请求数")
    until = models.DateField("协议到期日")
    contact = models.CharField("联系人", max_length=60, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "部门系统"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "name"], name="door_system_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["area_code"], name="door_system_area")]

    def __str__(self) -> str:
        return self.name


class Key(models.Model):
    """One public key of a system, from–until. The private key is the department's and is never kept here."""

    key_id = models.CharField("密钥编号", max_length=32, unique=True, db_collation="C")
    system = models.ForeignKey(System, models.PROTECT, related_name="keys")
    area_code = models.CharField("区划", max_length=12, db_collation="C")
    algorithm = models.CharField("算法", max_length=20)
    public_key = models.CharField("公钥", max_length=400)
    made_here = models.BooleanField("由平台生成", default=False)
    state = models.CharField("状态", max_length=12, default=key.MACHINE.initial, db_collation="C")
    since = models.DateTimeField("启用时间", null=True, blank=True)
    until = models.DateTimeField("停用时间")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "接口密钥"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["public_key"], condition=~Q(state=key.REFUSED), name="door_key_not_shared"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(state=key.REVOKED) | ~Q(decided_by=F("requested_by")),
                name="door_key_two_persons",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.key_id


class Nonce(models.Model):
    """A nonce that was used; the same one again is a replay. Forgotten when its time is long past."""

    key = models.ForeignKey(Key, models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=64, db_collation="C")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "用过的随机数"
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "nonce"], name="door_nonce_once")]
        indexes: ClassVar = [models.Index(fields=["at"], name="door_nonce_at")]

    def __str__(self) -> str:
        return self.nonce


class Minute(models.Model):
    """Calls of a system in one minute, and those refused before they proved to come from it."""

    system = models.ForeignKey(System, models.CASCADE, related_name="+")
    minute = models.BigIntegerField()
    calls = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)

    class Meta:
        verbose_name = "每分钟请求数"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "minute"], name="door_minute_once")
        ]

    def __str__(self) -> str:
        return f"{self.minute}"


class Spent(models.Model):
    """Rows of a list a system delivered in a quarter, against what was agreed (TM-09)."""

    system = models.ForeignKey(System, models.CASCADE, related_name="+")
    list_code = models.CharField(max_length=30, db_collation="C")
    quarter = models.CharField(max_length=6, db_collation="C")
    rows = models.IntegerField(default=0)

    class Meta:
        verbose_name = "已用行数"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "list_code", "quarter"], name="door_spent_once")
        ]

    def __str__(self) -> str:
        return f"{self.list_code} {self.quarter}"


class Answer(models.Model):
    """The answer once given to an idempotency key: the same request again gets it, another one is refused."""

    system = models.ForeignKey(System, models.PROTECT, related_name="+")
    name = models.CharField(max_length=64, db_collation="C")
    digest = models.CharField(max_length=64, db_collation="C")
    status = models.IntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "已作答的请求"
        constraints: ClassVar = [models.UniqueConstraint(fields=["system", "name"], name="door_answer_once")]

    def __str__(self) -> str:
        return self.name


class Receipt(models.Model):
    """What the platform signed for having received; the department keeps the same text. Never changed."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, db_collation="C")
    system = models.ForeignKey(System, models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=12, db_collation="C")
    about = models.CharField("事项", max_length=20)
    subject = models.CharField("编号", max_length=16, db_collation="C")
    body = models.TextField("回执")
    signature = models.CharField("签名", max_length=120)
    platform_key = models.CharField("平台密钥", max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "回执"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "about", "subject"], name="door_receipt_once")
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.subject}"


class Call(models.Model):
    """One call: who, with which key, what for, what was asked and answered, the digest of what came. Never changed."""

    system = models.ForeignKey(System, models.PROTECT, related_name="calls")
    key = models.ForeignKey(Key, models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=12, db_collation="C")
    at = models.DateTimeField("时间")
    operation = models.CharField("事项", max_length=40)
    method = models.CharField(max_length=8)
    status = models.IntegerField("结果")
    problem = models.CharField("原因", max_length=40, blank=True)
    purpose = models.CharField("用途", max_length=200, blank=True)
    digest = models.CharField("摘要", max_length=64, blank=True, db_collation="C")
    size = models.BigIntegerField("字节数", default=0)
    request_id = models.CharField("请求", max_length=32)

    class Meta:
        verbose_name = "接口调用"
        indexes: ClassVar = [models.Index(fields=["system", "-at"], name="door_call_by_system")]

    def __str__(self) -> str:
        return f"{self.operation} {self.status}"


class Trial(models.Model):
    """What the trial desk took in: counts and reasons of fictitious data, in the shape the real answers have."""

    public_id = models.CharField(max_length=16, unique=True, default=new_id, db_collation="C")
    system = models.ForeignKey(System, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    list_code = models.CharField(max_length=30, db_collation="C")
    quarter = models.CharField(max_length=6, db_collation="C", blank=True)
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    mark = models.CharField(max_length=64, blank=True, db_collation="C")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "测试数据"
        indexes: ClassVar = [models.Index(fields=["system", "-at"], name="door_trial_by_system")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
