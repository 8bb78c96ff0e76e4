"""Witnesses keep what they saw and sign nothing that contradicts it (TM-08, TM-19)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hutong.foundation.audit import witnesses
from hutong.foundation.audit.commitments import ENTRY_SIZE, Entry
from hutong.foundation.audit.witnesses import Folder, WitnessRefused
from hutong.kernel import merkle, notes

LOG = notes.Ed25519Signer("hutong.log", b"\x01" * 32)
WITNESS = notes.Ed25519Signer("市档案馆", b"\x02" * 32)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def entry(number: int, salt: int = 0) -> Entry:
    return Entry(2, number, merkle.leaf_hash(bytes((number, salt))))


def publish(
    folder: Folder, entries: list[Entry], *, at: datetime = NOW, signer: notes.Signer = LOG
) -> notes.Checkpoint:
    """What the log hands over: its entries so far and a checkpoint over them."""
    if folder.key() is None:
        folder.pin(signer.key)
    folder.add_entries(entries[folder.count() :])
    last = folder.last()
    root = merkle.root([merkle.leaf_hash(one.pack()) for one in entries])
    made = notes.Checkpoint("hutong", len(entries), root, at, last.digest() if last else b"")
    folder.add_notes([notes.sign(made.text(), signer)])
    return made


@pytest.fixture
def source(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "share")


@pytest.fixture
def kept(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "own")


def observe(source: Folder, kept: Folder, now: datetime = NOW) -> list[str]:
    return witnesses.observe(source, kept, WITNESS, now)


def test_what_grew_is_kept_and_signed(source: Folder, kept: Folder) -> None:
    entries = [entry(n) for n in range(9)]
    publish(source, entries[:4])
    assert observe(source, kept) == []
    publish(source, entries)
    assert observe(source, kept) == []
    assert list(kept.entries()) == entries
    assert kept.key() == LOG.key
    note = source.cosigned()["市档案馆"]
    assert notes.trusted(note, [LOG.key, WITNESS.key]) == [LOG.key, WITNESS.key]
    assert notes.Checkpoint.parse(note.text).size == 9
    assert observe(source, kept) == []


@pytest.mark.parametrize(
    "story", ["rewritten", "shorter", "forked", "unsigned", "other key", "entries missing"]
)
def test_what_contradicts_is_refused_and_changes_nothing(
    source: Folder, kept: Folder, tmp_path: Path, story: str
) -> None:
    entries = [entry(n) for n in range(8)]
    publish(source, entries[:5])
    observe(source, kept)
    before = {file.name: file.read_bytes() for file in kept.path.iterdir()}
    other = Folder(tmp_path / "other")
    if story == "rewritten":
        publish(other, entries[:5])
        (other.path / "checkpoints.txt").write_text((source.path / "checkpoints.txt").read_text())
        root = merkle.root([merkle.leaf_hash(one.pack()) for one in [entry(0, 9), *entries[1:7]]])
        made = notes.Checkpoint("hutong", 7, root, NOW, source.last().digest())
        other.add_entries(entries[5:7])
        other.add_notes([notes.sign(made.text(), LOG)])
    elif story == "shorter":
        publish(other, entries[:3])
    elif story == "forked":
        publish(other, [entry(0, 9), *entries[1:7]])
    elif story == "unsigned":
        publish(other, entries[:5])
        publish(other, entries[:7], signer=notes.Ed25519Signer("hutong.log", b"\x07" * 32))
    elif story == "other key":
        publish(other, entries[:7], signer=notes.Ed25519Signer("hutong.log", b"\x07" * 32))
    else:
        publish(other, entries[:5])
        publish(other, entries[:7])
        (other.path / "entries.bin").write_bytes((source.path / "entries.bin").read_bytes())
    with pytest.raises(WitnessRefused, match="。"):
        observe(other, kept)
    assert {file.name: file.read_bytes() for file in kept.path.iterdir()} == before
    assert other.cosigned() == {}


def test_paper_with_a_consistency_proof_is_enough(source: Folder, kept: Folder) -> None:
    entries = [entry(n) for n in range(12)]
    publish(source, entries[:5])
    observe(source, kept)
    leaves = [merkle.leaf_hash(one.pack()) for one in entries]
    said = notes.Checkpoint("hutong", 12, merkle.root(leaves), NOW, b"\x01" * 32)
    note, proof = notes.sign(said.text(), LOG), merkle.consistency_proof(leaves, 5)
    assert witnesses.check_paper(note, proof, kept.last(), LOG.key) is None
    with pytest.raises(WitnessRefused, match="不是由已见证的日志"):
        witnesses.check_paper(note, proof[:-1], kept.last(), LOG.key)
    with pytest.raises(WitnessRefused, match="签名不成立"):
        witnesses.check_paper(notes.sign(said.text(), WITNESS), proof, kept.last(), LOG.key)


@pytest.mark.parametrize("shift", [timedelta(days=40), timedelta(days=-40)])
def test_a_witness_says_when_the_clocks_disagree(source: Folder, kept: Folder, shift: timedelta) -> None:
    """± 40 days: entries and order are untouched, and the witness's own clock tells (TM-19)."""
    entries = [entry(n) for n in range(6)]
    publish(source, entries[:3])
    observe(source, kept)
    publish(source, entries, at=NOW + shift)
    (told,) = observe(source, kept)
    assert "时钟" in told
    assert list(kept.entries()) == entries


def test_a_torn_last_entry_is_written_anew(source: Folder) -> None:
    entries = [entry(n) for n in range(3)]
    source.add_entries(entries[:2])
    with (source.path / "entries.bin").open("ab") as file:
        file.write(b"torn")
    assert source.count() == 2
    source.add_entries(entries[2:])
    assert list(source.entries()) == entries
    assert (source.path / "entries.bin").stat().st_size == 3 * ENTRY_SIZE
