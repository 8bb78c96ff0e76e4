"""Putting somebody on the real-name list."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from hutong.domains.workforce.models import Worker
from hutong.domains.workforce.permissions import check_can_keep
from hutong.domains.workforce.services import appointing
from hutong.domains.workforce.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.network.models import Holding
from hutong.foundation.workflow import services as workflow
from hutong.kernel import ids, names

HOLDING = "network.holding"
REGISTER = "workforce.register"
_TAKEN = (
    "这个身份证号码已登记在另一个账号名下。一人一号：请先核对号码；确有两个账号的，请安全管理员停用一个。"
)


def register(
    holding: Holding, *, actor: Acting, name: str, id_number: str = "", qualification: str = "",
    certificate: str = "",
) -> Worker:  # fmt: skip
    """Whoever holds this post becomes a line of the list; somebody already on it gets this post beside the others.

    What is left empty stays as it is.
    """
    check_can_keep(actor, holding.post.area_code, holding.user)
    found = Worker.objects.filter(user=holding.user).first()
    worker = found or Worker(user=holding.user, area_code=holding.post.area_code)
    facts = {
        "name": name,
        "id_number": id_number,
        "qualification": qualification or worker.qualification,
        "certificate": certificate or worker.certificate,
    }
    with transaction.atomic(), because("登记实名信息"):
        _write(worker, facts)
        appointing.begin(worker, holding.post, holding.since, actor=actor)
        workflow.close_items(
            subject_type=HOLDING, subject_id=holding.pk, kind=REGISTER, actor=actor, outcome="已登记"
        )
    return worker


@transaction.atomic
def change(worker: Worker, *, actor: Acting, **facts: str) -> Worker:
    """Name, number (left alone when empty), qualification, certificate."""
    check_can_keep(actor, worker.area_code, worker.user)
    with because("修改实名信息"):
        _write(worker, facts)
    return worker


def _write(worker: Worker, facts: dict[str, str]) -> None:
    worker.name = names.clean(facts["name"])
    if not worker.name:
        raise Refused("请填写姓名，与身份证一致。", "name")
    worker.qualification, worker.certificate = facts["qualification"], facts["certificate"].strip()[:60]
    if facts["id_number"].strip():
        try:
            worker.seal_id(ids.parse(facts["id_number"]).number)
        except ids.IdNumberError as error:
            raise Refused(str(error), "id_number") from None
    try:
        with transaction.atomic():
            worker.save()
    except IntegrityError as error:
        if "id_token" not in str(error):
            raise
        raise Refused(_TAKEN, "id_number") from None
