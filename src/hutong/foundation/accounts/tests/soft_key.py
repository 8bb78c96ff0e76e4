"""A passkey in software, for tests without a browser: ES256, attestation none, as WebAuthn level 2 §6 describes the bytes."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SoftKey:
    """One key for one site. ``verified``: the device asked for finger or PIN."""

    def __init__(self, origin: str = "http://localhost", *, verified: bool = True) -> None:
        self.origin, self.verified = origin, verified
        self.rp = hashlib.sha256(origin.split("//")[1].split(":")[0].encode()).digest()
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.id, self.user, self.count = secrets.token_bytes(16), b"", 0

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()

    def _data(self, more: bytes = b"") -> bytes:
        flags = PRESENT | (VERIFIED if self.verified else 0) | (ATTESTED if more else 0)
        self.count += 1
        return self.rp + struct.pack(">BI", flags, self.count) + more

    def create(self, options: dict[str, Any]) -> str:
        """What the browser posts after ``navigator.credentials.create``."""
        key = options["publicKey"]
        self.user = decode(key["user"]["id"])
        public = cbor.encode(dict(ES256.from_cryptography_key(self.secret.public_key())))
        data = self._data(bytes(16) + struct.pack(">H", len(self.id)) + self.id + public)
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": encode(self._client("webauthn.create", key["challenge"])),
            "attestationObject": encode(attestation), "transports": ["internal"],
        }  # fmt: skip
        return self._answer(response, {"credProps": {"rk": True}})

    def get(self, options: dict[str, Any]) -> str:
        """What the browser posts after ``navigator.credentials.get``."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = self._data()
        signed = self.secret.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signed),
            "userHandle": encode(self.user),
        }  # fmt: skip
        return self._answer(response, {})

    def _answer(self, response: dict[str, Any], extensions: dict[str, Any]) -> str:
        return json.dumps(
            {
                "type": "public-key", "id": encode(self.id), "rawId": encode(self.id), "authenticatorAttachment": "platform",
                "response": response, "clientExtensionResults": extensions,
            }
        )  # fmt: skip
