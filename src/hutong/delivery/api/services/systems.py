"""Agreeing with a department that a system of its may come through the door."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hutong.delivery.api.models import System, new_id
from hutong.delivery.api.services.errors import DoorRefused
from hutong.domains.exchange import permissions as exchange
from hutong.domains.exchange import presenters
from hutong.domains.exchange import services as exchange_services
from hutong.foundation.access import systems
from hutong.foundation.access.acting import Acting
from hutong.foundation.network.models import Org
from hutong.kernel import areas, clock


@transaction.atomic
def register(
    *, actor: Acting, org: Org, name: str, lists: list[str], purpose: str, basis: str, agreement: str,
    rows_a_quarter: int, calls_a_minute: int, until: date, contact: str = "", trial: bool = False, rules: bool = False,
) -> System:  # fmt: skip
    """Write down what was agreed; the system's own post and account are made with it. Keys come afterwards."""
    actor.check("door.manage")
    county = areas.county(actor.post.area_code)
    if not actor.scope.covers(org.area_code):
        raise PermissionDenied("该机构不在您的辖区内。")
    _check_lists(org, lists, rules=rules)
    if until <= clock.today():
        raise DoorRefused("协议到期日应晚于今天，请核对协议。")
    name = name.strip()
    if System.objects.filter(org=org, name=name).exists():
        raise DoorRefused(
            f"{org.name}已登记过“{name}”。约定的内容不能修改：范围有变，请以新的名称另行登记，并吊销原来的密钥。"
        )
    public_id = new_id()
    program = systems.set_up(
        kind="door",
        number=public_id,
        name=f"{org.name}·{name}",
        org=org,
        role="DEPT_SYSTEM",
        area_code=county,
    )
    exchange_services.set_up_comparer(org=actor.post.org, county=county)
    return System.objects.create(
        public_id=public_id, name=name, org=org, area_code=county, post=program.post, account=program.user, trial=trial,
        lists=sorted(lists), rules=rules, purpose=purpose.strip(), basis=basis.strip(), agreement=agreement.strip(),
        rows_a_quarter=rows_a_quarter, calls_a_minute=calls_a_minute, until=until, contact=contact.strip(),
        created_by=actor.user, created_at=clock.now(),
    )  # fmt: skip


def _check_lists(org: Org, lists: list[str], *, rules: bool) -> None:
    own, titles = exchange.lists_provided_by(org), presenters.list_titles()
    if not (lists or rules):
        raise DoorRefused("请至少选择一份清单，或允许请求政策判定。")
    if set(lists) - titles.keys():
        raise DoorRefused("有的清单不在目录中，请重新选择。")
    if other := [titles[code] for code in lists if code not in own]:
        raise DoorRefused(f"{org.name}不是这些清单的提供部门：{'、'.join(other)}。请核对机构或清单。")
