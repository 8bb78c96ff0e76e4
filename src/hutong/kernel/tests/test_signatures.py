"""Signed requests (RFC 9421, RFC 9530; system 46): the RFC's own vector, every byte that may be turned, every odd header."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel import httpsig, signing, structured
from hutong.kernel.httpsig import Message, SignatureError

# RFC 9421, appendix B.1.4 and B.2: published for tests
PRIVATE = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----
"""
PUBLIC = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
BODY = b'{"hello": "world"}'
HEADERS = {
    "host": "example.com",
    "date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "content-type": "application/json",
    "content-digest": "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    "content-length": "18",
    "signature-input": 'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"',
    "signature": "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
}
REQUEST = Message("POST", "example.com", "/foo", "param=Value&Pet=dog", headers=HEADERS)


def holds(message: Message) -> bool:
    found = httpsig.read(message.headers, None)
    spki = base64.b64decode(PUBLIC)
    return signing.provider(signing.ED25519).verify(spki, httpsig.base(message, found.covered), found.value)


def test_the_ed25519_vector_of_the_rfc() -> None:
    found = httpsig.read(HEADERS, None)
    assert (found.keyid, found.created, found.label) == ("test-key-ed25519", 1618884473, "sig-b26")
    assert httpsig.base(REQUEST, found.covered).decode() == (
        '"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"@path": /foo\n"@authority": example.com\n'
        '"content-type": application/json\n"content-length": 18\n"@signature-params": ("date" "@method" "@path" '
        '"@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
    )
    assert holds(REQUEST)
    key = load_pem_private_key(PRIVATE, None)
    assert isinstance(key, Ed25519PrivateKey)
    assert key.sign(httpsig.base(REQUEST, found.covered)) == found.value  # Ed25519 is deterministic


@pytest.mark.parametrize(
    "changed",
    [
        Message("PUT", "example.com", "/foo", headers=HEADERS),
        Message("POST", "example.org", "/foo", headers=HEADERS),
        Message("POST", "example.com", "/fo0", headers=HEADERS),
        Message("POST", "example.com", "/foo", headers=HEADERS | {"content-length": "19"}),
        Message("POST", "example.com", "/foo", headers=HEADERS | {"date": "Tue, 20 Apr 2021 02:07:56 GMT"}),
        Message(
            "POST", "example.com", "/foo",
            headers=HEADERS | {"signature-input": HEADERS["signature-input"].replace("4473", "4474")},
        ),
    ],
)  # fmt: skip
def test_one_byte_of_what_is_covered_and_it_does_not_hold(changed: Message) -> None:
    assert not holds(changed)


def test_derived_components_as_the_rfc_writes_them() -> None:
    asked = Message("GET", "Example.COM:8443", "/a%2Fb", "x=1&y=", "HTTPS")
    assert [asked.component(name) for name in httpsig.DERIVED] == [
        "GET", "example.com:8443", "https", "https://example.com:8443/a%2Fb?x=1&y=", "/a%2Fb?x=1&y=", "/a%2Fb", "?x=1&y=",
    ]  # fmt: skip
    assert Message("GET", "e", "/").component("@query") == "?"


@pytest.mark.parametrize(
    ("given_headers", "code"),
    [
        ({"signature": HEADERS["signature"]}, "missing"),
        (HEADERS | {"signature": "sig-b26=:!!:"}, "form"),
        (HEADERS | {"signature": "other=:AAAA:"}, "form"),
        (HEADERS | {"signature-input": 'sig-b26=("date";sf);keyid="k"'}, "form"),
        (HEADERS | {"signature-input": 'sig-b26=("date" "date");keyid="k"'}, "form"),
        (HEADERS | {"signature-input": 'sig-b26=("date");created="1"'}, "form"),
        (HEADERS | {"signature-input": 'sig-b26=("date");wish=1'}, "form"),
        (HEADERS | {"signature-input": 'a=("date"), b=("date")'}, "several"),
        (HEADERS | {"signature-input": 'a=("date");tag="x"'}, "tag"),
        (HEADERS | {"signature-input": 'sig-b26=("Date")'}, "form"),
    ],
)
def test_a_signature_that_cannot_be_read_says_why(given_headers: dict[str, str], code: str) -> None:
    with pytest.raises(SignatureError) as caught:
        httpsig.read(given_headers, None)
    assert caught.value.code == code


def test_a_component_the_message_does_not_have_is_an_error() -> None:
    for name in ("x-none", "@status", "@query-param"):
        with pytest.raises(SignatureError):
            httpsig.base(REQUEST, httpsig.covering(name))
    smuggled = Message("GET", "e", "/", headers={"x": "a\nb"})
    with pytest.raises(SignatureError):
        httpsig.base(smuggled, httpsig.covering("x"))


def test_the_digest_of_the_body() -> None:
    header = httpsig.digest_header(BODY)
    assert header == "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"  # RFC 9530, appendix B
    import hashlib

    assert httpsig.digest_matches(header, hashlib.sha256(BODY).digest())
    assert not httpsig.digest_matches(header, hashlib.sha256(BODY + b" ").digest())
    for bad in ("", "sha-512=:AAAA:", "sha-256=:AAAA:", "sha-256", "nonsense;;"):
        with pytest.raises(SignatureError):
            httpsig.digest_matches(bad, bytes(32))


@given(st.text(max_size=80))
def test_whatever_stands_in_a_header_it_is_read_or_refused(text: str) -> None:
    try:
        found = structured.dictionary(text)
    except structured.FieldError:
        found = {}
    assert len(found) <= text.count(",") + 1


@given(
    st.dictionaries(
        st.from_regex(r"[a-z*][a-z0-9_*.-]{0,8}", fullmatch=True),
        st.one_of(
            st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12),
            st.integers(-(10**15) + 1, 10**15 - 1), st.booleans(), st.binary(max_size=12),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_what_is_written_is_read_back(values: dict[str, structured.Bare]) -> None:
    text = ", ".join(f"{name}={structured.serialise(value)}" for name, value in values.items())
    read = structured.dictionary(text)
    assert {name: item.value for name, item in read.items() if isinstance(item, structured.Item)} == values


def test_keys_are_taken_as_people_paste_them() -> None:
    raw = base64.b64decode(PUBLIC)[-32:]
    pem = f"-----BEGIN PUBLIC KEY-----\n{PUBLIC}\n-----END PUBLIC KEY-----"
    for text in (PUBLIC, pem, raw.hex(), base64.b64encode(raw).decode(), f"\n{PUBLIC[:30]}\n{PUBLIC[30:]}\n"):
        assert signing.read_public_key(text) == (signing.ED25519, PUBLIC)
    for bad in ("", "公钥", PUBLIC[:-4], "AAAA", base64.b64encode(b"x" * 91).decode(), PRIVATE.decode()):
        with pytest.raises(signing.KeyFormError):
            signing.read_public_key(bad)
    assert len(signing.fingerprint(PUBLIC)) == 39


def test_sm2_by_openssl(tmp_path: Path) -> None:
    provider = signing.provider(signing.SM2)
    assert isinstance(provider, signing.OpenSslSm2Provider)
    if not provider.available():
        pytest.fail("NOT RUN: this machine's openssl does not know SM2")
    key, public = tmp_path / "key.pem", tmp_path / "pub.pem"
    openssl = ["openssl"]
    subprocess.run([*openssl, "ecparam", "-name", "SM2", "-genkey", "-noout", "-out", key], check=True)
    subprocess.run([*openssl, "pkey", "-in", key, "-pubout", "-out", public], check=True)
    (tmp_path / "text").write_bytes(b"hutong")
    subprocess.run(
        [*openssl, "pkeyutl", "-sign", "-inkey", key, "-in", tmp_path / "text", "-out", tmp_path / "sign", "-rawin",
         "-digest", "sm3", "-pkeyopt", f"distid:{signing.SM2_ID}"],
        check=True,
    )  # fmt: skip
    algorithm, spki = signing.read_public_key(public.read_text())
    assert algorithm == signing.SM2
    signature = (tmp_path / "sign").read_bytes()
    assert provider.verify(base64.b64decode(spki), b"hutong", signature)
    assert not provider.verify(base64.b64decode(spki), b"hutonG", signature)
    assert not provider.verify(base64.b64decode(PUBLIC), b"hutong", signature)


def test_sm2_without_a_module_says_so() -> None:
    with pytest.raises(signing.NotAvailable, match="SM2"):
        signing.OpenSslSm2Provider("/nonexistent/openssl").verify(b"", b"", b"")


def test_a_device_takes_the_place_of_ours() -> None:
    ours = signing.provider(signing.SM2)

    class Device(signing.OpenSslSm2Provider):
        def verify(self, spki: bytes, message: bytes, signature: bytes) -> bool:
            return signature == b"device"

    try:
        signing.register(Device())
        assert signing.provider(signing.SM2).verify(b"", b"", b"device")
    finally:
        signing.register(ours)
