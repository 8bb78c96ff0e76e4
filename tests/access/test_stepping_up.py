"""Once more the password before what reaches far (ADR 0025; R-46.01): nothing done before, nothing lost."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hutong.foundation.accounts.models import User
from hutong.foundation.accounts.tests.signing_in import grow_old, signed_in
from hutong.foundation.network.models import Holding, Post

PASSWORD = "Hutong-示例-2026"


@pytest.fixture
def keeper(cast: SimpleNamespace, settings: Any) -> Client:
    """The security administrator, whose password is long ago."""
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user: User = cast.security.user
    user.set_password(PASSWORD)
    user.save()
    client = signed_in(user)
    grow_old(client)
    return client


def test_the_page_is_asked_for_again_after_confirming(keeper: Client) -> None:
    asked = reverse("access:add_person") + "?from=list"
    away = keeper.get(asked)["Location"]
    answer = keeper.post(away, {"password": PASSWORD, "next": asked})
    assert answer["Location"] == asked
    assert keeper.get(asked).status_code == 200


def test_what_was_posted_is_done_once_and_only_after_the_password(keeper: Client) -> None:
    address = reverse("access:add_person")
    typed = {"name": "赵<新>", "username": "zhao.xin"}
    page = keeper.post(address, typed)
    assert page.status_code == 403
    assert not User.objects.filter(username="zhao.xin").exists()
    text = page.content.decode()
    assert 'name="name" value="赵&lt;新&gt;"' in text
    assert PASSWORD not in text

    wrong = keeper.post(address, {**typed, "confirm-password": "not-mine"})
    assert wrong.status_code == 403
    assert "密码不正确" in wrong.content.decode()
    assert 'value="zhao.xin"' in wrong.content.decode()
    assert not User.objects.filter(username="zhao.xin").exists()

    done = keeper.post(address, {**typed, "confirm-password": PASSWORD})
    assert done.status_code == 200
    assert "初始密码只显示这一次" in done.content.decode()
    assert User.objects.get(username="zhao.xin").name == "赵<新>"
    assert PASSWORD not in done.content.decode()


def test_several_values_of_one_field_are_carried(keeper: Client) -> None:
    page = keeper.post(reverse("access:add_person"), {"name": ["一", "二\n行"]}).content.decode()
    assert page.count('<input type="hidden" name="name"') == 2
    assert 'value="二\n行"' in page


def test_after_confirming_nothing_is_asked_for_some_minutes(keeper: Client, cast: SimpleNamespace) -> None:
    address = reverse("access:change_person", args=[cast.director.user.username])
    assert keeper.post(address, {"act": "end_sessions", "confirm-password": PASSWORD}).status_code == 302
    assert keeper.post(address, {"act": "end_sessions"}).status_code == 302
    grow_old(keeper, 16 * 60)
    assert keeper.post(address, {"act": "end_sessions"}).status_code == 403


def test_an_empty_answer_is_asked_again_in_words(keeper: Client, cast: SimpleNamespace) -> None:
    address = reverse("access:change_person", args=[cast.director.user.username])
    answer = keeper.post(address, {"act": "deactivate", "confirm-password": ""})
    assert answer.status_code == 403
    assert "请输入密码" in answer.content.decode()
    cast.director.user.refresh_from_db()
    assert cast.director.user.is_active


def test_a_moment_in_the_future_is_no_proof(keeper: Client) -> None:
    """A host clock set forward and back must not keep a session fresh (TM-19)."""
    grow_old(keeper, -10 * 24 * 3600)
    assert keeper.get(reverse("access:add_person")).status_code == 302


def test_guessing_is_slowed_down(keeper: Client) -> None:
    statuses = [
        keeper.post(reverse("access:add_person"), {"confirm-password": f"wrong-{turn}"}).status_code
        for turn in range(11)
    ]
    assert statuses[:4] == [403] * 4
    assert statuses[-1] == 429


def test_the_session_of_another_person_proves_nothing(keeper: Client, cast: SimpleNamespace) -> None:
    other = signed_in(cast.county.user)
    session: Any = other.session
    session["_auth_user_id"] = str(cast.security.user.pk)
    session["_auth_user_hash"] = cast.security.user.get_session_auth_hash()
    session.save()
    assert other.get(reverse("access:add_person")).status_code == 302


def test_the_second_step_confirms_as_well(keeper: Client, cast: SimpleNamespace) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(cast.security.user, "JBSWY3DPEHPK3PXP")
    code = RecoveryCodes.activate(cast.security.user).generate_codes()[0]
    assert Authenticator.objects.filter(user=cast.security.user).count() == 2
    address = reverse("access:change_person", args=[cast.director.user.username])
    assert "验证码" in keeper.post(address, {"act": "end_sessions"}).content.decode()
    assert keeper.post(address, {"act": "end_sessions", "confirm-code": "000000"}).status_code == 403
    assert keeper.post(address, {"act": "end_sessions", "confirm-code": code}).status_code == 302


def test_approving_asks_and_refusing_does_not(cast: SimpleNamespace, client_as: Any) -> None:
    """Of the steps of a correction only the one that changes the file asks."""
    county = client_as("county")
    grow_old(county)
    steps = {
        event: county.post(f"/children/corrections/zzzz/steps/{event}/", {"reason": "不符"}).status_code
        for event in ("approve", "refuse")
    }
    assert steps == {"approve": 403, "refuse": 404}


def test_without_a_fresh_password_nobody_is_appointed(cast: SimpleNamespace, client_as: Any) -> None:
    county = client_as("county")
    grow_old(county)
    post: Post = cast.director.post
    before = Holding.objects.count()
    facts = {"person": "next_director", "since": "2026-01-01", "reason": "试"}
    assert county.post(reverse("network:appoint", args=[post.public_id]), facts).status_code == 403
    assert Holding.objects.count() == before
