"""Passkeys with a key in software: signing in, the second step, step-up; what is not the key does not open (TM-14, ADR 0030)."""

from __future__ import annotations

import html
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hutong.foundation.accounts.models import User
from hutong.foundation.accounts.tests.signing_in import confirm_again, grow_old, signed_in
from hutong.foundation.accounts.tests.soft_key import SoftKey

PASSWORD = "Hutong-示例-2026"
ADD, LOGIN, SECOND = "mfa_add_webauthn", "mfa_login_webauthn", "mfa_authenticate"


@pytest.fixture(autouse=True)
def quick(db: None, settings: Any) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def county(cast: SimpleNamespace) -> User:
    user: User = cast.county.user
    user.set_password(PASSWORD)
    user.save()
    return user


def options(page: Any) -> dict[str, Any]:
    """What the page gives the browser to ask the key with."""
    found = re.search(r'data-options="([^"]+)"', page.content.decode())
    assert found is not None
    return json.loads(html.unescape(found[1]))  # type: ignore[no-any-return]


def enrol(client: Client, *, alone: bool = True, verified: bool = True, name: str = "办公室电脑") -> SoftKey:
    key = SoftKey(verified=verified)
    confirm_again(client)
    asked = options(client.get(reverse(ADD), HTTP_HOST="localhost"))
    posted = {"name": name, "credential": key.create(asked), **({"passwordless": "on"} if alone else {})}
    answer = client.post(reverse(ADD), posted, HTTP_HOST="localhost")
    assert answer.status_code == 302, answer.content.decode()
    return key


def knock(client: Client, key: SoftKey, **more: str) -> Any:
    """Sign in with the key alone."""
    asked = client.get(reverse(LOGIN), headers={"accept": "application/json"}, HTTP_HOST="localhost").json()[
        "request_options"
    ]
    return client.post(reverse(LOGIN), {"credential": key.get(asked), **more}, HTTP_HOST="localhost")


def test_the_key_alone_signs_in_and_leads_on(county: User) -> None:
    key = enrol(signed_in(county))
    client = Client()
    assert knock(client, key, next="/account/")["Location"] == "/account/"
    assert county.name in client.get("/account/").content.decode()


def test_a_lost_key_recovery_code_in_key_out(county: User) -> None:
    first = signed_in(county)
    enrol(first)
    codes = re.findall(r"<code>(\w+)</code>", first.get(reverse("mfa_view_recovery_codes")).content.decode())
    assert len(codes) == 10
    client = Client()
    away = client.post(
        reverse("account_login"), {"login": "county", "password": PASSWORD}, HTTP_HOST="localhost"
    )
    assert away["Location"] == reverse(SECOND)
    assert "用通行密钥登录" in client.get(reverse(SECOND), HTTP_HOST="localhost").content.decode()
    assert client.post(reverse(SECOND), {"code": codes[0]}, HTTP_HOST="localhost").status_code == 302
    lost = Authenticator.objects.get(user=county, type="webauthn")
    confirm_again(client)
    assert "办公室电脑" in client.get(reverse("mfa_list_webauthn")).content.decode()
    assert client.post(reverse("mfa_remove_webauthn", args=[lost.pk])).status_code == 302
    assert not Authenticator.objects.filter(user=county).exists(), "the codes go with the last second step"


def test_password_then_key_as_second_step(county: User) -> None:
    key = enrol(signed_in(county), alone=False, verified=False)
    client = Client()
    client.post(reverse("account_login"), {"login": "county", "password": PASSWORD}, HTTP_HOST="localhost")
    assert client.get("/account/")["Location"].startswith(reverse("account_login")), (
        "half signed in is not signed in"
    )
    page = client.get(reverse(SECOND), HTTP_HOST="localhost")
    wrong = client.post(reverse(SECOND), {"credential": SoftKey().get(options(page))}, HTTP_HOST="localhost")
    assert "验证没有通过" in wrong.content.decode()
    right = client.post(reverse(SECOND), {"credential": key.get(options(wrong))}, HTTP_HOST="localhost")
    assert right.status_code == 302
    assert client.get("/account/").status_code == 200


def test_without_finger_or_pin_the_key_alone_does_not_open(county: User) -> None:
    client = signed_in(county)
    confirm_again(client)
    key = SoftKey(verified=False)
    asked = options(client.get(reverse(ADD), HTTP_HOST="localhost"))
    refused = client.post(
        reverse(ADD),
        {"name": "x", "passwordless": "on", "credential": key.create(asked)},
        HTTP_HOST="localhost",
    )
    assert refused.status_code == 200
    assert not Authenticator.objects.exists()
    key = enrol(client, alone=False, verified=False)
    stranger = Client()
    assert knock(stranger, key)["Location"] == reverse("account_login")
    assert stranger.get("/account/").status_code == 302


RUBBISH = (
    "", "[]", "3", '"x"', "{", '{"id": 3}', '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"","userHandle":"/"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":null}',
)  # fmt: skip


@pytest.mark.parametrize("given", RUBBISH)
def test_rubbish_is_refused_everywhere_and_breaks_nothing(county: User, given: str) -> None:
    client = signed_in(county)
    enrol(client)
    outside, half = Client(), Client()
    outside.get(reverse(LOGIN), headers={"accept": "application/json"}, HTTP_HOST="localhost")
    assert outside.post(reverse(LOGIN), {"credential": given}, HTTP_HOST="localhost").status_code == 302
    half.post(reverse("account_login"), {"login": "county", "password": PASSWORD}, HTTP_HOST="localhost")
    assert half.post(reverse(SECOND), {"credential": given}, HTTP_HOST="localhost").status_code == 200
    assert (
        client.post(reverse(ADD), {"name": "x", "credential": given}, HTTP_HOST="localhost").status_code
        == 200
    )
    confirm = client.post(
        reverse("mfa_reauthenticate_webauthn"), {"credential": given}, HTTP_HOST="localhost"
    )
    assert confirm.status_code == 302
    grow_old(client)
    for one in (outside, half):
        assert one.get("/account/").status_code == 302
    assert Authenticator.objects.filter(user=county, type="webauthn").count() == 1


@pytest.mark.parametrize("fault", ["other key", "other site", "other person", "replay"])
def test_what_is_not_the_key_does_not_open(county: User, cast: SimpleNamespace, fault: str) -> None:
    key = enrol(signed_in(county))
    client = Client()
    asked = client.get(reverse(LOGIN), headers={"accept": "application/json"}, HTTP_HOST="localhost").json()[
        "request_options"
    ]
    given = key.get(asked)
    if fault == "other key":
        other = SoftKey()
        other.id, other.user = key.id, key.user
        given = other.get(asked)
    elif fault == "other site":
        key.origin = "https://hutong.example.com"
        given = key.get(asked)
    elif fault == "other person":
        key.user = str(cast.director.user.pk).encode()
        given = key.get(asked)
    else:
        client.get(reverse(LOGIN), headers={"accept": "application/json"}, HTTP_HOST="localhost")
    answer = client.post(reverse(LOGIN), {"credential": given}, HTTP_HOST="localhost")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("account_login")
    assert client.get("/account/").status_code == 302


def test_a_locked_account_is_not_opened_by_its_key(county: User) -> None:
    key = enrol(signed_in(county))
    county.is_active = False
    county.save()
    client = Client()
    knock(client, key)
    assert client.get("/account/").status_code == 302


def test_a_key_counts_as_the_required_second_step(county: User, settings: Any) -> None:
    settings.REQUIRE_MFA = True
    client = signed_in(county)
    assert client.get("/")["Location"] == reverse("mfa_index")
    assert "登记通行密钥" in client.get(reverse("mfa_index")).content.decode()
    enrol(client)
    assert client.get("/").status_code == 200


def test_codes_alone_are_no_second_step(county: User, settings: Any) -> None:
    settings.REQUIRE_MFA = True
    Authenticator.objects.create(user=county, type="recovery_codes", data={"seed": "0" * 40, "used_mask": 0})
    assert signed_in(county).get("/")["Location"] == reverse("mfa_index")


def test_step_up_with_the_key_carries_what_was_posted(cast: SimpleNamespace) -> None:
    keeper = signed_in(cast.security.user)
    key = enrol(keeper)
    grow_old(keeper)
    address, typed = reverse("access:add_person"), {"name": "赵新", "username": "zhao.xin"}
    page = keeper.post(address, typed, HTTP_HOST="localhost")
    assert page.status_code == 403
    wrong = keeper.post(
        address, {**typed, "confirm-credential": SoftKey().get(options(page))}, HTTP_HOST="localhost"
    )
    assert wrong.status_code == 403
    assert "通行密钥没有通过" in wrong.content.decode()
    assert not User.objects.filter(username="zhao.xin").exists()
    done = keeper.post(
        address, {**typed, "confirm-credential": key.get(options(wrong))}, HTTP_HOST="localhost"
    )
    assert done.status_code == 200
    assert User.objects.get(username="zhao.xin").name == "赵新"


def test_confirming_with_the_key_before_a_page(cast: SimpleNamespace) -> None:
    cast.security.user.set_password(PASSWORD)
    cast.security.user.save()
    keeper = signed_in(cast.security.user)
    key = enrol(keeper)
    grow_old(keeper)
    asked = reverse("access:add_person")
    password_page = keeper.get(keeper.get(asked)["Location"], HTTP_HOST="localhost").content.decode()
    assert "改用通行密钥确认" in password_page
    confirm = reverse("mfa_reauthenticate_webauthn")
    page = keeper.get(confirm + "?next=" + asked, HTTP_HOST="localhost")
    wrong = keeper.post(
        confirm, {"credential": SoftKey().get(options(page)), "next": asked}, HTTP_HOST="localhost"
    )
    assert wrong["Location"].startswith(confirm)
    page = keeper.get(wrong["Location"], HTTP_HOST="localhost")
    assert "验证没有通过" in page.content.decode()
    right = keeper.post(confirm, {"credential": key.get(options(page)), "next": asked}, HTTP_HOST="localhost")
    assert right["Location"] == asked
    assert keeper.get(asked).status_code == 200


def test_nobody_removes_or_renames_anothers_key(county: User, cast: SimpleNamespace) -> None:
    enrol(signed_in(county))
    pk = Authenticator.objects.get(user=county, type="webauthn").pk
    other = signed_in(cast.stranger.user)
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert other.post(reverse(name, args=[pk]), {"name": "x"}).status_code == 404
    own = signed_in(county)
    confirm_again(own)
    assert own.post(reverse("mfa_edit_webauthn", args=[pk]), {"name": "蓝色钥匙"}).status_code == 302
    assert "蓝色钥匙" in own.get(reverse("mfa_list_webauthn")).content.decode()


def test_the_security_administrator_clears_a_lost_key(county: User, cast: SimpleNamespace) -> None:
    enrol(signed_in(county))
    keeper = signed_in(cast.security.user)
    address = reverse("access:change_person", args=["county"])
    page = keeper.get(reverse("access:person", args=["county"])).content.decode()
    found = re.search(r'name="(\w+)" value="(\w*second\w*)"', page)
    assert found is not None
    assert keeper.post(address, {found[1]: found[2]}).status_code == 302
    assert not Authenticator.objects.filter(user=county).exists()
