"""The cast of the exchange: two departments' clerks beside the county's two posts; files sealed under a temporary root."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.domains.exchange import quarters, services
from hutong.domains.exchange.models import Batch
from hutong.domains.exchange.tests import files
from hutong.foundation.access.acting import acting_as
from hutong.foundation.access.scope import use_scope
from hutong.kernel import clock

TODAY = date(2026, 9, 20)
QUARTER = quarters.Quarter(2026, 3)


@pytest.fixture(autouse=True)
def september() -> Any:
    with clock.frozen(TODAY):
        yield


@pytest.fixture(autouse=True)
def sealed_files(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOADS = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def senders(cast: SimpleNamespace) -> SimpleNamespace:
    """``police``, ``court``, ``health``: department clerks of the county, added to the cast."""
    from hutong.foundation.accounts.models import User
    from hutong.foundation.network.models import Holding, Org, Post

    area = "990101000000"
    for key, name, kind in (
        ("police", "甲县公安局", "GA"),
        ("court", "甲县人民法院", "FY"),
        ("health", "甲县卫健局", "WJ"),
    ):
        org = Org.objects.create(name=name, area_code=area, kind=kind)
        post = Post.objects.create(org=org, role="DEPT_CLERK", area_code=area, title=f"{name}数据员")
        user = User.objects.create(username=key, name=name[2:5], must_change_password=False, password="!")
        setattr(cast, key, acting_as(Holding.objects.create(post=post, user=user, since=date(2020, 1, 1))))
    return cast


def deliver(
    actor: Any,
    content: bytes,
    *,
    list_code: str = "deaths",
    name: str = "清单.csv",
    check: bool = True,
    **more: Any,
) -> Batch:
    """Upload and check here and now, as the command line does."""
    with use_scope(actor.scope):
        more.setdefault("quarter", QUARTER)
        batch = services.deliver(
            actor=actor, list_code=list_code, name=name, source=io.BytesIO(content), check=False, **more
        )
        return services.check_now(public_id=batch.public_id, actor=actor) if check else batch


def deaths(count: int, **more: Any) -> bytes:
    return files.csv(files.DEATHS, [files.death(n, **more) for n in range(1, count + 1)])
