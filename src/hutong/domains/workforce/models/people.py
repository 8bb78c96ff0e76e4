"""The real-name list: who works with children here, what training and checks say, and in which posts (R-33.*, R-34.03)."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from hutong.domains.workforce.machines import appointment as machine
from hutong.foundation.access import vault
from hutong.foundation.network.models import Post
from hutong.kernel import ids
from hutong.kernel.public_ids import new_public_id

QUALIFICATIONS: Final = {
    "NONE": "无",
    "ASSISTANT": "助理社会工作师",
    "WORKER": "社会工作师",
    "SENIOR": "高级社会工作师",
    "OTHER": "其他相关资格",
}
CLEAR, FOUND = "CLEAR", "FOUND"
RESULTS: Final = {CLEAR: "未发现不适合情形", FOUND: "不适合从事此项工作"}
"""Result and reference only; the record itself is never kept (law.md §18)."""
_ID: Final = "id_number"


def _area() -> models.CharField[str, str]:
    return models.CharField("所在地区", max_length=12, db_collation="C", db_index=True)


class Worker(models.Model):
    """One person of the workforce, by her account. The last dates are what the rows of training and checks say."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="worker")
    area_code = _area()
    name = models.CharField("姓名", max_length=40)
    id_sealed = models.BinaryField("身份证件号码", default=bytes, blank=True)
    id_token = models.CharField(max_length=64, null=True, blank=True, unique=True, db_collation="C")
    qualification = models.CharField(
        "专业资格", max_length=10, choices=list(QUALIFICATIONS.items()), default="NONE"
    )
    certificate = models.CharField("证书编号", max_length=60, blank=True)
    trained_on = models.DateField("最近培训", null=True, blank=True)
    examined_on = models.DateField("考核合格", null=True, blank=True)
    checked_on = models.DateField("最近背景查询", null=True, blank=True)
    check_result = models.CharField(
        "查询结果", max_length=6, choices=list(RESULTS.items()), blank=True, db_collation="C"
    )

    class Meta:
        verbose_name = "实名人员"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True, check_result="") | Q(checked_on__isnull=False, check_result__in=[CLEAR, FOUND]),
                name="worker_check_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def seal_id(self, number: str) -> None:
        """Keep the (normalised) number sealed, and its token; '' takes both away."""
        self.id_sealed = vault.seal(number, "workforce_worker", self.public_id, _ID)
        self.id_token = vault.token(number, "id") or None

    def id_masked(self) -> str:
        """First and last four characters; '' where there is none."""
        number = vault.open(self.id_sealed, "workforce_worker", self.public_id, _ID)
        return ids.mask(number) if number else ""


class Record(models.Model):
    """A dated fact about a worker: added, and taken back with a reason where it was wrong; never changed."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    area_code = _area()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField("撤销事由", max_length=200, blank=True)

    class Meta:
        abstract = True


class Training(Record):
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="trainings")
    held_on = models.DateField("培训日期")
    organiser = models.CharField("举办单位", max_length=100)
    topic = models.CharField("内容", max_length=200, blank=True)
    hours = models.PositiveSmallIntegerField("学时", null=True, blank=True)
    examined_on = models.DateField("考核日期", null=True, blank=True)
    passed = models.BooleanField("合格", null=True, blank=True)
    certificate = models.CharField("合格证编号", max_length=60, blank=True)

    class Meta:
        verbose_name = "培训记录"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(examined_on__isnull=True, passed__isnull=True)
                | Q(examined_on__isnull=False, passed__isnull=False),
                name="training_exam_whole",
            ),
            models.UniqueConstraint(
                fields=["worker", "held_on", "organiser"],
                condition=Q(withdrawn_at__isnull=True),
                name="training_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.held_on}"


class BackgroundCheck(Record):
    """A query of records of sexual abuse, maltreatment, trafficking and violence (未成年人保护法第62条)."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="checks")
    done_on = models.DateField("查询日期")
    result = models.CharField("结果", max_length=6, choices=list(RESULTS.items()), db_collation="C")
    done_by = models.CharField("查询单位", max_length=100)
    reference = models.CharField("回执编号", max_length=60, blank=True)

    class Meta:
        verbose_name = "背景查询"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worker", "done_on", "done_by"],
                condition=Q(withdrawn_at__isnull=True),
                name="check_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.done_on}"


class Appointment(models.Model):
    """A worker in a post, on the way through machine 22."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, db_collation="C")
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    area_code = _area()
    state = models.CharField(
        "状态", max_length=12, choices=list(machine.MACHINE.states.items()), default=machine.NOMINATED
    )
    since = models.DateField("任职")

    class Meta:
        verbose_name = "任职资格"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worker", "post"],
                condition=~Q(state=machine.REPLACED),
                name="appointment_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id}·{self.post_id}"


class Handout(models.Model):
    """The real-name list was taken out as a file: who, what part, how many rows."""

    at = models.DateTimeField("时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor_label = models.CharField("经办", max_length=140)
    area_code = _area()
    rows = models.PositiveIntegerField("行数")
    purpose = models.CharField("用途", max_length=200)

    class Meta:
        verbose_name = "名册导出"

    def __str__(self) -> str:
        return f"{self.at} {self.rows}"
