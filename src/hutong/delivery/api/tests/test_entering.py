"""Who is let in: every way of spoiling a signed request, replays, keys that do not work (issue 3.9; TM-13)."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hutong.delivery.api import services
from hutong.delivery.api.models import Call, Nonce, System
from hutong.delivery.api.services import letting_in
from hutong.delivery.api.tests.conftest import TODAY, noon
from hutong.delivery.api.tests.signer import Department
from hutong.domains.exchange.models import Push
from hutong.domains.exchange.tests.test_pushing import death
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.kernel import clock

pytestmark = pytest.mark.django_db
EVENT = "/lists/deaths/events"


def problem(response: Any, status: int = 401) -> str:
    """The kind of a problem, which must be in the form of RFC 9457 and in Chinese."""
    assert response.status_code == status, response.content.decode()
    assert response.headers["Content-Type"] == "application/problem+json"
    told = json.loads(response.content)
    assert told["status"] == status
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told["title"])
    assert told["detail"]
    return str(told["type"]).removeprefix("urn:hutong:problem:")


def taken_in() -> int:
    with use_scope(system_scope("test")):
        return Push.objects.count()


BODY = json.dumps({"row": death(901)}).encode()
OTHER = json.dumps({"row": death(902)}).encode()
SPOILT: dict[str, tuple[dict[str, Any], str]] = {
    "another body": ({"sent_body": OTHER}, "digest-wrong"),
    "another body and its digest": (
        {"sent_body": OTHER, "change": {"content-digest": "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"}},
        "signature-wrong",
    ),
    "another list": ({"sent_path": "/lists/custody/events"}, "signature-wrong"),
    "a query added": ({"sent_path": f"{EVENT}?x=1"}, "signature-wrong"),
    "another idempotency key": ({"change": {"idempotency-key": "0" * 20}}, "signature-wrong"),
    "another host": ({"change": {"host": "localhost"}}, "signature-wrong"),
    "another type of body": ({"change": {"content-type": "text/csv"}}, "signature-wrong"),
    "no body covered": ({"leave_out": ("content-digest",)}, "signature-components"),
    "no method covered": ({"leave_out": ("@method",)}, "signature-components"),
    "no idempotency key covered": ({"leave_out": ("idempotency-key",)}, "signature-components"),
    "an old signature": ({"created": int(noon(TODAY - timedelta(1)).timestamp())}, "signature-time"),
    "a signature of tomorrow": ({"created": int(noon(TODAY + timedelta(1)).timestamp())}, "signature-time"),
    "a short nonce": ({"nonce": "abc"}, "signature-components"),
    "another algorithm": ({"alg": "sm2-sm3"}, "signature-wrong"),
    "made for somebody else": ({"tag": "other-door"}, "signature-missing"),
    "no signature": ({"change": {"signature": "", "signature-input": ""}}, "signature-missing"),
    "a signature nobody can read": ({"change": {"signature": "sig1=;;"}}, "signature-form"),
    "the signature of nothing": ({"change": {"signature": "sig1=:AAAA:"}}, "signature-wrong"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_a_request_that_was_touched_does_nothing(door: SimpleNamespace, name: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    spoil, expected = SPOILT[name]
    assert problem(door.police.send("POST", EVENT, BODY, **spoil)) == expected
    assert taken_in() == 0
    assert door.police.send("POST", EVENT, BODY).status_code == 202, "the untouched request is good"


def test_a_request_of_another_method_does_nothing(door: SimpleNamespace) -> None:
    assert problem(door.police.send("POST", EVENT, BODY, sent_method="PUT"), 405) == "method"
    assert problem(door.police.send("POST", "/batches", BODY, sent_method="GET")) == "signature-wrong"


def test_the_same_request_again_is_a_replay(door: SimpleNamespace) -> None:
    nonce = "n" * 24
    assert door.police.get("/me", nonce=nonce).status_code == 200
    assert problem(door.police.get("/me", nonce=nonce)) == "replayed"
    assert door.court.get("/me", nonce=nonce).status_code == 200, "nonces are each key's own"


def test_a_replay_is_known_until_its_time_is_over(door: SimpleNamespace) -> None:
    nonce, at = "n" * 24, clock.now()
    door.police.get("/me", nonce=nonce)
    with clock.frozen(at + timedelta(minutes=4)):
        assert letting_in.forget() == 0
        assert problem(door.police.get("/me", nonce=nonce, created=int(at.timestamp()))) == "replayed"
    with clock.frozen(at + timedelta(minutes=30)):
        assert letting_in.forget() == 1
        assert problem(door.police.get("/me", nonce=nonce, created=int(at.timestamp()))) == "signature-time"
    with use_scope(system_scope("test")):
        assert not Nonce.objects.exists()


def test_the_body_is_not_looked_at_before_the_signature_held(door: SimpleNamespace, monkeypatch: Any) -> None:
    from hutong.delivery.api import entrance

    def read(*_: Any) -> None:
        raise AssertionError("read before the signature was checked")

    monkeypatch.setattr(entrance, "_read_body", read)
    thief = Department(door.police.key_id, Ed25519PrivateKey.generate())
    assert problem(thief.send("POST", EVENT, b"{" * 1_000_000)) == "signature-wrong"


def test_keys_that_do_not_work_all_look_alike(door: SimpleNamespace) -> None:
    """Unknown, not yet approved, revoked, expired, agreement over, for the other door: one answer."""
    cast, answers = door.cast, set()

    def refused(response: Any) -> None:
        told = json.loads(response.content)
        assert problem(response) == "key-unknown"
        answers.add(json.dumps({**told, "request": ""}, ensure_ascii=False))

    refused(Department("k-aaaaaaaaaaaaaaaa", door.police.pair).get("/me"))
    pair = Ed25519PrivateKey.generate()
    with use_scope(cast.county.scope):
        new, _ = services.request_key(
            actor=cast.county,
            system=door.police.system,
            public_key=pair.public_key().public_bytes_raw().hex(),
        )
    refused(Department(new.key_id, pair).get("/me"))
    refused(door.trial.get("/me", base="/api/v1"))
    refused(door.police.get("/me", base="/api/sandbox/v1"))
    with clock.frozen(door.police.key.until + timedelta(hours=1)):
        refused(door.police.get("/me"))
    with use_scope(cast.county.scope):
        System.objects.filter(pk=door.court.system.pk).update(until=TODAY)
    refused(door.court.get("/me"))
    with use_scope(cast.security.scope):
        services.cut_off(actor=cast.security, key=door.police.key, reason="私钥泄露")
    refused(door.police.get("/me"))
    assert len(answers) == 1


def test_a_post_that_was_abolished_does_not_enter(door: SimpleNamespace) -> None:
    door.police.system.post.active = False
    door.police.system.post.save(update_fields=["active"])
    assert problem(door.police.get("/me")) == "key-unknown"


def test_an_officials_session_opens_nothing(door: SimpleNamespace, client_as: Any) -> None:
    for member in ("county", "security", "sysadmin"):
        assert problem(client_as(member).get("/api/v1/me")) == "signature-missing"
    door.police.client.cookies = client_as("county").cookies
    assert door.police.get("/me").status_code == 200, "and does not disturb a signed call either"


def test_a_program_cannot_sign_in(door: SimpleNamespace) -> None:
    from django.test import Client

    account = door.police.system.account
    account.set_password("Weeping-Willow-7")
    account.save()
    client = Client()
    client.post("/account/login/", {"login": account.username, "password": "Weeping-Willow-7"})
    assert "_auth_user_id" not in client.session
    assert client.get("/").status_code == 302


def test_a_stranger_cannot_fill_the_log_in_the_name_of_a_key(door: SimpleNamespace) -> None:
    thief = Department(door.police.key_id, Ed25519PrivateKey.generate())
    for _ in range(30):
        assert problem(thief.get("/me")) == "signature-wrong"
    assert door.police.get("/me").status_code == 200, "nor keep the department out"
    with use_scope(door.cast.auditor.scope):
        statuses = list(Call.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == [401] * 20 + [200]


def test_addresses_that_do_not_exist_answer_in_the_form_of_the_api(door: SimpleNamespace) -> None:
    client = door.police.client
    for address in ("/api/v1/", "/api/v1/children", "/api/v1/batches/../me", "/api/sandbox/v1/nothing"):
        assert problem(client.get(address), 404) == "not-found"
    assert problem(door.police.get("/batches/zzzz"), 404) == "not-found"


def test_a_host_that_is_not_ours_is_told_so(door: SimpleNamespace) -> None:
    assert problem(door.police.get("/me", change={"host": "evil.example"}), 400) == "bad-host"


def test_sm2_is_said_to_be_unavailable_where_it_is(door: SimpleNamespace, monkeypatch: Any) -> None:
    from hutong.delivery.api.models import Key
    from hutong.kernel import signing

    monkeypatch.setitem(signing._providers, signing.SM2, signing.OpenSslSm2Provider("/nowhere/openssl"))
    with use_scope(door.cast.county.scope):
        Key.objects.filter(pk=door.police.key.pk).update(algorithm=signing.SM2)
    assert problem(door.police.get("/me", alg="sm2-sm3"), 501) == "algorithm-unavailable"
