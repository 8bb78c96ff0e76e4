"""Passkeys in our words: the forms allauth's pages use, and how keys are named."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError

from hutong.foundation.accounts.models import User

SECOND_STEPS: list[str] = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
"""What counts as a second step; recovery codes only stand in for one that is lost."""


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "验证没有通过。请再试一次；用验证码的，请核对手机上的时间和当前的验证码。",
    }

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return ("常用设备", "备用钥匙")[number] if number < 2 else f"第 {number + 1} 把钥匙"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What the device shows beside the key."""
        return {**super().get_public_key_credential_rp_entity(), "name": "护童"}


@contextmanager
def _refused() -> Iterator[None]:
    """Whatever the posted bytes do to the parsers of the library is a key that does not fit, not a fault of ours."""
    try:
        yield
    except ValidationError:
        raise
    except (TypeError, ValueError, LookupError, AttributeError, struct.error) as fault:
        raise MFAAdapter().validation_error("incorrect_code") from fault


class AddForm(AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label, name.help_text, name.max_length = (
            "名称",
            "以后凭它认出是哪一把，例如“办公室电脑”“蓝色钥匙”。",
            40,
        )
        alone.label, alone.initial = "登录时不用再输密码", True
        alone.help_text = "须是能用指纹、面容或 PIN 打开的设备。不勾选的，登录时先输密码，再用这把钥匙。"

    def clean_name(self) -> str:
        return str(super().clean_name())[:40]

    def clean(self) -> dict[str, Any]:
        with _refused():
            return dict(super().clean())


class _Asked(AuthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Authenticator:
        with _refused():
            return super().clean_credential()


class SecondStepForm(_Asked):
    """After the password."""


class SignInForm(_Asked, LoginWebAuthnForm):  # type: ignore[misc]
    """The key alone."""


class ConfirmForm(_Asked, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Once more, before what reaches far."""


class EditForm(EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label="名称", max_length=40)
