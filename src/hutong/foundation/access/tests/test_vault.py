"""Sealed fields open only in their place; tokens find without opening (ADR 0007, R-01.04, trust of identity)."""

from __future__ import annotations

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.foundation.access import vault
from hutong.kernel.cipher import CipherError

NUMBER = "500199201503120011"


@settings(max_examples=25)
@given(st.text(min_size=1))
def test_what_was_sealed_opens_in_its_place(value: str) -> None:
    sealed = vault.seal(value, "registry_child", "row1", "id")
    assert vault.open(sealed, "registry_child", "row1", "id") == value


@pytest.mark.parametrize(
    "place", [("other", "row1", "id"), ("registry_child", "row2", "id"), ("registry_child", "row1", "phone")]
)
def test_a_copied_ciphertext_does_not_open(place: tuple[str, str, str]) -> None:
    sealed = vault.seal(NUMBER, "registry_child", "row1", "id")
    assert NUMBER.encode() not in sealed
    with pytest.raises(CipherError):
        vault.open(sealed, *place)


def test_nothing_stays_nothing() -> None:
    assert vault.seal("", "t", 1, "c") == b""
    assert vault.open(None, "t", 1, "c") == ""
    assert vault.token("  ", "id") == ""


def test_tokens_depend_on_purpose_and_key() -> None:
    here = vault.token(NUMBER, "id")
    assert here == vault.token(NUMBER, "id") != vault.token(NUMBER, "last4")
    with override_settings(MASTER_KEY="ab" * 32):
        assert vault.token(NUMBER, "id") != here


def test_both_ciphers_open_each_other_later() -> None:
    """Changing the algorithm does not lock old rows out: the header says how each was sealed."""
    with override_settings(FIELD_CIPHER="AES-GCM"):
        old = vault.seal(NUMBER, "t", 1, "c")
    assert vault.open(old, "t", 1, "c") == NUMBER
