"""The key that signs checkpoints: a file of this installation, or whatever ``Signer`` a crypto device offers."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from hutong.foundation.audit import keyfiles
from hutong.kernel import notes


def signer() -> notes.Signer:
    """The installation's signer; its key file is made when there is none."""
    return keyfiles.load(Path(settings.AUDIT_KEY), f"{settings.AUDIT_ORIGIN}.log")


def keys() -> list[notes.VerifierKey]:
    """Keys whose signatures on our own checkpoints count: the present one, then those it replaced."""
    return [signer().key, *keyfiles.earlier(Path(settings.AUDIT_KEY))]
