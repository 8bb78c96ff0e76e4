"""The unit's own identity provider (OpenID Connect): where it is, and who it says is there (ADR 0031).

The code flow is allauth's (state, PKCE, the exchange); what it leaves open is closed here: a nonce, the signature and the
issuer of every ID token, what the provider's own answers may be. Of a person only the subject is taken.
"""

from __future__ import annotations

import secrets
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import jwt
import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by the provider's key pair; never one made with a secret both sides know, never none."""
LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}
LONGEST: Final = 191
"""Characters of a subject, and of an issuer, that are kept."""
_SECONDS, _BYTES = 4.0, 512 * 1024
_LEEWAY = 30


class Refused(Exception):
    """There is nobody to be had from the provider; the text says why, to the person."""


@dataclass(frozen=True)
class Unit:
    """The provider as the administrator named it."""

    issuer: str
    client: str
    name: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What came back: who, and what had been asked for."""

    issuer: str
    subject: str
    linking: int | None
    """The account that asked to be linked; None where somebody signs in."""
    following: str


def unit() -> Unit | None:
    """The configured provider; None where none, or only half of one, is configured."""
    if problems() or not settings.OIDC_ISSUER:
        return None
    return Unit(settings.OIDC_ISSUER, settings.OIDC_CLIENT, settings.OIDC_NAME, _secret())


def problems() -> list[str]:
    """What is wrong with the configuration, in words for the administrator; nothing where none is begun."""
    given = {
        "HUTONG_OIDC_ISSUER": settings.OIDC_ISSUER,
        "HUTONG_OIDC_CLIENT": settings.OIDC_CLIENT,
        "HUTONG_OIDC_NAME": settings.OIDC_NAME,
        "HUTONG_OIDC_SECRET_FILE": settings.OIDC_SECRET_FILE,
    }
    if not any(given.values()):
        return []
    found = [f"没有设置 {name}。" for name, value in given.items() if not value]
    if settings.OIDC_ISSUER and not (
        acceptable(settings.OIDC_ISSUER) and len(settings.OIDC_ISSUER) <= LONGEST
    ):
        found.append("HUTONG_OIDC_ISSUER 应为 https 网址，不带参数，不超过 191 个字符。")
    if settings.OIDC_SECRET_FILE and not _secret():
        found.append(f"读不到 {settings.OIDC_SECRET_FILE}，或其中没有内容。")
    return found


def _secret() -> str:
    try:
        return Path(settings.OIDC_SECRET_FILE).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def acceptable(url: object) -> bool:
    """An address to be talked to: https, and http only on this very machine in development."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.fragment or parts.username or not str(url).isprintable() or " " in str(url):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and settings.LOCAL and host in LOOPBACK)


class _Line(requests.Session):  # type: ignore[misc]
    """Short waits, short answers, no redirects: the provider is somebody else's machine."""

    def request(self, method: Any, url: Any, **given: Any) -> requests.Response:
        if not acceptable(url):
            raise requests.exceptions.InvalidURL
        end = time.monotonic() + _SECONDS
        given |= {"timeout": _SECONDS / 2, "allow_redirects": False, "stream": True}
        answer = super().request(method, url, **given)
        body = bytearray()
        for piece in answer.iter_content(16 * 1024):
            body += piece
            if len(body) > _BYTES or time.monotonic() > end:
                answer.close()
                raise requests.exceptions.ReadTimeout
        answer._content = bytes(body)
        return answer


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Nobody gets an account through a provider."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_requests_session(self) -> requests.Session:
        return _Line()

    def generate_state_param(self, state: dict[str, Any]) -> str:
        return secrets.token_urlsafe(24)


class _Provider(OpenIDConnectProvider):  # type: ignore[misc]
    pkce_enabled_default = True

    def wk_server_url(self, url: str) -> str:
        return f"{url.rstrip('/')}/.well-known/openid-configuration"

    def get_oauth2_adapter(self, request: HttpRequest) -> _Flow:
        return _Flow(request, self)


class _Flow(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    def __init__(self, request: HttpRequest, provider: _Provider) -> None:
        super().__init__(request, provider.app.provider_id)
        self.provider = provider

    def get_provider(self) -> _Provider:
        return self.provider

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return str(build_absolute_uri(request, reverse("account_oidc_callback")))

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        if config["issuer"] != self.provider.app.provider_id:
            raise OAuth2Error("the provider names another issuer")
        if not all(
            acceptable(config[name]) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        ):
            raise OAuth2Error("an address of the provider is not https")
        return config

    def claims(self, token: str) -> dict[str, Any]:
        """What the ID token says, signed by the provider, for us, now."""
        header = jwt.get_unverified_header(token)
        with Adapter().get_requests_session() as line:
            answer = line.get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        keys = [
            one for one in jwt.PyJWKSet.from_dict(answer.json()).keys if one.public_key_use in {None, "sig"}
        ]
        if "kid" in header:
            keys = [one for one in keys if one.key_id == header["kid"]]
        if len(keys) != 1:
            raise OAuth2Error("no such key")
        client = self.provider.app.client_id
        claims: dict[str, Any] = jwt.decode(
            token, keys[0], algorithms=ALGORITHMS, issuer=self.provider.app.provider_id, audience=client,
            leeway=_LEEWAY, options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )  # fmt: skip
        if claims.get("azp", client) != client:
            raise OAuth2Error("made for another")
        return claims


def _provider(request: HttpRequest, unit: Unit) -> _Provider:
    app = SocialApp(
        provider="openid_connect", provider_id=unit.issuer, name=unit.name, client_id=unit.client, secret=unit.secret,
        settings={"server_url": unit.issuer, "scope": ["openid"]},
    )  # fmt: skip
    return _Provider(request, app=app)


def leave(request: HttpRequest, unit: Unit, *, following: str, linking: int | None = None) -> str:
    """The address at the provider to which the person goes; what she goes for stays in her session.

    Raises Refused where the provider does not answer, or not as one.
    """
    nonce = secrets.token_urlsafe(24)
    with _understood(unit):
        away = _provider(request, unit).redirect(
            request, "connect" if linking else "login", next_url=following, data={"nonce": nonce, "linking": linking},
            auth_params={"nonce": nonce},
        )  # fmt: skip
        return str(away.url)


def come_back(request: HttpRequest, unit: Unit) -> Answer:
    """Who came back from the provider. Raises Refused; a return counts once, whatever came of it."""
    given = request.GET
    provider = _provider(request, unit)
    state = statekit.unstash_state(request, provider_id=provider.sub_id, state_id=given.get("state", ""))
    if state is None:
        raise Refused(
            f"这次“{unit.name}”登录已经用过、过期（10 分钟），或不是从本浏览器发起的。请重新点按钮登录。"
        )
    if given.get("iss", unit.issuer) != unit.issuer:
        raise Refused(_WRONG.format(unit.name))
    if "code" not in given:
        cancelled = given.get("error") == "access_denied"
        raise Refused(f"您在“{unit.name}”取消了登录。" if cancelled else _SILENT.format(unit.name))
    flow = provider.get_oauth2_adapter(request)
    with _understood(unit):
        client = flow.get_client(request, provider.app)
        answer = flow.get_access_token_data(
            request, provider.app, client, pkce_code_verifier=state["pkce_code_verifier"]
        )
        claims = flow.claims(answer["id_token"])
        subject = claims["sub"]
        if not secrets.compare_digest(str(claims["nonce"]).encode(), state["data"]["nonce"].encode()):
            raise OAuth2Error("an answer to another question")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or "\0" in subject:
            raise OAuth2Error("no subject that can be kept")
    return Answer(unit.issuer, subject, state["data"]["linking"], state.get("next", ""))


_SILENT: Final = "“{}”现在没有正常应答，没有登录。请稍后再试，或用本系统的用户名和密码登录。"
_WRONG: Final = (
    "“{}”的答复没有通过核对，没有登录。请重新登录一次；仍不行的，请告诉系统管理员，并先用用户名和密码登录。"
)


@contextmanager
def _understood(unit: Unit) -> Iterator[None]:
    """Whatever the provider answers, or does not, is a sentence for the person, not a fault of ours."""
    try:
        yield
    except requests.RequestException as fault:
        raise Refused(_SILENT.format(unit.name)) from fault
    except (
        OAuth2Error,
        jwt.PyJWTError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        struct.error,
    ) as fault:
        raise Refused(_WRONG.format(unit.name)) from fault
