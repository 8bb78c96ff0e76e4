"""Signed receipts: what came, when, how much of it; the department keeps the same text and can prove it."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hutong.delivery.api.models import Receipt, System, new_id
from hutong.foundation.access import vault
from hutong.kernel import clock, signing

_PURPOSE: Final = "door:receipt"


def _pair(key_id: str = "") -> tuple[str, Ed25519PrivateKey]:
    """The platform's signing key of a version of the installation's keys (default: the present one)."""
    keys = vault.keys()
    name = key_id or keys.active_key_id
    return name, Ed25519PrivateKey.from_private_bytes(keys.key(name, _PURPOSE))


def platform_key(key_id: str = "") -> dict[str, str]:
    """Id, algorithm and public key (base64 SPKI), to be kept by departments. CipherError for an unknown id."""
    name, pair = _pair(key_id)
    return {
        "id": name,
        "algorithm": signing.ED25519,
        "public_key": base64.b64encode(signing.public_bytes(pair.public_key())).decode(),
    }


def give(*, system: System, about: str, subject: str, facts: dict[str, Any]) -> Receipt:
    """Sign and keep a receipt, once for a subject: asked again, the first one is given again."""
    known = Receipt.objects.filter(system=system, about=about, subject=subject).first()
    if known is not None:
        return known
    now, public_id = clock.now(), new_id()
    text = json.dumps(
        {
            "version": 1, "receipt": public_id, "at": now.isoformat(timespec="seconds"), "system": system.public_id,
            "trial": system.trial, "about": about, "id": subject, **facts,
        },
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    name, pair = _pair()
    return Receipt.objects.create(
        public_id=public_id, system=system, area_code=system.area_code, about=about, subject=subject, body=text,
        signature=base64.b64encode(pair.sign(text.encode())).decode(), platform_key=name, at=now,
    )  # fmt: skip


def envelope(receipt: Receipt) -> dict[str, str]:
    """As it leaves the platform; ``text`` is signed to the byte."""
    return {
        "id": receipt.public_id,
        "text": receipt.body,
        "signature": receipt.signature,
        "algorithm": signing.ED25519,
        "platform_key": receipt.platform_key,
    }


def verify(told: dict[str, Any], public_key: str = "") -> dict[str, Any]:
    """The facts of a receipt whose signature holds; ValueError with a sentence otherwise.

    ``public_key``: base64 SPKI as the department kept it; without it the key of this installation.
    """
    told = told.get("receipt", told) if isinstance(told.get("receipt"), dict) else told
    try:
        text, signature = str(told["text"]), base64.b64decode(str(told["signature"]), validate=True)
        spki = base64.b64decode(public_key or platform_key(str(told["platform_key"]))["public_key"])
        facts: dict[str, Any] = json.loads(text)
    except (KeyError, ValueError):
        raise ValueError("这不是一份完整的回执：应含 text、signature 和 platform_key。") from None
    try:
        Ed25519PublicKey.from_public_bytes(spki[-32:]).verify(signature, text.encode())
    except InvalidSignature:
        raise ValueError("回执的签名不成立：内容被改动，或不是本平台签发的。") from None
    return facts
