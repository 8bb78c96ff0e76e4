"""Handing checkpoints and entries to the witnesses' folders."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from hutong.foundation.audit import models, signing
from hutong.foundation.audit.services.folding import blocks
from hutong.foundation.audit.witnesses import Folder, WitnessRefused
from hutong.kernel import merkle, notes


def export(directory: Path) -> int:
    """Bring one folder up to the last checkpoint; entries added. WitnessRefused when it knows another history."""
    folder, last = Folder(directory), models.Checkpoint.objects.order_by("-size").first()
    if last is None:
        return 0
    _refuse_other_history(folder, last)
    if folder.key() is None:
        folder.pin(signing.signer().key)
    start = folder.count()
    for block in blocks(start):
        folder.add_entries(block[: max(0, last.size - folder.count())])
    kept = folder.last()
    since = kept.size if kept else 0
    added = models.Checkpoint.objects.filter(size__gt=since, size__lte=last.size).order_by("size")
    folder.add_notes(notes.parse(one.note) for one in added.iterator())
    return folder.count() - start


def export_all() -> list[str]:
    """Every configured folder; sentences for those that could not be served, one trouble never hiding another."""
    told = []
    for directory in settings.WITNESSES:
        try:
            export(directory)
        except WitnessRefused as error:
            told.append(f"{directory}：{error}")
        except (OSError, notes.NoteError) as error:
            told.append(f"{directory}：无法写入或读取（{type(error).__name__}），请检查介质。")
    return told


def _refuse_other_history(folder: Folder, last: models.Checkpoint) -> None:
    kept = folder.last()
    if folder.count() > last.size or (kept and kept.size > last.size):
        size = kept.size if kept else folder.count()
        raise WitnessRefused(
            f"见证目录保存到 {size} 条，数据库只有 {last.size} 条：数据库被回退，未写入任何内容。"
        )
    if kept is None:
        return
    ours = models.Checkpoint.objects.filter(size=kept.size).first()
    if ours is None or bytes(ours.root) != kept.root:
        raise WitnessRefused(f"见证目录中 {kept.size} 条处的检查点与数据库不同：日志分叉，未写入任何内容。")


def proof_since(old: int, new: int) -> list[bytes]:
    """Consistency proof from the tree of ``old`` entries to that of ``new``, for a witness with paper only."""
    if not 0 < old <= new:
        raise ValueError(f"检查点现有 {new} 条，证明须从 1 到 {new} 之间的条数起。")
    leaves = [merkle.leaf_hash(entry.pack()) for block in blocks(0) for entry in block]
    return merkle.consistency_proof(leaves[:new], old)
