"""Sign-in through the unit's own identity provider, against a certified one on loopback (TM-14, ADR 0031)."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts import identity
from hutong.foundation.accounts.models import User
from hutong.foundation.accounts.tests.provider import CLIENT, SECRET, Provider, running
from hutong.foundation.accounts.tests.signing_in import grow_old, signed_in
from hutong.foundation.audit.models import Change

PASSWORD = "Hutong-示例-2026"
BEGIN, BACK = "account_oidc_login", "account_oidc_callback"
LINK, UNLINK = "account_oidc_link", "account_oidc_unlink"


@pytest.fixture(scope="module")
def certified() -> Iterator[Provider]:
    with running("http://testserver/account/oidc/callback/") as provider:
        yield provider


@pytest.fixture
def provider(certified: Provider, settings: Any, tmp_path: Path, db: None) -> Iterator[Provider]:
    """Configured here, answering rightly."""
    cache.clear()
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    settings.OIDC_ISSUER, settings.OIDC_CLIENT = certified.issuer, CLIENT
    settings.OIDC_NAME, settings.OIDC_SECRET_FILE = "统一身份认证", str(secret)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield certified
    certified.spoil("")


@pytest.fixture
def director(cast: SimpleNamespace) -> User:
    user: User = cast.director.user
    user.set_password(PASSWORD)
    user.save()
    return user


def told(answer: Any, client: Client) -> str:
    """The page a person stands before after an answer."""
    return client.get(answer["Location"], follow=True).content.decode()


def leave(client: Client, name: str = BEGIN, **posted: str) -> str:
    """Press the button; the address at the provider to which the page leads on."""
    answer = client.post(reverse(name), posted)
    assert answer.status_code == 200, answer.get("Location")
    return str(answer["Refresh"]).removeprefix("0; url=")


def go(client: Client, provider: Provider, subject: str, name: str = BEGIN, **posted: str) -> Any:
    return client.get(provider.visit(leave(client, name, **posted), subject))


def linked(user: User, provider: Provider, subject: str) -> Client:
    client = signed_in(user)
    assert "已绑定" in told(go(client, provider, subject, LINK), client)
    return client


def is_in(client: Client) -> bool:
    return bool(client.session.get("_auth_user_id"))


def test_linked_once_it_signs_in_and_leads_on(provider: Provider, director: User) -> None:
    linked(director, provider, "wang")
    client = Client()
    answer = go(client, provider, "wang", next="/account/")
    assert answer["Location"] == "/account/"
    assert director.name in client.get("/account/").content.decode()
    assert UserSession.objects.filter(user=director).exists()


def test_of_the_person_only_issuer_and_subject_are_kept(provider: Provider, director: User) -> None:
    linked(director, provider, "wang")
    kept = SocialAccount.objects.get()
    assert (kept.user_id, kept.provider, kept.uid, kept.extra_data) == (
        director.pk,
        provider.issuer,
        "wang",
        {},
    )


def test_what_is_asked_of_the_provider(provider: Provider) -> None:
    address = leave(Client())
    assert "code_challenge_method=S256" in address
    assert "scope=openid&" in address
    assert re.search(r"&nonce=[\w-]{32}", address)
    assert re.search(r"&state=[\w-]{32}", address)
    assert SECRET not in address


def test_nobody_is_let_in_or_made_who_is_not_linked(provider: Provider, director: User) -> None:
    before, client = User.objects.count(), Client()
    page = told(go(client, provider, director.username), client)
    assert "还没有绑定本系统的账号" in page
    assert "请先用用户名和密码登录" in page
    assert (User.objects.count(), SocialAccount.objects.count(), is_in(client)) == (before, 0, False)


WRONG = (
    "signature", "unsigned", "shared", "audience", "party", "issuer", "expired", "nonce", "subject", "nobody",
    "tokenless", "garbage", "list",
)  # fmt: skip


@pytest.mark.parametrize("how", WRONG)
def test_an_answer_that_is_not_right_lets_nobody_in(how: str, provider: Provider, director: User) -> None:
    linked(director, provider, "wang")
    provider.spoil(how)
    client = Client()
    assert "没有登录" in told(go(client, provider, "wang"), client)
    assert not is_in(client)
    provider.spoil("")
    go(client, provider, "wang")
    assert is_in(client), "rightly answered, it lets in: the refusal was for what was wrong"


def test_a_return_counts_once_and_only_in_the_browser_that_left(provider: Provider, director: User) -> None:
    linked(director, provider, "wang")
    client, other = Client(), Client()
    back = provider.visit(leave(client), "wang")
    assert "不是从本浏览器发起的" in told(other.get(back), other)
    assert not is_in(other)
    assert "不是从本浏览器发起的" in told(client.get(back.replace("state=", "state=x")), client)
    client.get(back)
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert "已经用过" in told(client.get(back), client)
    assert not is_in(client)


def test_a_code_used_before_is_refused_by_the_provider(provider: Provider, director: User) -> None:
    linked(director, provider, "wang")
    first, second = Client(), Client()
    used = provider.visit(leave(first), "wang")
    first.get(used)
    fresh = provider.visit(leave(second), "wang")
    code = re.compile(r"code=[^&]+")
    answer = second.get(code.sub(code.search(used)[0], fresh))  # type: ignore[index]
    assert "没有登录" in told(answer, second)
    assert not is_in(second)


def test_who_cancels_there_is_told_so(provider: Provider) -> None:
    client = Client()
    back = provider.visit(leave(client), "wang", consents=False)
    assert "取消了登录" in told(client.get(back), client)


def test_one_subject_one_account_one_account_one_subject(
    provider: Provider, director: User, cast: SimpleNamespace
) -> None:
    first = linked(director, provider, "wang")
    other = signed_in(cast.supervisor.user)
    assert "已绑定本系统的另一个账号" in told(go(other, provider, "wang", LINK), other)
    assert "已经绑定" in told(go(first, provider, "zhao", LINK), first)
    assert list(SocialAccount.objects.values_list("user_id", "uid")) == [(director.pk, "wang")]


def test_the_second_step_is_still_asked(provider: Provider, director: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    linked(director, provider, "wang")
    TOTP.activate(director, generate_totp_secret())
    client = Client()
    assert go(client, provider, "wang")["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


def test_it_does_not_count_as_having_given_the_password(provider: Provider, director: User) -> None:
    linked(director, provider, "wang")
    client = Client()
    go(client, provider, "wang")
    assert client.post(reverse(UNLINK)).status_code == 403
    assert SocialAccount.objects.count() == 1


def test_an_account_that_may_not_sign_in_does_not(provider: Provider, director: User) -> None:
    linked(director, provider, "wang")
    User.objects.filter(pk=director.pk).update(is_active=False)
    client = Client()
    assert go(client, provider, "wang")["Location"] == reverse("account_inactive")
    assert not is_in(client)


def test_a_locked_name_is_locked_here_too(provider: Provider, director: User) -> None:
    linked(director, provider, "wang")
    guesser = Client()
    for _ in range(5):
        guesser.post(reverse("account_login"), {"login": "director", "password": "wrong-password-1"})
    client = Client()
    assert "锁定 15 分钟" in told(go(client, provider, "wang"), client)
    assert not is_in(client)


def test_a_first_password_is_still_to_be_changed(provider: Provider, director: User) -> None:
    linked(director, provider, "wang")
    User.objects.filter(pk=director.pk).update(must_change_password=True)
    client = Client()
    go(client, provider, "wang")
    assert client.get("/")["Location"] == reverse("account_change_password")


def test_linking_and_unlinking_ask_once_more_and_are_told_and_logged(
    provider: Provider, director: User
) -> None:
    client = signed_in(director)
    grow_old(client)
    assert client.post(reverse(LINK)).status_code == 403
    client = linked(director, provider, "wang")
    assert "已解除" in told(client.post(reverse(UNLINK)), client)
    assert SocialAccount.objects.count() == 0
    with use_scope(system_scope("test")):
        log = Change.objects.filter(table="socialaccount_socialaccount").order_by("pk")
        assert [(one.operation, one.actor_id) for one in log] == [
            ("INSERT", director.pk),
            ("DELETE", director.pk),
        ]
        assert "wang" not in str([one.diff for one in log])
    page = client.get("/messages/").content.decode()
    assert "您的账号绑定了统一身份认证" in page
    assert "您的账号解除了统一身份认证的绑定" in page


def test_without_a_password_nobody_unlinks_herself(provider: Provider, director: User) -> None:
    client = linked(director, provider, "wang")
    director.set_unusable_password()
    director.save()
    session: Any = client.session
    session["_auth_user_hash"] = director.get_session_auth_hash()
    session.save()
    assert "没有密码" in told(client.post(reverse(UNLINK)), client)
    assert SocialAccount.objects.count() == 1


def test_the_administrator_unlinks_and_sessions_end(
    provider: Provider, director: User, client_as: Any
) -> None:
    linked(director, provider, "wang")
    client = Client()
    go(client, provider, "wang")
    keeper, page = client_as("security"), reverse("access:person", args=["director"])
    assert "统一身份认证" in keeper.get(page).content.decode()
    answer = keeper.post(reverse("access:change_person", args=["director"]), {"act": "unlink"})
    assert "绑定已解除" in told(answer, keeper)
    assert "解除统一身份认证绑定" not in keeper.get(page).content.decode()
    assert SocialAccount.objects.count() == 0
    assert "安全管理员" in signed_in(director).get("/messages/").content.decode()
    stale = Client()
    assert "还没有绑定" in told(go(stale, provider, "wang"), stale)
    assert client.get("/account/").status_code == 302


def test_a_link_begun_by_another_session_of_the_browser_is_not_made(
    provider: Provider, director: User, cast: SimpleNamespace
) -> None:
    client = signed_in(director)
    back = provider.visit(leave(client, LINK), "wang")
    client.force_login(cast.supervisor.user, backend="hutong.foundation.accounts.backend.SignInBackend")
    client.get(back)
    assert SocialAccount.objects.count() == 0


def test_nobody_changes_places_in_a_session(
    provider: Provider, director: User, cast: SimpleNamespace
) -> None:
    linked(director, provider, "wang")
    client = signed_in(cast.supervisor.user)
    assert "本浏览器里已有人登录" in told(go(client, provider, "wang"), client)
    assert client.session["_auth_user_id"] == str(cast.supervisor.user.pk)


def test_without_a_provider_there_is_no_such_page(cast: SimpleNamespace) -> None:
    client = signed_in(cast.director.user)
    for name in (BEGIN, BACK, LINK, UNLINK):
        assert {client.get(reverse(name)).status_code, client.post(reverse(name)).status_code} == {404}
    assert "oidc" not in Client().get(reverse("account_login")).content.decode()
    assert "oidc" not in client.get(reverse("account_home")).content.decode()


def test_another_issuer_is_another_person(provider: Provider, director: User, settings: Any) -> None:
    linked(director, provider, "wang")
    settings.OIDC_ISSUER = provider.issuer.replace("127.0.0.1", "localhost")
    client = Client()
    answer = client.post(reverse(BEGIN))
    assert "没有通过核对" in told(answer, client), "the provider names itself otherwise"


@pytest.mark.parametrize(
    "says",
    [None, b"", b"\x00\xff" * 40, b"HTTP/1.1 200 OK\r\n\r\n<html>", b"HTTP/1.1 200 OK\r\n\r\n[]", b"HTTP/1.1 200 OK\r\n\r\n{}",
     b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", b"HTTP/1.1 500 No\r\n\r\n{}"],
)  # fmt: skip
def test_a_provider_that_is_down_or_talks_nonsense(
    says: bytes | None, provider: Provider, settings: Any
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.OIDC_ISSUER = f"http://127.0.0.1:{server.getsockname()[1]}"
        if says is None:
            server.close()
        else:
            threading.Thread(target=_talk, args=(server, says), daemon=True).start()
        client = Client()
        page = told(client.post(reverse(BEGIN)), client)
    assert "统一身份认证" in page
    assert 'name="password"' in page


def _talk(server: socket.socket, says: bytes) -> None:
    line, _ = server.accept()
    with line:
        line.recv(65536)
        line.sendall(says)


def test_a_provider_that_says_nothing_is_not_waited_for(
    provider: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "_SECONDS", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.OIDC_ISSUER = f"http://127.0.0.1:{server.getsockname()[1]}"
        client = Client()
        assert "没有正常应答" in told(client.post(reverse(BEGIN)), client)


def test_half_a_configuration_is_none_and_deploy_says_so(
    provider: Provider, settings: Any, tmp_path: Path
) -> None:
    from hutong.foundation.access.checks import keys_and_files

    def said() -> str:
        return "".join(
            str(one.msg) for one in keys_and_files(None) if one.id in ("hutong.E005", "hutong.E002")
        )

    settings.UPLOADS = tmp_path / "none"
    Path(settings.OIDC_SECRET_FILE).chmod(0o600)
    assert said() == ""
    for name, value, words in (
        ("OIDC_CLIENT", "", "没有设置 HUTONG_OIDC_CLIENT"),
        ("OIDC_SECRET_FILE", str(tmp_path / "nowhere"), "读不到"),
        ("OIDC_ISSUER", "http://sso.example.cn", "https"),
    ):
        good = getattr(settings, name)
        setattr(settings, name, value)
        assert words in said()
        assert Client().post(reverse(BEGIN)).status_code == 404
        setattr(settings, name, good)
    settings.LOCAL = False
    assert "https" in said(), "http on loopback is for development only"
