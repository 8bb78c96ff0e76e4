"""The security administrator keeps accounts and sees no child (R-02.*, TM-14)."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hutong.foundation.access import people
from hutong.foundation.access.scope import use_scope
from hutong.foundation.accounts.models import User


@pytest.fixture(autouse=True)
def quick_passwords(db: None, settings: Any) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def secret(page: str) -> str:
    return page.split("<code>")[1].split("</code>")[0]


def test_a_new_account_gets_a_password_shown_once(client_as: Any) -> None:
    client = client_as("security")
    page = client.post(
        reverse("access:add_person"), {"name": "王试", "username": "Wang.Shi"}
    ).content.decode()
    user = User.objects.get(username="wang.shi")
    assert check_password(secret(page), user.password)
    assert user.must_change_password
    again = client.get(reverse("access:person", args=["wang.shi"])).content.decode()
    assert secret(page) not in again
    assert "不能办理业务" in again
    signed_in = Client()
    assert (
        signed_in.post("/account/login/", {"login": "wang.shi", "password": secret(page)}).status_code == 302
    )
    assert signed_in.get("/")["Location"] == reverse("account_change_password")


@pytest.mark.parametrize(
    ("username", "word"),
    [("director", "已被使用"), ("王试", "小写字母"), ("a", "小写字母"), ("-abc", "小写字母")],
)
def test_bad_or_taken_names_are_refused_and_what_was_typed_stays(
    client_as: Any, username: str, word: str
) -> None:
    answer = client_as("security").post(reverse("access:add_person"), {"name": "王试", "username": username})
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert "王试" in answer.content.decode()


def test_a_reset_ends_the_sessions_and_the_old_password(cast: SimpleNamespace, client_as: Any) -> None:
    working = client_as("director")
    assert working.get("/account/").status_code == 200
    page = client_as("security").post(reverse("access:reset_password", args=["director"])).content.decode()
    assert check_password(secret(page), User.objects.get(username="director").password)
    assert working.get("/account/")["Location"].startswith("/account/login/")


def test_a_deactivated_account_is_out_at_once(client_as: Any) -> None:
    working = client_as("director")
    client_as("security").post(reverse("access:change_person", args=["director"]), {"act": "deactivate"})
    assert working.get("/account/").status_code in (302, 403)
    client_as("security").post(reverse("access:change_person", args=["director"]), {"act": "activate"})
    assert User.objects.get(username="director").is_active


def test_nobody_locks_the_own_account(cast: SimpleNamespace, client_as: Any) -> None:
    client = client_as("security")
    page = client.post(reverse("access:change_person", args=["security"]), {"act": "deactivate"}, follow=True)
    assert "另一位安全管理员" in page.content.decode()
    assert User.objects.get(username="security").is_active


def test_accounts_next_door_do_not_exist(cast: SimpleNamespace, client_as: Any) -> None:
    client = client_as("security")
    assert "stranger" not in client.get(reverse("access:people")).content.decode()
    assert client.get(reverse("access:person", args=["stranger"])).status_code == 404
    assert client.post(reverse("access:reset_password", args=["stranger"])).status_code == 404
    with use_scope(cast.security.scope), pytest.raises(User.DoesNotExist):
        people.get_person(cast.security, "stranger")


def test_the_security_administrator_has_no_right_on_children(cast: SimpleNamespace) -> None:
    assert not any(
        cast.security.may(right) for right in ("child.view", "child.search", "lead.view", "registry.export")
    )


def test_first_passwords_never_repeat_and_pass_the_rules() -> None:
    from django.contrib.auth.password_validation import validate_password

    made = {people.first_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        validate_password(password)
