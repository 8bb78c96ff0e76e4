"""Forms of signing in, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from django.core.exceptions import ValidationError


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
