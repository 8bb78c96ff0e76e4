"""``hutong registry export|import``: the registry as a folder of tables (data-contract.md §1)."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any, Literal

import click

from hutong.kernel import sheets

_WHO = [
    click.option("--as", "username", metavar="用户名", help="以此人现任岗位的身份和辖区办理"),
    click.option("--post", "post_title", metavar="岗位", help="此人任多个岗位时，用哪一个"),
    click.option("--system", is_flag=True, help="以系统身份办理（运维，全部辖区）"),
]


def _who_options(command: Any) -> Any:
    for option in reversed(_WHO):
        command = option(command)
    return command


def _who(username: str | None, post_title: str | None, system: bool, purpose: str) -> Any:
    """Django set up as the web role, and who acts."""
    os.environ["HUTONG_DB_ROLE"] = "web"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.config.settings")
    import django

    django.setup()
    from hutong.foundation.access.acting import acting_as
    from hutong.foundation.access.scope import system_scope
    from hutong.foundation.accounts.models import User
    from hutong.foundation.network import selectors as network

    if system == bool(username):
        raise click.UsageError("请用 --as 用户名 或 --system 指明以谁的身份办理（二者选一）。")
    if system:
        return system_scope(purpose)
    user = User.objects.filter(username=str(username).lower()).first()
    held = list(network.list_current_holdings(user)) if user else []
    chosen = [one for one in held if post_title in (None, one.post.title)]
    if not chosen:
        raise click.UsageError(f"没有账号“{username}”，或此人现在不任该岗位。")
    return acting_as(chosen[0], purpose=purpose)


@click.group()
def registry() -> None:
    """儿童档案：按文件夹导出、导入。"""


@registry.command("export")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--csv", "as_csv", is_flag=True, help="写成 csv（默认 parquet）")
@click.option("--request", "number", default="", metavar="编号", help="已批准的整套档案导出申请的编号")
@click.option(
    "--as", "username", metavar="用户名", required=True, help="申请人：以此人现任岗位的身份和辖区取件"
)
@click.option("--post", "post_title", metavar="岗位", help="此人任多个岗位时，用哪一个")
def export_(directory: Path, as_csv: bool, number: str, username: str, post_title: str | None) -> None:
    """凭已批准的申请，把辖区内的档案写到 DIRECTORY（含完整证件号码，请妥善保管）。"""
    who = _who(username, post_title, False, "导出档案")
    from django.core.exceptions import PermissionDenied

    from hutong.domains.registry import transfer

    started = time.monotonic()
    form: Literal["csv", "parquet"] = "csv" if as_csv else "parquet"
    try:
        counts = transfer.export_folder(directory, who, form=form, permit=number)
    except PermissionDenied as denied:
        raise click.ClickException(str(denied)) from None
    click.echo("，".join(f"{name} {rows} 行" for name, rows in counts.items()))
    click.echo(f"已写到 {directory}，用时 {time.monotonic() - started:.1f} 秒。")


@registry.command("import")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--rejected", "rejected_to", type=click.Path(dir_okay=False, path_type=Path), help="把退回的行写到此 csv"
)
@_who_options
def import_(
    directory: Path, rejected_to: Path | None, username: str | None, post_title: str | None, system: bool
) -> None:
    """把 DIRECTORY 中的档案导入；有退回的行时以 1 结束。"""
    who = _who(username, post_title, system, "导入档案")
    from hutong.domains.registry import transfer
    from hutong.domains.registry.services.errors import Refused

    started = time.monotonic()
    try:
        report = transfer.import_folder(directory, who)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from None
    click.echo("导入：" + "，".join(f"{name} {rows} 行" for name, rows in report.counts.items()))
    if report.existing:
        click.echo(f"已有档案 {report.existing} 份，未改动。")
    if report.sealed:
        click.echo(f"{report.sealed} 行属于密级内容，未导入，请由指定经办人另行登记。")
    for one in report.rejected[:20]:
        click.echo(f"退回：{one.table} 第 {one.row} 行（{one.child_id}）：{one.reason}", err=True)
    if rejected_to and report.rejected:
        with rejected_to.open("w", newline="", encoding="utf-8-sig") as file:
            rows = ([one.table, one.row, one.child_id, one.reason] for one in report.rejected)
            sheets.write_csv(file, ["表", "行", "档案号", "原因"], rows)
    click.echo(f"退回 {len(report.rejected)} 行，用时 {time.monotonic() - started:.1f} 秒。")
    sys.exit(1 if report.rejected else 0)
