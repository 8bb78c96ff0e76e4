"""A department's system as tests play it: a key pair, and requests signed with it. Kept apart from the server's own code path;
its clock goes with the platform's."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from hutong.kernel import clock

HOST = "testserver"


@dataclass
class Department:
    """``send`` signs and sends; keyword arguments spoil one thing at a time."""

    key_id: str
    pair: Ed25519PrivateKey
    base: str = "/api/v1"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **spoil: Any) -> Any:
        return self.send("GET", path, **spoil)

    def post(self, path: str, payload: Any = None, **spoil: Any) -> Any:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return self.send("POST", path, body, **spoil)

    def send(
        self, method: str, path: str, body: bytes = b"", *, kind: str = "application/json", key: str | None = None,
        created: int | None = None, nonce: str | None = None, tag: str = "hutong-door", alg: str = "ed25519",
        leave_out: tuple[str, ...] = (), change: dict[str, str] | None = None, sent_body: bytes | None = None,
        sent_path: str | None = None, sent_method: str | None = None, base: str | None = None,
    ) -> Any:  # fmt: skip
        headers = self.headers(method, path, body, kind=kind, key=key, created=created, nonce=nonce, tag=tag, alg=alg,
                               leave_out=leave_out, base=base)  # fmt: skip
        headers |= change or {}
        content = body if sent_body is None else sent_body
        address = (self.base if base is None else base) + (sent_path or path)
        meta = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in headers.items()
            if name != "content-type"
        }
        return self.client.generic(
            sent_method or method,
            address,
            content,
            CONTENT_TYPE=headers.get("content-type", "application/octet-stream"),  # also of an empty body
            **meta,
        )

    def headers(
        self, method: str, path: str, body: bytes, *, kind: str, key: str | None, created: int | None, nonce: str | None,
        tag: str, alg: str, leave_out: tuple[str, ...], base: str | None = None,
    ) -> dict[str, str]:  # fmt: skip
        plain, _, query = ((self.base if base is None else base) + path).partition("?")
        parts = {"@method": method, "@authority": HOST, "@path": plain, "@query": f"?{query}"}
        headers: dict[str, str] = {}
        if method != "GET":
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            headers |= {"content-digest": f"sha-256=:{digest}:", "content-type": kind}
            headers |= {"idempotency-key": key or secrets.token_hex(16)} if method == "POST" else {}
        parts = {name: value for name, value in (parts | headers).items() if name not in leave_out}
        when = int(clock.now().timestamp()) if created is None else created
        shown = " ".join(f'"{name}"' for name in parts)
        params = (
            f'({shown});created={when};nonce="{nonce or secrets.token_urlsafe(18)}";keyid="{self.key_id}"'
            f';alg="{alg}";tag="{tag}"'
        )
        base_text = "\n".join(
            [*(f'"{name}": {value}' for name, value in parts.items()), f'"@signature-params": {params}']
        )
        signature = base64.b64encode(self.pair.sign(base_text.encode())).decode()
        return headers | {"signature-input": f"sig1={params}", "signature": f"sig1=:{signature}:"}
