"""The command line, lawful destruction, and the verifier that shares no line with us, on the running database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from hutong.config import place
from hutong.foundation.audit import models
from hutong.foundation.audit.services import forgetting
from hutong.foundation.audit.tests.conftest import dba, fold, verify, write

pytestmark = pytest.mark.django_db(transaction=True)
VERIFIER = place.root() / "docs" / "how-to" / "verify_log.py"
WORDS = [
    "--basis",
    "档案管理办法",
    "--reason",
    "保存期满",
    "--by",
    "张某（档案员）",
    "--approved-by",
    "李某（科长）",
]


@pytest.fixture
def hutong(settings: Any, tmp_path: Path) -> Any:
    """Run ``hutong audit …`` against the test's database; (exit code, all it said)."""
    from hutong.config.postgres import Embedded

    name = connection.settings_dict["NAME"]
    if os.environ.get("DATABASE_URL"):
        urls = {
            key: os.environ[key].rsplit("/", 1)[0] + f"/{name}"
            for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
            if key in os.environ
        }
    else:
        urls = {
            "DATABASE_URL": Embedded().url("web", name),
            "DATABASE_OWNER_URL": Embedded().url("owner", name),
        }
    given = os.environ | urls | {"HUTONG_AUDIT_KEY": str(settings.AUDIT_KEY), "HUTONG_WITNESS": ""}

    def run(*words: str, **more: str) -> tuple[int, str]:
        command = [str(Path(sys.executable).parent / "hutong"), "audit", *words]
        done = subprocess.run(command, env=given | more, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    return run


def independent(*words: str | Path) -> tuple[int, str]:
    command = [sys.executable, "-I", str(VERIFIER), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_the_verifier_of_the_handbook_imports_nothing_of_ours() -> None:
    text = VERIFIER.read_text()
    imported = {
        line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


def test_from_folding_to_an_independent_proof(cast: SimpleNamespace, hutong: Any, tmp_path: Path) -> None:
    write(cast, 4, 2)
    share, own, bundle = tmp_path / "share", tmp_path / "own", tmp_path / "bundle"
    code, told = hutong("fold", HUTONG_WITNESS=str(share))
    assert code == 0, told
    assert "检查点" in told
    assert hutong("witness", str(share), "--state", str(own), "--name", "市档案馆")[0] == 0
    code, told = hutong("verify", "--checkpoints", str(own))
    assert (code, "相符" in told) == (0, True), told
    assert "proof " not in hutong("checkpoint")[1]
    write(cast, 2)
    hutong("fold", HUTONG_WITNESS=str(share))
    size = models.Checkpoint.objects.order_by("size").first().size
    paper = tmp_path / "paper.txt"
    paper.write_text(hutong("checkpoint", "--since", str(size))[1])
    code, told = hutong("witness", str(share), "--state", str(own), "--note", str(paper))
    assert (code, "一致" in told) == (0, True), told
    code, told = hutong("export-proof", str(bundle))
    assert code == 0, told
    code, told = independent(bundle, "--witness", own, "--witness", share)
    assert (code, "不符 0 处" in told) == (0, True), told
    assert hutong("export-proof", str(bundle))[0] == 2


def test_the_commands_name_what_was_done_and_fail(cast: SimpleNamespace, hutong: Any, tmp_path: Path) -> None:
    write(cast, 5, 2)
    share = tmp_path / "share"
    hutong("fold", HUTONG_WITNESS=str(share))
    ids = _ids()
    with dba() as console:
        console.execute("UPDATE audit_read SET actor_label = '另一人' WHERE id = %s", [ids[0]])
        console.execute("DELETE FROM audit_read WHERE id = %s", [ids[1]])
        for before, after in ((ids[2], -1), (ids[5], ids[2]), (-1, ids[5])):  # one by each of the two readers
            console.execute("UPDATE audit_read SET id = %s WHERE id = %s", [after, before])
    code, told = hutong("verify")
    assert code == 1
    bundle = tmp_path / "bundle"
    hutong("export-proof", str(bundle))
    alone, also = independent(bundle, "--witness", share)
    assert alone == 1
    for text in (told, also):
        for number in (ids[0], ids[1], ids[2], ids[5]):
            assert f"查阅 #{number}（序号" in text
        assert text.count("对调") == 2
        assert f"查阅 #{ids[3]}（" not in text


def _ids() -> list[int]:
    with dba() as console:
        return [row[0] for row in console.execute("SELECT id FROM audit_read ORDER BY id").fetchall()]


def test_a_rollback_is_seen_by_witness_and_independent_verifier(
    cast: SimpleNamespace, hutong: Any, tmp_path: Path
) -> None:
    write(cast, 2)
    share, own, bundle = tmp_path / "share", tmp_path / "own", tmp_path / "bundle"
    hutong("fold", HUTONG_WITNESS=str(share))
    hutong("witness", str(share), "--state", str(own))
    with dba() as console:
        console.execute(
            "TRUNCATE audit_read, audit_change, audit_leaf, audit_salt, audit_checkpoint, audit_folding"
        )
    write(cast, 1)
    code, told = hutong("fold", HUTONG_WITNESS=str(share))
    assert (code, "回退" in told) == (1, True), told
    hutong("export-proof", str(bundle))
    code, told = independent(bundle, "--witness", own)
    assert (code, "回退" in told) == (1, True), told
    replaced = tmp_path / "replaced"
    hutong("fold", HUTONG_WITNESS=str(replaced))
    code, told = hutong("witness", str(replaced), "--state", str(own))
    assert (code, "不予见证" in told) == (1, True), told


def test_lawful_destruction_leaves_a_log_that_still_verifies(
    cast: SimpleNamespace, hutong: Any, tmp_path: Path
) -> None:
    """Content and salt are gone for good; the entry and the record of the erasure stay (ADR 0017)."""
    write(cast, 3, child=7)
    write(cast, 3, 2, child=8)
    share, bundle = tmp_path / "share", tmp_path / "bundle"
    hutong("fold", HUTONG_WITNESS=str(share))
    code, told = hutong("forget", "--child", "7", *WORDS)
    assert (code, "已销毁 6 条" in told) == (0, True), told
    with dba() as console:
        assert console.execute("SELECT count(*) FROM audit_read WHERE child_id = 7").fetchone() == (0,)
        leaves, salts = console.execute(
            "SELECT (SELECT count(*) FROM audit_leaf), (SELECT count(*) FROM audit_salt)"
        ).fetchone()
        assert leaves - salts == 6
    hutong("fold", HUTONG_WITNESS=str(share))
    report = verify(share)
    assert report.ok, [one.sentence for one in report.findings]
    assert report.erased == 6
    hutong("export-proof", str(bundle))
    code, told = independent(bundle, "--witness", share)
    assert (code, "依法销毁 6 条，不符 0 处" in told) == (0, True), told
    assert "张某" in (bundle / "rows.jsonl").read_text()


def test_an_erasure_slipped_in_by_hand_excuses_nothing(cast: SimpleNamespace) -> None:
    write(cast, 3)
    fold()
    ids = _ids()
    with dba() as console:
        console.execute(
            "DELETE FROM audit_salt WHERE seq = (SELECT seq FROM audit_leaf WHERE kind = 2 AND row_id = %s)",
            [ids[0]],
        )
        console.execute("DELETE FROM audit_read WHERE id = %s", [ids[0]])
        console.execute(
            "INSERT INTO audit_erasure (spans, rows, basis, reason, by_label, approved_label) VALUES (jsonb_build_array(jsonb_build_array(2, %s::bigint, %s::bigint)), 1, '', '', '', '')",
            [ids[0], ids[0]],
        )
    assert [one.what for one in verify().findings] == ["deleted"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"--approved-by": "张某（档案员）"}, "两人"), ({"--basis": " "}, "依据"), ({"--child": ""}, "请指明"), ({"--child": "999999"}, "没有符合条件"),
    ],
)  # fmt: skip
def test_destruction_without_ground_or_second_person_is_refused(
    cast: SimpleNamespace, hutong: Any, change: dict[str, str], sentence: str
) -> None:
    write(cast, 1)
    words = dict(zip(WORDS[::2], WORDS[1::2], strict=True)) | {"--child": "7"} | change
    code, told = hutong("forget", *(part for pair in words.items() if pair[1] for part in pair))
    assert (code, sentence in told) == (2, True), told
    assert len(_ids()) == 2
    assert forgetting.runs([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]
