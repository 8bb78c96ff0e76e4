"""``hutong audit …``: folding, verifying, witnessing and lawful destruction of the log (ADR 0017)."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("audit")
def audit() -> None:
    """日志防篡改：归集、核验、见证、导出、依法销毁。"""


def _django(role: str) -> None:
    os.environ["HUTONG_DB_ROLE"] = role
    import django

    django.setup()


def _as(role: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run as this database role, under the system's scope; every refusal as its sentence and exit code 2."""

    def around(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(*args: Any, **kwargs: Any) -> None:
            _django(role)
            from hutong.foundation.access.scope import system_scope, use_scope

            try:
                with use_scope(system_scope("audit")):
                    command(*args, **kwargs)
            except ValueError as error:
                click.echo(str(error), err=True)
                raise SystemExit(2) from None

        return run

    return around


@audit.command("fold")
@_as("web")
def fold() -> None:
    """归集新日志，签署检查点，交存各见证目录（后台每分钟自动进行）。"""
    from hutong.foundation.audit import services

    done = services.fold()
    told = services.export_all()
    size = f"，检查点 {done.checkpoint.size} 条" if done.checkpoint else "，没有新检查点"
    click.echo(f"归集 {done.rows} 条{size}。")
    for line in told:
        click.echo(line, err=True)
    if told:
        raise SystemExit(1)


@audit.command("verify")
@click.option("--checkpoints", "witnesses", type=FOLDER, multiple=True, help="见证人保存的目录，可写多个")
def verify(witnesses: tuple[Path, ...]) -> None:
    """逐条核验日志，点名每一条被改、被删、对调、截断、倒签的记录和数据库回退；有不符时返回 1。"""
    report: Any = None

    @_as("owner")
    def look() -> None:
        nonlocal report
        from hutong.foundation.audit import services

        report = services.verify(witnesses=witnesses)

    look()
    from hutong.foundation.audit import verification

    for one in report.findings:
        click.echo(one.sentence)
    click.echo(f"{verification.summary(report)}（{report.seconds:.1f} 秒）")
    raise SystemExit(0 if report.ok else 1)


@audit.command("checkpoint")
@click.option("--since", type=int, default=0, help="附上自该条数以来的一致性证明（纸面或另一台机器见证用）")
@_as("web")
def checkpoint(since: int) -> None:
    """打印最新检查点，可抄在纸上或带到另一台机器。"""
    from hutong.foundation.audit import models, services

    last = models.Checkpoint.objects.order_by("-size").first()
    if last is None:
        raise ValueError("还没有检查点，请先运行 hutong audit fold。")
    click.echo(last.note, nl=False)
    if since:
        for step in services.proof_since(since, last.size):
            click.echo(f"proof {base64.b64encode(step).decode()}")


@audit.command("witness")
@click.argument("directory", type=FOLDER)
@click.option("--state", type=FOLDER, help="见证人自己的目录（默认为 DIRECTORY/witness；应放在自己的介质上）")
@click.option("--name", default="witness", show_default=True, help="见证人名称，写入签名")
@click.option("--note", type=FILE, help="纸面检查点（含 proof 行）录入的文件，不读 DIRECTORY 中的条目")
def witness(directory: Path, state: Path | None, name: str, note: Path | None) -> None:
    """见证：核对 DIRECTORY 中的检查点是由已见证的日志增长而来，保存并副署；回退或分叉的拒绝。不连数据库。"""
    from hutong.foundation.audit import keyfiles, witnesses
    from hutong.kernel import clock, notes

    kept = witnesses.Folder(state or directory / "witness")
    try:
        signer = keyfiles.load(kept.path / "witness.json", name)
        if note is not None:
            _paper(kept, note)
            return
        told = witnesses.observe(witnesses.Folder(directory), kept, signer, clock.now())
    except (witnesses.WitnessRefused, notes.NoteError) as error:
        click.echo(f"不予见证：{error}", err=True)
        raise SystemExit(1) from None
    for line in told:
        click.echo(f"注意：{line}", err=True)
    last = kept.last()
    click.echo(f"已见证并副署：{last.size if last else 0} 条，公钥 {signer.key}")


def _paper(kept: Any, file: Path) -> None:
    from hutong.foundation.audit import witnesses
    from hutong.kernel import notes

    lines = file.read_text("utf-8").splitlines(keepends=True)
    proof = [base64.b64decode(line[6:]) for line in lines if line.startswith("proof ")]
    last, key = kept.last(), kept.key()
    if last is None or key is None:
        raise witnesses.WitnessRefused("还没有见证过这份日志：首次须用目录见证。")
    witnesses.check_paper(
        notes.parse("".join(line for line in lines if not line.startswith("proof "))), proof, last, key
    )
    click.echo("纸面检查点与已见证的日志一致。")


@audit.command("export-proof")
@click.argument("directory", type=FOLDER)
@_as("owner")
def export_proof(directory: Path) -> None:
    """导出核验包（含日志内容，须保密），供 docs/how-to/verify_log.py 在别处独立核验。"""
    from hutong.foundation.audit import services

    click.echo(f"已导出 {services.export_proof(directory)} 条到 {directory}。")


@audit.command("forget")
@click.option("--child", type=int, default=None, help="儿童编号：销毁该儿童的全部日志")
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), default=None, help="销毁此日以前的日志")
@click.option("--basis", required=True, help="依据：法律条款或保存期限规定")
@click.option("--reason", required=True, help="事由")
@click.option("--by", required=True, help="经办人姓名、岗位")
@click.option("--approved-by", required=True, help="批准人姓名、岗位（另一人）")
@_as("owner")
def forget(child: int | None, before: datetime | None, **words: str) -> None:
    """依法销毁日志：内容和盐值不可恢复，条目和销毁登记仍可核验。"""
    from hutong.foundation.audit import services

    made = services.erase(child_id=child, before=before.date() if before else None, **words)
    click.echo(f"已销毁 {made.rows} 条，销毁登记 #{made.pk}。")
