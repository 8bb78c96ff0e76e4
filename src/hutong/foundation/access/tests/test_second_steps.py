"""Secrets of the second step in the table (TM-08)."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from hutong.foundation.accounts.models import User
from hutong.kernel.cipher import CipherError


@pytest.mark.django_db
def test_secrets_stand_sealed_and_still_work() -> None:
    user = User.objects.create(username="second", name="沈二")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]

    kept = {one.type: one for one in Authenticator.objects.filter(user=user)}
    assert secret not in json.dumps(kept["totp"].data)
    assert get_adapter().decrypt(kept["totp"].data["secret"]) == secret
    assert len(kept["recovery_codes"].data["seed"]) > 100
    assert RecoveryCodes(kept["recovery_codes"]).validate_code(code)


def test_a_changed_secret_is_not_opened() -> None:
    sealed = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    with pytest.raises(CipherError):
        get_adapter().decrypt(sealed[:-4] + ("AAAA" if sealed[-4:] != "AAAA" else "BBBB"))
