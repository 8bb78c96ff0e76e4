"""Signing in, locking out, the first password, the end of a holding (B.7; TM-14; R-02.*)."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hutong.foundation.accounts.models import User
from hutong.foundation.network.models import Holding
from hutong.kernel import clock

PASSWORD = "Hutong-示例-2026"
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def fresh_limits(db: None, settings: Any) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # what is slow by purpose is not tested here


@pytest.fixture
def director(cast: SimpleNamespace) -> User:
    user: User = cast.director.user
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, name: str, password: str) -> Any:
    return client.post(LOGIN, {"login": name, "password": password})


def test_signing_in_with_any_case_of_the_name(director: User) -> None:
    answer = sign_in(Client(), "Director", PASSWORD)
    assert answer.status_code == 302
    assert answer["Location"] == "/"


@pytest.mark.parametrize("name", ["director", "nobody-here"])
def test_the_fifth_failure_locks_known_and_unknown_alike(director: User, name: str) -> None:
    client = Client()
    statuses, pages = [], []
    for _ in range(6):
        answer = sign_in(client, name, "wrong-password-1")
        statuses.append(answer.status_code)
        pages.append(answer.content.decode().replace(name, "X"))
    assert statuses == [200, 200, 200, 200, 429, 429]
    assert "锁定 15 分钟" in pages[4]
    assert "已连续 5 次" not in pages[3]


def test_the_locked_account_stays_locked_even_with_the_right_password(director: User) -> None:
    for _ in range(5):
        sign_in(Client(), "director", "wrong-password-1")
    assert sign_in(Client(), "director", PASSWORD).status_code == 429


def test_known_and_unknown_names_get_the_same_page(director: User) -> None:
    def page(name: str) -> str:
        text = sign_in(Client(), name, "wrong-password-1").content.decode()
        start, end = text.index('role="alert"'), text.index("</form>")
        return text[start:end].replace(name, "X")

    assert page("director") == page("nobody-here")


def test_success_does_not_count_as_failure(director: User) -> None:
    for _ in range(8):
        assert sign_in(Client(), "director", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "path",
    ["signup/", "password/reset/", "email/", "confirm-email/", "password/set/", "2fa/webauthn/signup/"],
)
def test_what_is_not_offered_has_no_address(db: None, path: str) -> None:
    assert Client().get(f"/account/{path}").status_code == 404


@pytest.fixture
def first_day(director: User) -> Client:
    director.must_change_password = True
    director.save()
    client = Client()
    sign_in(client, "director", PASSWORD)
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/account/",
        "/account/sessions/",
        "/account/2fa/",
        "/account/password/changes/",
        "/children/",
        "/access/post/",
    ],
)
def test_the_first_password_must_be_changed_before_anything_else(first_day: Client, path: str) -> None:
    answer = first_day.get(path)
    assert (answer.status_code, answer.get("Location")) == (302, reverse("account_change_password"))


def test_the_first_password_can_be_changed_and_work_begins(first_day: Client, director: User) -> None:
    page = first_day.get(reverse("account_change_password"))
    assert "初始密码" in page.content.decode()
    new = "Weeping-Willow-7"
    answer = first_day.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    director.refresh_from_db()
    assert not director.must_change_password
    assert first_day.get("/account/").status_code == 200  # still signed in
    assert sign_in(Client(), "director", PASSWORD).status_code == 200  # the old one is gone


@pytest.mark.parametrize(
    ("new", "word"), [(PASSWORD, "相同"), ("1234567890", "数字"), ("director12", "相似")]
)
def test_weak_or_same_passwords_are_refused_in_words(
    first_day: Client, director: User, new: str, word: str
) -> None:
    answer = first_day.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 200
    assert word in answer.content.decode()
    director.refresh_from_db()
    assert director.must_change_password


def test_an_ended_holding_ends_the_pages_of_a_running_session(cast: SimpleNamespace, client_as: Any) -> None:
    client = client_as("director")
    assert client.get("/account/").status_code == 200
    Holding.objects.filter(user=cast.director.user).update(until=clock.today())
    answer = client.get("/account/")
    assert answer.status_code == 403
    assert "没有在岗岗位" in answer.content.decode()
    assert client.post(reverse("account_logout")).status_code == 302


def test_a_holding_of_tomorrow_does_not_work_yet(cast: SimpleNamespace, client_as: Any) -> None:
    Holding.objects.filter(user=cast.director.user).update(since=clock.today() + timedelta(days=1))
    assert client_as("director").get("/account/").status_code == 403


def test_sessions_are_listed_and_only_ones_own_can_be_ended(
    director: User, cast: SimpleNamespace, client_as: Any
) -> None:
    first, second = Client(), Client()
    sign_in(first, "director", PASSWORD)
    sign_in(second, "director", PASSWORD)
    other = UserSession.objects.get(session_key=second.session.session_key)
    assert "本机" in first.get(reverse("usersessions_list")).content.decode()
    assert client_as("stranger").post(reverse("usersessions_end", args=[other.pk])).status_code == 404
    assert first.post(reverse("usersessions_end", args=[other.pk])).status_code == 302
    assert second.get("/account/")["Location"].startswith(LOGIN)


def test_a_second_step_is_set_up_and_asked_for(director: User) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    def code(secret: str) -> str:
        return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    client = Client()
    sign_in(client, "director", PASSWORD)
    again_first = client.get(reverse("mfa_activate_totp"))[
        "Location"
    ]  # the password once more before anything changes
    assert client.post(again_first, {"password": PASSWORD})["Location"] == reverse("mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.content.decode().split("<code>")[1].split("</code>")[0]
    assert client.post(reverse("mfa_activate_totp"), {"code": code(secret)})["Location"] == reverse(
        "mfa_view_recovery_codes"
    )
    codes = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    recovery = codes.split("<code>")[1].split("</code>")[0]

    again = Client()
    assert sign_in(again, "director", PASSWORD)["Location"] == reverse("mfa_authenticate")
    assert again.get("/account/")["Location"].startswith(LOGIN)  # half signed in is not signed in
    assert again.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert again.post(reverse("mfa_authenticate"), {"code": recovery}).status_code == 302
    assert again.get("/account/").status_code == 200


def test_a_required_second_step_is_asked_of_roles_above_the_township(client_as: Any, settings: Any) -> None:
    settings.REQUIRE_MFA = True
    assert client_as("county").get("/account/")["Location"] == reverse("mfa_index")
    assert client_as("director").get("/account/").status_code == 200


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is really hashed."""

    algorithm = "counting"
    runs = 0

    def encode(self, password: str, salt: Any) -> str:
        CountingHasher.runs += 1
        return super().encode(password, salt)


def test_an_unknown_name_costs_as_much_hashing_as_a_known_one(director: User, settings: Any) -> None:
    """Otherwise the time of the answer would tell which names exist (TM-14)."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    director.set_password(PASSWORD)
    director.save()

    def runs(name: str) -> int:
        before = CountingHasher.runs
        sign_in(Client(), name, "wrong-password-1")
        return CountingHasher.runs - before

    assert runs("director") == runs("nobody-here") == 1
