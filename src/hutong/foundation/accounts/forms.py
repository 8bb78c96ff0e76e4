"""Forms of signing in, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from hutong.foundation.accounts import passkeys


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label, self.fields["password"].label = "用户名", "密码"
        for field in self.fields.values():
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        """Names are kept in lower case; so is the key under which failures are counted."""
        return str(super().clean_login()).lower()


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """Change of one's own password; the new one must differ from the old."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": "当前密码", "password1": "新密码", "password2": "再输一次新密码"}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields[
            "password1"
        ].help_text = "至少 10 个字符，不能全是数字，不能与用户名相近，也不能是常见密码。"

    def clean_password1(self) -> str:
        chosen = str(self.cleaned_data["password1"])
        if self.user.check_password(chosen):
            raise ValidationError("新密码与当前密码相同。请换一个。")
        return chosen


class ConfirmForm(forms.Form):
    """Who is sitting there: the password, or for those who have one the second step. Beside the fields of another form."""

    prefix = "confirm"
    use_required_attribute = False

    password = forms.CharField(
        label="密码",
        required=False,
        strip=False,
        error_messages={"required": "请输入密码。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label="或者输入验证码",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
        help_text="手机验证器上的 6 位验证码，或一个恢复码。",
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self._second: Any = None
        self.has_key = is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN])
        if not self.has_key:
            del self.fields["credential"]
        if not self.has_key and not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            del self.fields["code"]
            self.fields["password"].required = True

    @classmethod
    def names(cls) -> set[str]:
        return {f"{cls.prefix}-{name}" for name in cls.base_fields}

    @classmethod
    def answered(cls, posted: Mapping[str, Any]) -> bool:
        """Whether this page was answered, not only the form it stands before."""
        return not cls.names().isdisjoint(posted)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("credential"):
            self._second = passkeys.ConfirmForm(data={"credential": given["credential"]}, user=self.user)
            if not self._second.is_valid():
                raise ValidationError("通行密钥没有通过，请再试一次，或改用密码。内容都还在。")
        elif given.get("code"):
            self._second = ReauthenticateForm(data={"code": given["code"]}, user=self.user)
            if not self._second.is_valid():
                raise ValidationError("验证码不正确。请核对手机上的时间和当前的验证码后重试。")
        elif not given.get("password"):
            if "code" in self.fields:
                raise ValidationError("请输入密码或验证码，或用通行密钥确认。")
        elif not get_adapter().reauthenticate(self.user, given["password"]):
            raise ValidationError("密码不正确，请重新输入。内容都还在。")
        return given

    def record(self, request: HttpRequest) -> None:
        """Write the confirmation into the session."""
        if self._second is not None:
            self._second.save()
        else:
            reauthenticate_by_password(request)
