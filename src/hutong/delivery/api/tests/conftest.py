"""The cast of the door: the police's system with a key, one for trying out, the court's, and the next county's police."""

from __future__ import annotations

import base64
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hutong.delivery.api import services
from hutong.delivery.api.tests.signer import Department
from hutong.domains.exchange.tests import conftest as exchange_cast
from hutong.foundation.access.acting import acting_as
from hutong.foundation.access.scope import use_scope
from hutong.kernel import clock, signing

senders = exchange_cast.senders
TODAY = date(2026, 9, 20)


@pytest.fixture(autouse=True)
def september() -> Any:
    with clock.frozen(TODAY):
        yield


@pytest.fixture(autouse=True)
def sealed_files(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOADS = tmp_path / "uploads"
    return tmp_path / "uploads"


def a_system(
    county: Any, security: Any, org: Any, name: str, lists: list[str], *, trial: bool = False, **agreed: Any
) -> Department:
    """Registered by the county, its key approved by the security administrator: a department that can call."""
    facts = {
        "purpose": "儿童福利季度比对", "basis": "民发〔2019〕62 号", "agreement": "甲民数〔2026〕1 号", "rows_a_quarter": 1_000,
        "calls_a_minute": 600, "until": date(2027, 6, 30),
    } | agreed  # fmt: skip
    pair = Ed25519PrivateKey.generate()
    public = base64.b64encode(signing.public_bytes(pair.public_key())).decode()
    with use_scope(county.scope):
        system = services.register(actor=county, org=org, name=name, lists=lists, trial=trial, **facts)
        key, secret = services.request_key(actor=county, system=system, public_key=public)
        assert secret == ""
    with use_scope(security.scope):
        services.approve(actor=security, key=key)
    found = Department(key.key_id, pair, base="/api/sandbox/v1" if trial else "/api/v1")
    found.system = system  # type: ignore[attr-defined]
    found.key = key  # type: ignore[attr-defined]
    return found


@pytest.fixture
def door(senders: SimpleNamespace) -> SimpleNamespace:
    """``police``, ``court``, ``trial``: systems of the county; ``stranger``: the next county's police."""
    from hutong.foundation.accounts.models import User
    from hutong.foundation.network.models import Holding, Org, Post

    cast = senders
    there = "990102000000"
    org = Org.objects.create(name="乙县公安局", area_code=there, kind="GA")
    post = Post.objects.create(org=org, role="SECURITY_ADMIN", area_code=there, title="乙县安全管理员")
    user = User.objects.create(username="security2", name="乙安", must_change_password=False, password="!")
    other = acting_as(Holding.objects.create(post=post, user=user, since=date(2020, 1, 1)))
    at = (cast.county, cast.security)
    return SimpleNamespace(
        cast=cast,
        police=a_system(
            *at, cast.police.post.org, "人口系统", ["deaths", "custody", "lost_contact"], rules=True
        ),
        court=a_system(*at, cast.court.post.org, "审判系统", ["deaths", "declared_missing"]),
        trial=a_system(
            *at, cast.police.post.org, "人口系统联调", ["deaths", "custody"], trial=True, rules=True
        ),
        stranger=a_system(cast.stranger_county, other, org, "人口系统", ["deaths"]),
    )


def noon(day: date = TODAY) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.SHANGHAI)
