"""Keys need two persons, end by one, and change without a gap; what is secret is shown once (issue 3.9; R-24.03)."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from hutong.delivery.api import services
from hutong.delivery.api.models import Key, System
from hutong.delivery.api.services.errors import DoorRefused
from hutong.delivery.api.tests.conftest import TODAY
from hutong.delivery.api.tests.signer import Department
from hutong.delivery.api.tests.test_entering import problem
from hutong.foundation.access.scope import use_scope
from hutong.foundation.messaging.models import Notice
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock, signing

pytestmark = pytest.mark.django_db


def agreed(cast: SimpleNamespace, **change: str) -> dict[str, Any]:
    return {
        "org": str(cast.police.post.org.public_id), "name": "户籍系统", "lists": ["deaths"], "purpose": "季度比对",
        "basis": "民发〔2019〕62 号", "agreement": "甲民数〔2026〕2 号", "until": "2027-06-30", "rows_a_quarter": "1000",
        "calls_a_minute": "60",
    } | change  # fmt: skip


def test_registered_requested_approved_and_used_through_the_pages(
    senders: SimpleNamespace, client_as: Any
) -> None:
    county, security = client_as("county"), client_as("security")
    assert county.post(reverse("door:new"), agreed(senders)).status_code == 302
    with use_scope(senders.county.scope):
        system = System.objects.get()
    page = reverse("door:system", args=[system.public_id])
    made = county.post(reverse("door:request_key", args=[system.public_id]), {"public_key": ""})
    pem = re.search(r"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----", made.content.decode(), re.S)
    assert pem is not None
    assert "no-store" in made.headers["Cache-Control"]
    pair = load_pem_private_key((pem[0] + "\n").encode(), None)
    assert isinstance(pair, Ed25519PrivateKey)
    assert "PRIVATE KEY" not in county.get(page).content.decode(), "shown once"
    again = county.post(reverse("door:request_key", args=[system.public_id]), {"public_key": ""})
    assert (again.status_code, "PRIVATE KEY" in again.content.decode()) == (422, False), (
        "loaded again: no second key"
    )
    assert "已有一把密钥待批准" in again.content.decode()
    with use_scope(senders.county.scope):
        key = Key.objects.get()
    caller = Department(key.key_id, pair)
    assert problem(caller.get("/me")) == "key-unknown", "not before a second person approved it"
    assert county.post(reverse("door:approve", args=[key.key_id])).status_code == 404
    with use_scope(senders.security.scope):
        assert "户籍系统" in Notice.objects.get(post=senders.security.post).title
    assert "批准启用" in security.get(page).content.decode()
    assert security.post(reverse("door:approve", args=[key.key_id])).status_code == 302
    assert caller.get("/me").status_code == 200
    assert "核对约定" in security.get(page).content.decode(), "the call stands in the log"
    bare = county.post(reverse("door:revoke", args=[key.key_id]), {"reason": " "})
    assert (bare.status_code, "请写明理由" in bare.content.decode()) == (422, True)
    county.post(reverse("door:revoke", args=[key.key_id]), {"reason": "对方私钥遗失"})
    assert problem(caller.get("/me")) == "key-unknown"
    assert "对方私钥遗失" in client_as("auditor").get(page).content.decode()


def test_what_was_typed_stays_and_every_wrong_agreement_is_told(
    senders: SimpleNamespace, client_as: Any
) -> None:
    county = client_as("county")
    for change, told in (
        ({"until": TODAY.isoformat()}, "协议到期日应晚于今天"), ({"lists": "disability"}, "不是这些清单的提供部门"),
        ({"lists": ""}, "请至少选择一份清单"), ({"rows_a_quarter": "900000"}, "500000"),
    ):  # fmt: skip
        typed = {name: value for name, value in agreed(senders, **change).items() if value}
        answer = county.post(reverse("door:new"), typed)
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert "甲民数〔2026〕2 号" in answer.content.decode()
    assert county.post(reverse("door:new"), agreed(senders)).status_code == 302
    again = county.post(reverse("door:new"), agreed(senders))
    assert "已登记过" in again.content.decode()


def test_the_asking_person_cannot_approve_even_by_hand(door: SimpleNamespace) -> None:
    cast = door.cast
    with use_scope(cast.county.scope):
        key, _ = services.request_key(actor=cast.county, system=door.police.system)
        with pytest.raises(PermissionDenied):
            services.approve(actor=cast.county, key=key)
        with pytest.raises(IntegrityError), transaction.atomic():
            Key.objects.filter(pk=key.pk).update(decided_by=cast.county.user, state="ACTIVE")
    with use_scope(cast.security.scope):
        services.refuse(actor=cast.security, key=key, reason="指纹对不上")
        with pytest.raises(NotNow):
            services.approve(actor=cast.security, key=key)


@pytest.mark.parametrize(
    "pasted", ["", "x", "not base64!", "AAAA", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----"]
)  # fmt: skip
def test_what_is_no_public_key_is_refused(door: SimpleNamespace, client_as: Any, pasted: str) -> None:
    address = reverse("door:request_key", args=[door.police.system.public_id])
    answer = client_as("county").post(address, {"public_key": pasted})
    with use_scope(door.cast.county.scope):
        waiting = Key.objects.filter(system=door.police.system, state="REQUESTED").count()
    assert (answer.status_code, waiting) == ((422, 0) if pasted else (200, 1))


def test_one_key_pair_serves_one_system(door: SimpleNamespace) -> None:
    public = base64.b64encode(signing.public_bytes(door.police.pair.public_key())).decode()
    cast = door.cast
    with use_scope(cast.county.scope), pytest.raises(DoorRefused, match="已经登记过"):
        services.request_key(actor=cast.county, system=door.court.system, public_key=public)


def test_a_key_is_changed_without_a_gap(door: SimpleNamespace) -> None:
    cast, pair = door.cast, Ed25519PrivateKey.generate()
    with use_scope(cast.county.scope):
        key, _ = services.request_key(
            actor=cast.county,
            system=door.police.system,
            public_key=pair.public_key().public_bytes_raw().hex(),
        )
    new = Department(key.key_id, pair)
    assert door.police.get("/me").status_code == 200
    with use_scope(cast.security.scope):
        services.approve(actor=cast.security, key=key)
    assert (door.police.get("/me").status_code, new.get("/me").status_code) == (200, 200)
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert problem(door.police.get("/me")) == "key-unknown"
        assert new.get("/me").status_code == 200


def test_a_key_ends_with_the_agreement_at_the_latest(door: SimpleNamespace) -> None:
    assert door.police.key.until.date() <= door.police.system.until
    after = door.police.system.until + timedelta(days=1)
    with (
        clock.frozen(after),
        use_scope(door.cast.county.scope),
        pytest.raises(DoorRefused, match="协议已到期"),
    ):
        services.request_key(actor=door.cast.county, system=door.police.system)


def test_the_next_countys_keepers_find_nothing(door: SimpleNamespace, client_as: Any) -> None:
    stranger = client_as("stranger_county")
    page, key = reverse("door:system", args=[door.police.system.public_id]), door.police.key_id
    assert stranger.get(page).status_code == 404
    assert "人口系统" in client_as("county").get(reverse("door:systems")).content.decode()
    assert door.police.system.public_id not in stranger.get(reverse("door:systems")).content.decode()
    assert stranger.post(reverse("door:revoke", args=[key]), {"reason": "x"}).status_code == 404
    with use_scope(door.cast.stranger_county.scope), pytest.raises(PermissionDenied):
        services.register(
            actor=door.cast.stranger_county, org=door.cast.police.post.org, name="x", lists=["deaths"], purpose="x",
            basis="x", agreement="x", rows_a_quarter=1, calls_a_minute=1, until=door.police.system.until,
        )  # fmt: skip


def test_a_person_is_never_put_on_a_programs_post(door: SimpleNamespace, client_as: Any) -> None:
    from hutong.foundation.network import services as network
    from hutong.foundation.network.services import NetworkRefused

    cast = door.cast
    with use_scope(cast.county.scope), pytest.raises(NetworkRefused, match="系统程序"):
        network.appoint(
            actor=cast.county, post=door.police.system.post, user=cast.police.user, since=TODAY, reason="x"
        )
    assert (
        door.police.system.account.username
        not in client_as("security").get("/access/people/").content.decode()
    )
