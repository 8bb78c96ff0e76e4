#!/usr/bin/env python3
"""部门接口的示例程序：一个文件，只用标准库和 cryptography。What a department's system does at the door, to be read and copied.

    export HUTONG_DOOR=https://hutong.example.gov.cn/api/v1       # 测试：…/api/sandbox/v1
    export HUTONG_DOOR_KEY_ID=k-…  HUTONG_DOOR_KEY=door.pem
    python door_client.py keygen door.pem                         # 生成密钥对，公钥交县级民政部门登记
    python door_client.py me
    python door_client.py send deaths 死亡人口.csv --period 2026Q4
    python door_client.py event deaths 一条.json                   # 从文件或标准输入读，不把人员信息写在命令行
    python door_client.py batch ID | rejected ID 退回行.xlsx | recall ID --reason … | amend ID --reason … [--lines 3,7]
    python door_client.py event-status ID | event-amend ID --reason … | amendment ID
    python door_client.py corrections | reply ID yes|no --words …
    python door_client.py verify receipts/….json

Every request is signed anew (RFC 9421: created, nonce, keyid). A request that got no answer is sent again under the same
Idempotency-Key, made from what is sent, so that also another run of this program does nothing twice; ``--again TEXT`` makes it
a new request. Receipts are verified with the platform's key as it was first seen (``platform.json``; compare the fingerprint
by telephone), compared with what was sent, and kept in ``receipts/``. Exit code 0 done, 1 refused, 2 no answer.
"""

import argparse
import base64
import hashlib
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KINDS = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
}
TRIES, WAIT, SECONDS = 5, 2.0, 120


class Refused(Exception):
    """The door said no; the text is its sentence."""


class _Straight(urllib.request.HTTPRedirectHandler):
    """A signed request goes where it was signed for, or nowhere."""

    def redirect_request(self, *_):
        return None


class Door:
    def __init__(self, base, key_id, pair, folder):
        self.base, self.key_id, self.pair, self.folder = base.rstrip("/"), key_id, pair, Path(folder)
        self.opener = urllib.request.build_opener(_Straight)

    def call(self, method, path, body=None, *, kind="application/json", once=False, again=""):
        """(status, bytes, headers). Sent again while there is no answer; the idempotency key stays, the signature is new."""
        key = (
            hashlib.sha256(b"\0".join((path.encode(), body or b"", again.encode()))).hexdigest()[:48]
            if once
            else ""
        )
        for attempt in range(1, TRIES + 1):
            try:
                return self._send(method, path, body, kind, key)
            except urllib.error.HTTPError as answer:
                if answer.code not in (429, 500, 502, 503, 504) or attempt == TRIES:
                    raise Refused(_sentence(answer)) from None
                wait = float(answer.headers.get("Retry-After") or WAIT * attempt)
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                if attempt == TRIES:
                    raise
                wait = WAIT * attempt
            time.sleep(wait)

    def _send(self, method, path, body, kind, key):
        url = urllib.parse.urlsplit(self.base + path)
        parts = {
            "@method": method,
            "@authority": url.netloc.lower(),
            "@path": url.path,
            "@query": f"?{url.query}",
        }
        headers = {}
        if body is not None:
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            headers = {"content-digest": f"sha-256=:{digest}:", "content-type": kind}
        if key:
            headers["idempotency-key"] = key
        parts |= headers
        params = (
            "(" + " ".join(f'"{name}"' for name in parts) + f");created={int(time.time())}"
            f';nonce="{secrets.token_urlsafe(18)}";keyid="{self.key_id}";alg="ed25519";tag="hutong-door"'
        )
        lines = [f'"{name}": {value}' for name, value in parts.items()] + [f'"@signature-params": {params}']
        signature = base64.b64encode(self.pair.sign("\n".join(lines).encode())).decode()
        headers |= {"signature-input": f"sig1={params}", "signature": f"sig1=:{signature}:"}
        request = urllib.request.Request(url.geturl(), body, headers, method=method)  # noqa: S310 - the address is given
        with self.opener.open(request, timeout=SECONDS) as answer:
            return answer.status, answer.read(), answer.headers

    def get(self, path):
        return json.loads(self.call("GET", path)[1])

    def post(self, path, payload, again=""):
        body = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        return self.keep(json.loads(self.call("POST", path, body, once=True, again=again)[1]))

    def send_file(self, code, file, period, supplements="", again=""):
        content = Path(file).read_bytes()
        asked = {"period": period, "name": Path(file).name} | (
            {"supplements": supplements} if supplements else {}
        )
        path = f"/lists/{code}/files?{urllib.parse.urlencode(asked)}"
        kind = KINDS.get(Path(file).suffix.lower(), "text/csv")
        told = json.loads(self.call("POST", path, content, kind=kind, once=True, again=again)[1])
        return self.keep(told, hashlib.sha256(content).hexdigest())

    def keep(self, told, sha256=""):
        """Verify and keep the receipt in an answer, where there is one."""
        if "receipt" not in told:
            return told
        facts = verify(told["receipt"], self.platform())
        if sha256 and facts.get("sha256") != sha256:
            raise Refused("回执上的摘要与所交文件不符，请立即与县级民政部门联系。")
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{told['receipt']['id']}.json"
        file.write_text(json.dumps(told["receipt"], ensure_ascii=False, indent=1), "utf-8")
        print(f"回执已验证并保存：{file}", file=sys.stderr)
        return told

    def platform(self):
        """The platform's key as it was first seen. Whoever changes it must tell you, not the network."""
        file = self.folder / "platform.json"
        if not file.exists():
            told = self.get("/platform-key")
            self.folder.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(told, indent=1), "utf-8")
            print(
                f"已记下平台公钥，请与县级民政部门电话核对指纹：{fingerprint(told['public_key'])}",
                file=sys.stderr,
            )
        return json.loads(file.read_text("utf-8"))


def _sentence(answer):
    try:
        told = json.loads(answer.read())
        more = "".join(f"\n  {one['field']}：{one['told']}" for one in told.get("errors", []))
        return f"{told['title']}。{told['detail']}{more}\n（{answer.code}，请求编号 {told['request']}）"
    except (ValueError, KeyError, TypeError):
        return f"对方返回 {answer.code}，不是本接口的格式，请核对地址。"


def fingerprint(public_key):
    text = hashlib.sha256(base64.b64decode(public_key)).hexdigest()[:32]
    return " ".join(text[at : at + 4] for at in range(0, 32, 4))


def verify(receipt, platform):
    """The facts of a receipt; Refused where the platform did not sign exactly this text."""
    try:
        if receipt["platform_key"] != platform["id"]:
            raise Refused("回执由平台的另一把密钥签发。请与县级民政部门核对新公钥后，更换 platform.json。")
        key = serialization.load_der_public_key(base64.b64decode(platform["public_key"]))
        key.verify(base64.b64decode(receipt["signature"]), receipt["text"].encode())
        return json.loads(receipt["text"])
    except (InvalidSignature, KeyError, ValueError):
        raise Refused("回执的签名不成立：内容被改动，或不是平台签发的。") from None


def keygen(file):
    pair = Ed25519PrivateKey.generate()
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # never over another key
    with os.fdopen(handle, "wb") as sink:
        sink.write(pair.private_bytes(*form))
    public = pair.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    text = base64.b64encode(public).decode()
    print(f"公钥（交县级民政部门登记）：{text}\n指纹（电话核对）：{fingerprint(text)}")


def _arguments(words):
    parser = argparse.ArgumentParser(description="护童部门接口示例程序")
    parser.add_argument("--receipts", default="receipts", help="回执保存在哪里")
    parser.add_argument("--again", default="", help="同样的内容要再办一次时，写一个新的词")
    acts = parser.add_subparsers(dest="act", required=True)
    for act, places in {
        "keygen": ["file"], "me": [], "lists": [], "send": ["code", "file"], "event": ["code", "file"], "batches": [],
        "batch": ["id"], "rejected": ["id", "file"], "recall": ["id"], "amend": ["id"], "event-status": ["id"],
        "event-amend": ["id"], "amendment": ["id"], "corrections": [], "reply": ["id", "answer"], "verify": ["file"],
    }.items():  # fmt: skip
        one = acts.add_parser(act)
        for place in places:
            one.add_argument(place, choices=("yes", "no") if place == "answer" else None)
        if act == "send":
            one.add_argument("--period", required=True, help="季度，如 2026Q4")
            one.add_argument("--supplements", default="", help="补报：原批次编号")
        if act in ("recall", "amend", "event-amend"):
            one.add_argument("--reason", required=True)
        if act == "amend":
            one.add_argument("--lines", default="", help="撤回哪几行，如 3,7；不写即整批")
        if act == "reply":
            one.add_argument("--words", required=True)
    return parser.parse_args(words)


def do(door, one):
    """The answer to print."""
    reads = {
        "me": "/me", "lists": "/lists", "batches": "/batches", "corrections": "/corrections", "batch": "/batches/{}",
        "event-status": "/events/{}", "amendment": "/amendments/{}",
    }  # fmt: skip
    if one.act in reads:
        return door.get(reads[one.act].format(getattr(one, "id", "")))
    if one.act == "send":
        return door.send_file(one.code, one.file, one.period, one.supplements, one.again)
    if one.act == "event":
        text = sys.stdin.read() if one.file == "-" else Path(one.file).read_text("utf-8")
        return door.post(f"/lists/{one.code}/events", {"row": json.loads(text)}, one.again)
    if one.act == "rejected":
        Path(one.file).write_bytes(door.call("GET", f"/batches/{one.id}/rejected.xlsx")[1])
        return {"saved": one.file}
    if one.act == "recall":
        return door.post(f"/batches/{one.id}/recall", {"reason": one.reason}, one.again)
    if one.act == "amend":
        lines = [int(line) for line in one.lines.split(",") if line]
        return door.post(f"/batches/{one.id}/amendments", {"reason": one.reason, "lines": lines}, one.again)
    if one.act == "event-amend":
        return door.post(f"/events/{one.id}/amendments", {"reason": one.reason}, one.again)
    if one.act == "reply":
        return door.post(
            f"/corrections/{one.id}/reply", {"corrected": one.answer == "yes", "words": one.words}, one.again
        )
    return verify(json.loads(Path(one.file).read_text("utf-8")), door.platform())


def main(words=None):
    one = _arguments(words)
    try:
        if one.act == "keygen":
            keygen(one.file)
            return 0
        secret = Path(os.environ["HUTONG_DOOR_KEY"]).read_bytes()
        pair = serialization.load_pem_private_key(secret, None)
        door = Door(os.environ["HUTONG_DOOR"], os.environ["HUTONG_DOOR_KEY_ID"], pair, one.receipts)
        print(json.dumps(do(door, one), ensure_ascii=False, indent=1))
        return 0
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except KeyError as missing:
        print(f"请先设置环境变量 {missing.args[0]}（见本文件开头）。", file=sys.stderr)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        print("没有得到答复。请检查网络后原样重发，不会办两次。", file=sys.stderr)
    except (OSError, ValueError) as error:
        print(f"没有发送：{error}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
