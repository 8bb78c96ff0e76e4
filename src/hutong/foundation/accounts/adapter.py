"""How allauth behaves here: no self-registration, usernames in lower case, the first password changed once and for all."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from hutong.foundation.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "用户名或密码不正确。请核对后重试；连续 5 次不正确将锁定 15 分钟。",
        "too_many_login_attempts": "用户名或密码已连续 5 次不正确，登录锁定 15 分钟。请稍后再试，或请安全管理员重置密码。",
        "enter_current_password": "当前密码不正确，请重新输入。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_username(self, username: str, shallow: bool = False) -> Any:
        return super().clean_username(username.lower(), shallow=shallow)

    def set_password(self, user: User, password: str) -> None:
        """A password somebody chose: whatever first password there was is gone."""
        user.must_change_password = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"
