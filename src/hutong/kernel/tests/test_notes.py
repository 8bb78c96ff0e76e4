"""Checkpoints survive printing and reading, and a changed letter breaks their signature (TM-08)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel import notes

SIGNER = notes.Ed25519Signer("log.example", bytes(range(32)))
WITNESS = notes.Ed25519Signer("witness.example", bytes(range(1, 33)))
CHECKPOINT = notes.Checkpoint(
    "log.example/audit", 8, b"\x05" * 32, datetime(2026, 11, 22, 1, 2, 3, 4, UTC), b"\x06" * 32
)


def test_a_checkpoint_is_read_back_from_its_own_words() -> None:
    note = notes.sign(CHECKPOINT.text(), SIGNER)
    read = notes.parse(str(note))
    assert read == note
    assert notes.Checkpoint.parse(read.text) == CHECKPOINT
    assert read.text.splitlines()[1] == "8"


def test_two_parties_sign_one_note_and_a_stranger_none() -> None:
    note = notes.sign(CHECKPOINT.text(), SIGNER).with_signature(WITNESS)
    stranger = notes.Ed25519Signer("log.example", b"\x09" * 32)
    assert notes.trusted(note, [SIGNER.key, WITNESS.key, stranger.key]) == [SIGNER.key, WITNESS.key]
    assert note.with_signature(WITNESS) == note


def test_the_signature_is_plain_ed25519_over_the_text() -> None:
    note = notes.sign(CHECKPOINT.text(), SIGNER)
    public = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
    public.verify(note.signatures[0].value, CHECKPOINT.text().encode())
    assert notes.VerifierKey.parse(str(SIGNER.key)) == SIGNER.key


@given(place=st.integers(0, 400), letter=st.characters(min_codepoint=32, max_codepoint=126))
def test_a_changed_letter_is_noticed(place: int, letter: str) -> None:
    whole = str(notes.sign(CHECKPOINT.text(), SIGNER))
    at = place % len(whole)
    changed = whole[:at] + letter + whole[at + 1 :]
    try:
        holds = notes.parse(changed).signed_by(SIGNER.key)
    except notes.NoteError:
        holds = False
    assert holds == (changed == whole)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\nb\n",
        "a\n1\n!\ntime x\nprevious -\n",
        "log\n-\nAA==\ntime 2026-01-01T00:00:00.000000Z\nprevious -\n",
    ],
)
def test_what_is_no_checkpoint_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(notes.NoteError, match="。"):
        notes.Checkpoint.parse(text)


@pytest.mark.parametrize("line", ["", "name", "name+00000000+AQ==", str(SIGNER.key).replace("+", "+0", 1)])
def test_what_is_no_key_is_refused_in_a_sentence(line: str) -> None:
    with pytest.raises(notes.NoteError, match="。"):
        notes.VerifierKey.parse(line)
