"""Requests to take children's data out, and each handing out of a file."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from hutong.domains.ledgers.data import catalogue
from hutong.domains.ledgers.machines import export as machine
from hutong.foundation.network.models import Post
from hutong.kernel.public_ids import new_public_id

FORMS = {"xlsx": "Excel 表格", "docx": "Word 文档（A4 打印）", "folder": "数据文件夹（命令行取件）"}
BASES = {"hukou": "户籍地", "residence": "居住地"}


class ExportRequest(models.Model):
    """Who wants which children's data of which place, in what form, for what; and what came of it.

    ``area_code`` is the place asked for; ``small``: within the limit, so that nobody else need approve; ``rows`` as counted
    when asked, ``made_rows`` when made. ``number`` is printed on every page and sheet.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    number = models.CharField("申请编号", max_length=24, unique=True, db_collation="C")
    kind = models.CharField("台账", max_length=20, db_collation="C")
    area_code = models.CharField("地方", max_length=12, db_collation="C")
    basis = models.CharField("按", max_length=10, choices=BASES, db_collation="C")
    form = models.CharField("形式", max_length=8, choices=FORMS, db_collation="C")
    clear_id = models.BooleanField("完整证件号码和电话", default=False)
    purpose = models.CharField("用途", max_length=12, db_collation="C")
    words = models.CharField("用途说明", max_length=300)
    rows = models.IntegerField("申请人数")
    small = models.BooleanField("限额内", default=False)
    state = models.CharField(
        "状态",
        max_length=10,
        default=machine.REQUESTED,
        choices=dict(machine.MACHINE.states),
        db_collation="C",
    )

    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    requested_label = models.CharField("申请人", max_length=160)
    requested_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_label = models.CharField("批准人", max_length=160, blank=True)
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    note = models.CharField("批准意见", max_length=300, blank=True)

    job = models.CharField("后台任务", max_length=64, blank=True)
    problem = models.CharField("未能生成的原因", max_length=500, blank=True)
    made_rows = models.IntegerField("实际人数", default=0)
    made_at = models.DateTimeField("生成时间", null=True, blank=True)
    expires_at = models.DateTimeField("有效至", null=True, blank=True)
    sha256 = models.CharField("文件指纹", max_length=64, blank=True, db_collation="C")

    class Meta:
        verbose_name = "导出申请"
        indexes: ClassVar = [
            models.Index(fields=["area_code", "-requested_at"], name="export_area"),
            models.Index(fields=["requested_by", "-requested_at"], name="export_mine"),
            models.Index(fields=["expires_at"], name="export_ready", condition=Q(state=machine.READY)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                # nothing is ready, and nothing was, that was not small or approved by somebody else
                condition=~Q(state__in=[machine.APPROVED, machine.READY, machine.EXPIRED, machine.FAILED])
                | Q(small=True)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("requested_by"))),
                name="export_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state=machine.READY) | Q(expires_at__isnull=False), name="export_expires"
            ),
            models.CheckConstraint(
                condition=~Q(small=True) | Q(clear_id=False), name="export_clear_is_never_small"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """For worklist, jobs and notices: no names in it."""
        return f"{catalogue.kind_label(self.kind)}导出 {self.number}"


class Download(models.Model):
    """One handing out of a made file (for a folder, one run of the command): of an export, or of a quarter's data."""

    export = models.ForeignKey(ExportRequest, models.PROTECT, null=True, related_name="downloads")
    report = models.ForeignKey("ledgers.QuarterReport", models.PROTECT, null=True, related_name="downloads")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor_label = models.CharField("取件人", max_length=160)
    rows = models.IntegerField("人数")
    size = models.BigIntegerField("字节数")
    request = models.CharField("请求", max_length=32, blank=True)

    class Meta:
        verbose_name = "导出取件"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(export__isnull=True) ^ Q(report__isnull=True), name="download_of_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.at}"
