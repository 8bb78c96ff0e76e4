"""Folders in which others keep what the log said, so that it cannot say something else later (TM-08). Files only.

``log.key``                 the log's verifier key, pinned when first seen
``checkpoints.txt``         signed notes one after another, a line ``-----`` between
``entries.bin``             the entries themselves, 41 bytes each: salted commitments that tell nothing about anybody
``cosigned/<name>.txt``     the latest note a witness signed too
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hutong.foundation.audit.commitments import ENTRY_SIZE, Entry
from hutong.kernel import merkle, notes

_BETWEEN = "-----\n"
_TAIL = 16 * 1024
SKEW = timedelta(minutes=10)
"""A witness whose own clock differs more from the checkpoint's time says so."""


class WitnessRefused(ValueError):
    """What stands in the folder and what the log says now cannot both be true; the sentence is for the auditor."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One witness folder; all reads tolerate that it is empty."""

    path: Path

    def signed(self) -> list[notes.Note]:
        file = self.path / "checkpoints.txt"
        text = file.read_text("utf-8") if file.exists() else ""
        return [notes.parse(one) for one in text.split(_BETWEEN) if one.strip()]

    def checkpoints(self) -> list[notes.Checkpoint]:
        return [notes.Checkpoint.parse(one.text) for one in self.signed()]

    def last(self) -> notes.Checkpoint | None:
        """The newest checkpoint, read from the end: the file grows for years."""
        file = self.path / "checkpoints.txt"
        if not file.exists():
            return None
        with file.open("rb") as source:
            source.seek(max(0, source.seek(0, os.SEEK_END) - _TAIL))
            text = source.read().decode("utf-8", "replace")
        found = [one for one in text.split(_BETWEEN) if one.strip()]
        return notes.Checkpoint.parse(notes.parse(found[-1]).text) if found else None

    def key(self) -> notes.VerifierKey | None:
        file = self.path / "log.key"
        return notes.VerifierKey.parse(file.read_text("utf-8")) if file.exists() else None

    def count(self) -> int:
        """Entries kept; a torn last one does not count."""
        file = self.path / "entries.bin"
        return file.stat().st_size // ENTRY_SIZE if file.exists() else 0

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[Entry]:
        end = self.count() if end is None else min(end, self.count())
        if start >= end:
            return
        with (self.path / "entries.bin").open("rb") as file:
            file.seek(start * ENTRY_SIZE)
            for _ in range(end - start):
                yield Entry.unpack(file.read(ENTRY_SIZE))

    def pin(self, key: notes.VerifierKey) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        _write(self.path / "log.key", f"{key}\n")

    def add_entries(self, entries: Iterable[Entry]) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "entries.bin").open("ab") as file:
            file.truncate(file.tell() - file.tell() % ENTRY_SIZE)
            for entry in entries:
                file.write(entry.pack())
            file.flush()
            os.fsync(file.fileno())

    def add_notes(self, added: Iterable[notes.Note]) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "checkpoints.txt").open("a", encoding="utf-8") as file:
            for note in added:
                file.write(f"{note}{_BETWEEN}")
            file.flush()
            os.fsync(file.fileno())

    def cosigned(self) -> dict[str, notes.Note]:
        """By witness: the latest note it signed."""
        return {
            file.stem: notes.parse(file.read_text("utf-8"))
            for file in sorted((self.path / "cosigned").glob("*.txt"))
        }

    def put_cosigned(self, name: str, note: notes.Note) -> None:
        (self.path / "cosigned").mkdir(parents=True, exist_ok=True)
        _write(self.path / "cosigned" / f"{name}.txt", str(note))


def observe(source: Folder, state: Folder, signer: notes.Signer, now: datetime) -> list[str]:
    """What a witness does: take the new checkpoints of ``source`` into its own ``state``, or refuse them.

    Each must be signed by the log's pinned key and have grown out of the tree kept so far; the last is signed too.
    Returns sentences worth telling; WitnessRefused leaves ``state`` as it was.
    """
    key = state.key() or source.key()
    if key is None:
        raise WitnessRefused("目录中没有日志公钥 log.key，尚未交存过检查点。")
    if source.key() != key:
        raise WitnessRefused("日志公钥与首次见到的不同：换钥须由日志一方书面说明后再更新 log.key。")
    kept, offered = state.last(), source.signed()
    fresh = _fresh(offered, kept, key)
    tree = merkle.Frontier()
    tree.extend(merkle.leaf_hash(entry.pack()) for entry in state.entries(end=kept.size if kept else 0))
    if kept and tree.root() != kept.root:
        raise WitnessRefused("见证人自己保存的条目与检查点不符，保存介质可能损坏。")
    start = tree.size
    for note, checkpoint in fresh:
        tree.extend(merkle.leaf_hash(entry.pack()) for entry in source.entries(tree.size, checkpoint.size))
        if tree.size != checkpoint.size or tree.root() != checkpoint.root:
            raise WitnessRefused(
                f"检查点（{checkpoint.size} 条）不是由已见证的日志（{start} 条）增长而来：日志被改写或分叉，不予见证。"
            )
        assert note
    if state.key() is None:
        state.pin(key)
    state.add_entries(source.entries(state.count(), tree.size))
    state.add_notes(note for note, _ in fresh)
    told = _clocks([kept] if kept else [], [checkpoint for _, checkpoint in fresh], now)
    if state.signed():
        source.put_cosigned(signer.key.name, state.signed()[-1].with_signature(signer))
    return told


def _fresh(
    offered: list[notes.Note], kept: notes.Checkpoint | None, key: notes.VerifierKey
) -> list[tuple[notes.Note, notes.Checkpoint]]:
    """Offered checkpoints behind the last one kept; that one must still be among them."""
    read = [(note, notes.Checkpoint.parse(note.text)) for note in offered]
    if kept and all(checkpoint != kept for _, checkpoint in read):
        newest = read[-1][1].size if read else 0
        raise WitnessRefused(
            f"上次见证的检查点（{kept.size} 条）已不在目录中，现最新为 {newest} 条：日志被回退或分叉，不予见证。"
        )
    fresh = [(note, checkpoint) for note, checkpoint in read if not kept or checkpoint.size > kept.size]
    for note, checkpoint in fresh:
        if not note.signed_by(key):
            raise WitnessRefused(f"检查点（{checkpoint.size} 条）的签名不成立，不予见证。")
    return fresh


def _clocks(kept: list[notes.Checkpoint], fresh: list[notes.Checkpoint], now: datetime) -> list[str]:
    told = []
    line = [*kept, *fresh]
    for before, after in pairwise(line):
        if after.at < before.at:
            told.append(f"检查点（{after.size} 条）的时间早于上一检查点，数据库时钟曾被调回。")
    if fresh and fresh[-1].at > now + SKEW:
        told.append(f"检查点时间比见证人时钟快 {fresh[-1].at - now}，请核对两边时钟。")
    return told


def check_paper(note: notes.Note, proof: list[bytes], kept: notes.Checkpoint, key: notes.VerifierKey) -> None:
    """A note that came on paper with its consistency proof: WitnessRefused unless it grew out of the one kept."""
    said = notes.Checkpoint.parse(note.text)
    if not note.signed_by(key):
        raise WitnessRefused(f"检查点（{said.size} 条）的签名不成立，不予见证。")
    grown = merkle.verify_consistency(
        old=kept.size, new=said.size, old_root=kept.root, new_root=said.root, proof=proof
    )
    if not grown:
        raise WitnessRefused(
            f"检查点（{said.size} 条）不是由已见证的日志（{kept.size} 条）增长而来，不予见证。"
        )


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, "utf-8")
    os.replace(temporary, path)
