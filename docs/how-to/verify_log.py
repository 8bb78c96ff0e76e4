#!/usr/bin/env python3
"""Independent verifier of a Hutong log: one file, the standard library and ``cryptography``, nothing of Hutong.

    python verify_log.py BUNDLE [--witness DIR]... [--key "name+id+base64"]

BUNDLE is what ``hutong audit export-proof`` wrote; each DIR what a witness kept. The log's key is taken from ``--key``, else from
the first witness, else from the bundle (which then proves only that it agrees with itself). Exit code 0: everything fits;
1: what does not fit is named, one line each; 2: the bundle cannot be read.

Format. ``entries.bin``: 41 bytes each, kind (1) row id (8, big-endian) commitment (32). Kinds: 1 change, 2 read, 3 erasure.
``rows.jsonl``: ``{"seq", "salt" (hex), "content"}``; commitment = SHA-256(salt ‖ content). ``checkpoints.txt``: signed notes,
``-----`` between; text = origin, size, base64 root, ``time …``, ``previous <base64 SHA-256 of the text before>``. The root is the
RFC 9162 tree over the entries: leaf SHA-256(0x00 ‖ entry), node SHA-256(0x01 ‖ left ‖ right).
"""

import argparse
import base64
import hashlib
import json
import struct
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KINDS = {1: "变更", 2: "查阅", 3: "销毁"}
SIZE = 41


def sha256(data):
    return hashlib.sha256(data).digest()


class Tree:
    def __init__(self):
        self.size, self.peaks = 0, []

    def append(self, entry):
        node, left = sha256(b"\x00" + entry), self.size
        while left & 1:
            node, left = sha256(b"\x01" + self.peaks.pop() + node), left >> 1
        self.peaks.append(node)
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256(b"")
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = sha256(b"\x01" + peak + root)
        return root


class Key:
    def __init__(self, line):
        self.name, given, body = line.strip().split("+", 2)
        raw = base64.b64decode(body)
        self.id = sha256(self.name.encode() + b"\n" + raw)[:4]
        if self.id.hex() != given or raw[0] != 1:
            raise ValueError("公钥编号不符，或不是 Ed25519")
        self.public = Ed25519PublicKey.from_public_bytes(raw[1:])

    def holds(self, note):
        text, _, signatures = note.partition("\n\n")
        for line in signatures.splitlines():
            name, _, body = line.removeprefix("\u2014 ").partition(" ")
            raw = base64.b64decode(body)
            if name == self.name and raw[:4] == self.id:
                try:
                    self.public.verify(raw[4:], (text + "\n").encode())
                except InvalidSignature:
                    continue
                return True
        return False


class Checkpoint:
    def __init__(self, note):
        self.note, self.text = note, note.partition("\n\n")[0] + "\n"
        lines = self.text.splitlines()
        self.origin, self.size, self.root = lines[0], int(lines[1]), base64.b64decode(lines[2])
        self.time, self.previous = lines[3].removeprefix("time "), lines[4].removeprefix("previous ")


def checkpoints(folder):
    file = folder / "checkpoints.txt"
    text = file.read_text("utf-8") if file.exists() else ""
    return [Checkpoint(one) for one in text.split("-----\n") if one.strip()]


def entries(folder):
    file = folder / "entries.bin"
    raw = file.read_bytes() if file.exists() else b""
    return [raw[at : at + SIZE] for at in range(0, len(raw) - SIZE + 1, SIZE)]


def label(entry):
    kind, row = struct.unpack(">BQ", entry[:9])
    return f"{KINDS.get(kind, kind)} #{row}"


def check_tree(found, kept, key):
    """Signatures, chain and roots of the bundle's checkpoints; every root by size."""
    tree, roots, told = Tree(), {0: sha256(b"")}, []
    for entry in kept:
        tree.append(entry)
        roots[tree.size] = tree.root()
    before = "-"
    for one in found:
        if not key.holds(one.note):
            told.append(f"检查点 {one.size} 条：签名不成立")
        if one.previous != before:
            told.append(f"检查点 {one.size} 条：前一检查点缺失或被改动")
        if roots.get(one.size) != one.root:
            told.append(f"检查点 {one.size} 条：根与条目不符")
        before = base64.b64encode(sha256(one.text.encode())).decode()
    if kept and (not found or found[-1].size != len(kept)):
        told.append("末尾条目没有检查点")
    return roots, told


def check_rows(folder, kept):
    """Every row against its commitment; (findings, rows lawfully erased)."""
    told, seen, contents, erased = [], {}, {}, []
    for line in (folder / "rows.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        seen[row["seq"]] = row
        contents.setdefault(row["seq"], row["content"])
    wrong = []
    for seq, row in seen.items():
        if seq >= len(kept):
            told.append(f"序号 {seq}：不在日志中")
        elif sha256(bytes.fromhex(row["salt"]) + row["content"].encode()) != kept[seq][9:]:
            wrong.append(seq)
        elif kept[seq][0] == 3:
            erased += json.loads(row["content"])["spans"]
    for seq in wrong:
        salt, mine = bytes.fromhex(seen[seq]["salt"]), kept[seq][9:]
        other = next((o for o in wrong if o != seq and sha256(salt + contents[o].encode()) == mine), None)
        what = f"与{label(kept[other])}的内容被对调" if other is not None else "内容在归集后被改动"
        told.append(f"{label(kept[seq])}（序号 {seq}）：{what}")
    lawful = 0
    for seq, entry in enumerate(kept):
        if seq in seen:
            continue
        kind, row = struct.unpack(">BQ", entry[:9])
        if any(one == kind and first <= row <= last for one, first, last in erased):
            lawful += 1
        else:
            told.append(f"{label(entry)}（序号 {seq}）：记录被删除，没有销毁登记")
    return told, lawful


def check_witness(folder, kept, roots, key):
    told = []
    copy = entries(folder)
    for seq, (mine, theirs) in enumerate(zip(kept, copy, strict=False)):
        if mine != theirs:
            told.append(f"{label(mine)}（序号 {seq}）：与见证 {folder.name} 保存的 {label(theirs)} 不同")
    for seq in range(len(kept), len(copy)):
        told.append(f"{label(copy[seq])}（序号 {seq}）：见证 {folder.name} 见过，日志中已不存在（回退）")
    for one in checkpoints(folder):
        if not key.holds(one.note):
            told.append(f"见证 {folder.name} 的检查点 {one.size} 条：签名不成立")
        elif roots.get(one.size) != one.root:
            told.append(f"见证 {folder.name} 的检查点 {one.size} 条：日志分叉或回退")
    return told


def main():
    options = argparse.ArgumentParser(description="独立核验护童日志")
    options.add_argument("bundle", type=Path)
    options.add_argument("--witness", type=Path, action="append", default=[])
    options.add_argument("--key")
    given = options.parse_args()
    try:
        pinned = [given.key] if given.key else [(one / "log.key").read_text("utf-8") for one in given.witness]
        key = Key(pinned[0] if pinned else (given.bundle / "log.key").read_text("utf-8"))
        kept, found = entries(given.bundle), checkpoints(given.bundle)
        roots, told = check_tree(found, kept, key)
        rows, lawful = check_rows(given.bundle, kept)
        told += rows
        for witness in given.witness:
            told += check_witness(witness, kept, roots, key)
    except (OSError, ValueError, KeyError, IndexError, struct.error) as error:
        print(f"无法读取：{type(error).__name__} {error}")
        return 2
    for line in told:
        print(line)
    if not pinned:
        print("注意：公钥取自核验包本身，只能说明其自洽。")
    print(f"{len(kept)} 条，{len(found)} 个检查点，依法销毁 {lawful} 条，不符 {len(told)} 处。")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
