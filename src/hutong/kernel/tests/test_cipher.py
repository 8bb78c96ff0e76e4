"""Field cipher and tokens (issue B.5; TM-08): a changed or moved ciphertext never opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hutong.kernel import cipher
from hutong.kernel.cipher import CipherError, DerivedKeyProvider, FileKeyProvider

KEYS = DerivedKeyProvider(b"only for tests, sixteen or more")
ALGORITHMS = st.sampled_from(["SM4-GCM", "AES-GCM"])
PLACE = st.text(max_size=12)
HOME = {"table": "registry_child", "row": 7, "column": "id_number"}


@given(st.text(), PLACE, PLACE, PLACE, ALGORITHMS)
def test_what_is_sealed_opens_in_its_place(
    text: str, table: str, row: str, column: str, algorithm: str
) -> None:
    place = {"table": table, "row": row, "column": column}
    sealed = cipher.seal(text, **place, keys=KEYS, algorithm=algorithm)
    assert cipher.unseal(sealed, **place, keys=KEYS) == text
    assert cipher.unseal(memoryview(sealed), **place, keys=KEYS) == text


@given(st.tuples(PLACE, PLACE, PLACE), st.tuples(PLACE, PLACE, PLACE), ALGORITHMS)
@settings(max_examples=200)
def test_a_moved_ciphertext_does_not_open(
    home: tuple[str, ...], away: tuple[str, ...], algorithm: str
) -> None:
    assume(home != away)
    names = ("table", "row", "column")
    sealed = cipher.seal("秘密", **dict(zip(names, home, strict=True)), keys=KEYS, algorithm=algorithm)
    with pytest.raises(CipherError, match="被移到别处"):
        cipher.unseal(sealed, **dict(zip(names, away, strict=True)), keys=KEYS)


def test_neighbouring_names_do_not_run_together() -> None:
    sealed = cipher.seal("秘密", table="ab", row="c", column="d", keys=KEYS)
    with pytest.raises(CipherError):
        cipher.unseal(sealed, table="a", row="bc", column="d", keys=KEYS)


@given(st.integers(0, 10_000), st.integers(1, 255), ALGORITHMS)
def test_no_byte_can_be_changed(place: int, mask: int, algorithm: str) -> None:
    sealed = bytearray(cipher.seal("500199201502281233", **HOME, keys=KEYS, algorithm=algorithm))
    sealed[place % len(sealed)] ^= mask
    with pytest.raises(CipherError):
        cipher.unseal(bytes(sealed), **HOME, keys=KEYS)


@given(st.binary(max_size=80))
def test_foreign_bytes_are_refused_in_words(blob: bytes) -> None:
    with pytest.raises(CipherError, match=r"加密字段|密钥"):
        cipher.unseal(blob, **HOME, keys=KEYS)


def test_sealing_twice_gives_different_bytes_without_the_content() -> None:
    first, second = (cipher.seal("500199201502281233", **HOME, keys=KEYS) for _ in range(2))
    assert first != second
    assert b"500199" not in first + second


def write_keys(path: Path, versions: int, *, active: str, token: str = "k1") -> Path:
    keys = {f"k{i}": bytes([i]) * 32 for i in range(1, versions + 1)}
    cipher.write_key_file(path, keys, active=active, token=token)
    return path


def test_a_new_key_leaves_old_fields_readable_and_tokens_unchanged(tmp_path: Path) -> None:
    before = FileKeyProvider(write_keys(tmp_path / "one.json", 1, active="k1"))
    after = FileKeyProvider(write_keys(tmp_path / "two.json", 2, active="k2"))
    old = cipher.seal("内容", **HOME, keys=before)
    new = cipher.seal("内容", **HOME, keys=after)
    assert (cipher.key_id_of(old), cipher.key_id_of(new)) == ("k1", "k2")
    assert cipher.unseal(old, **HOME, keys=after) == "内容"
    assert cipher.token("a", purpose="id", keys=before) == cipher.token("a", purpose="id", keys=after)
    with pytest.raises(CipherError, match="找不到密钥版本“k2”"):
        cipher.unseal(new, **HOME, keys=before)


def test_a_field_sealed_under_another_master_does_not_open() -> None:
    sealed = cipher.seal("内容", **HOME, keys=KEYS)
    with pytest.raises(CipherError, match="密钥不符"):
        cipher.unseal(sealed, **HOME, keys=DerivedKeyProvider(b"another master, long enough"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "格式不符"),
        ("[]", "格式不符"),
        ('{"active": "k1"}', "格式不符"),
        ('{"active": "k1", "keys": {"k1": "zz"}}', "格式不符"),
        ('{"active": "k1", "keys": {"k1": "00ff"}}', "32 字节"),
        (f'{{"active": "k2", "keys": {{"k1": "{"11" * 32}"}}}}', "缺少版本：k2"),
        (f'{{"active": "k2", "keys": {{"k1": "{"11" * 32}", "k2": "{"22" * 32}"}}}}', "未写明 token"),
    ],
)
def test_faulty_key_files_are_refused(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content, "utf-8")
    path.chmod(0o600)
    with pytest.raises(CipherError, match=reason):
        FileKeyProvider(path)


def test_a_key_file_others_can_read_or_nobody_has_is_refused(tmp_path: Path) -> None:
    path = write_keys(tmp_path / "keys.json", 1, active="k1")
    path.chmod(0o644)
    with pytest.raises(CipherError, match="权限改为 600"):
        FileKeyProvider(path)
    with pytest.raises(CipherError, match="无法读取"):
        FileKeyProvider(tmp_path / "missing.json")


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = write_keys(tmp_path / "keys.json", 1, active="k1")
    with pytest.raises(FileExistsError):
        write_keys(path, 2, active="k2")


def test_short_masters_are_refused() -> None:
    with pytest.raises(CipherError, match="过短"):
        DerivedKeyProvider(b"short")


VALUES = st.text("aAbBxX019 ", min_size=1, max_size=4).filter(str.strip)


@given(VALUES, VALUES)
def test_tokens_are_equal_exactly_for_equal_values(a: str, b: str) -> None:
    one, other = (cipher.token(text, purpose="id", keys=KEYS) for text in (a, b))
    assert (one == other) == (a.strip().upper() == b.strip().upper())
    assert len(one) == 64
    assert one == one.lower()


def test_tokens_depend_on_purpose_master_and_digest_but_not_on_case_or_width() -> None:
    number = "50019920150228123X"
    token = cipher.token(number, purpose="id", keys=KEYS)
    assert token == cipher.token("５００１９９２０１５０２２８１２３ｘ", purpose="id", keys=KEYS)
    others = {
        cipher.token(number, purpose="phone", keys=KEYS),
        cipher.token(number, purpose="id", keys=DerivedKeyProvider(b"another master, long enough")),
        cipher.token(number, purpose="id", keys=KEYS, digest="SHA-256"),
    }
    assert len(others | {token}) == 4


def test_nothing_has_no_token() -> None:
    with pytest.raises(CipherError, match="空值"):
        cipher.token("  ", purpose="id", keys=KEYS)
