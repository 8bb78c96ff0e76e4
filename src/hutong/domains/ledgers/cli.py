"""``hutong ledgers …``: exports under control, for somebody at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click


@click.group()
def ledgers() -> None:
    """台账：申请、批准、取出导出文件。"""


@ledgers.command()
@click.option("--as", "user", required=True, help="以谁的岗位办理（账号）")
@click.option("--kind", default="all", show_default=True, help="台账代码，如 orphan、defacto、left_behind")
@click.option("--area", default="", help="区划代码；不写为本岗位辖区")
@click.option("--form", type=click.Choice(["xlsx", "docx", "folder"]), default="xlsx", show_default=True)
@click.option("--purpose", required=True, help="用途代码，如 WORK、VERIFY、NATIONAL")
@click.option("--words", required=True, help="用途说明")
@click.option("--clear-id", is_flag=True, help="需要完整证件号码和电话（须有法定依据并经批准）")
def ask(user: str, kind: str, area: str, form: str, purpose: str, words: str, clear_id: bool) -> None:
    """申请导出；限额内的当场生成，其余须另一人批准。"""
    with _as(user, "ledger.export") as actor:
        from hutong.domains.ledgers import selectors, services

        asked = selectors.Asked.from_query({"kind": kind, "area": area}, actor)
        if asked is None:
            raise click.ClickException(f"没有代码为“{kind}”的台账。")
        request = services.ask(
            actor=actor, asked=asked, form=form, purpose=purpose, words=words, clear_id=clear_id, queue=False
        )
    if request.small:
        services.run_now(public_id=request.public_id, actor=actor)
    click.echo(f"{request.number}：{request.rows} 人，{'已生成' if request.small else '待另一人批准'}。")


@ledgers.command()
@click.argument("number")
@click.option("--as", "user", required=True, help="以谁的岗位办理（账号），不能是申请人")
@click.option("--note", default="", help="批准意见")
def approve(number: str, user: str, note: str) -> None:
    """批准一份导出申请；文件由后台生成。"""
    with _as(user, "ledger.approve") as actor:
        from hutong.domains.ledgers import services

        services.approve(request=_get(number, actor), actor=actor, note=note)
    click.echo(f"{number} 已批准，正在后台生成。")


@ledgers.command()
@click.argument("number")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--as", "user", required=True, help="申请人账号")
def take(number: str, directory: Path, user: str) -> None:
    """申请人取出已生成的文件，写到 DIRECTORY。"""
    with _as(user, "ledger.export") as actor:
        from hutong.domains.ledgers import services

        document, content = services.take(request=_get(number, actor), actor=actor)
        save(directory, document.name, content)
    click.echo(f"已写到 {directory / document.name}，取件已记录。")


@ledgers.group()
def quarterly() -> None:
    """全国儿童福利信息系统季度数据：制作、复核、取出、确认上报。"""


@quarterly.command()
@click.option("--as", "user", required=True, help="制表人账号（县级民政）；区县为其岗位所在区县")
@click.option("--quarter", required=True, help="季度，如 2026Q3")
def make(user: str, quarter: str) -> None:
    """由名册和档案制作季度数据，显示与上次上报的差异；须另一人复核。"""
    with _as(user, "ledger.report") as actor:
        from hutong.domains.ledgers import services

        made = services.make_quarter(actor=actor, quarter=_quarter(quarter))
    click.echo(f"{made.label}：{made.rows} 人，新增 {made.added}，减少 {made.gone}，变更 {made.changed}。")
    if made.unseen:
        click.echo(f"另有 {made.unseen} 名上次上报的儿童已不在本县可见范围内。")
    click.echo("待另一人复核后才能取出文件。")


@quarterly.command()
@click.option("--as", "user", required=True, help="复核人账号，不能是制表人")
@click.option("--quarter", required=True, help="季度，如 2026Q3")
def check(user: str, quarter: str) -> None:
    """复核通过：文件可以取出，限时有效。"""
    with _as(user, "ledger.send") as actor:
        from hutong.domains.ledgers import services

        report = services.check_quarter(report=_report(actor, quarter), actor=actor)
    click.echo(f"{report.label}已复核，{report.expires_at:%Y-%m-%d %H:%M} 前可取出文件。")


@quarterly.command("take")
@click.option("--as", "user", required=True, help="取件人账号（县级民政）")
@click.option("--quarter", required=True, help="季度，如 2026Q3")
@click.option(
    "--out", "directory", required=True, type=click.Path(file_okay=False, path_type=Path), help="写到哪个目录"
)
def take_quarter(user: str, quarter: str, directory: Path) -> None:
    """取出已复核的文件（含完整证件号码，请妥善保管）。"""
    with _as(user, "ledger.report") as actor:
        from hutong.domains.ledgers import services

        document, content = services.take_quarter(report=_report(actor, quarter), actor=actor)
        save(directory, document.name, content)
    click.echo(f"已写到 {directory / document.name}，取件已记录。")


@quarterly.command()
@click.option("--as", "user", required=True, help="确认人账号，不能是制表人")
@click.option("--quarter", required=True, help="季度，如 2026Q3")
@click.option("--receipt", required=True, help="全国系统回执或流水号")
def sent(user: str, quarter: str, receipt: str) -> None:
    """确认已上报到全国系统。"""
    with _as(user, "ledger.send") as actor:
        from hutong.domains.ledgers import services
        from hutong.kernel import clock

        report = services.mark_quarter_sent(
            report=_report(actor, quarter), actor=actor, sent_on=clock.today(), receipt=receipt
        )
    click.echo(f"{report.label}已确认上报。")


def _quarter(text: str) -> Any:
    from hutong.kernel.quarters import Quarter, QuarterError

    try:
        return Quarter.parse(text)
    except QuarterError as error:
        raise click.ClickException(str(error)) from None


def _report(actor: Any, quarter: str) -> Any:
    from hutong.domains.ledgers.selectors import quarterly as selectors
    from hutong.kernel import areas

    found = selectors.find_live(areas.county(actor.post.area_code), str(_quarter(quarter)))
    if found is None:
        raise click.ClickException(f"{quarter} 的数据还没有制作。")
    return found


def save(directory: Path, name: str, content: bytes) -> None:
    """Readable by this system user alone."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory / name
    path.touch(mode=0o600)
    path.write_bytes(content)


@contextmanager
def _as(username: str, right: str) -> Iterator[Any]:
    """Django ready, the person acting in the first post that has the right; refusals as sentences, exit code 1."""
    import os

    os.environ.setdefault("HUTONG_DB_ROLE", "web")
    import django
    from django.core.exceptions import PermissionDenied

    django.setup()
    from hutong.domains.ledgers.services.errors import Refused
    from hutong.foundation.access.acting import acting_as
    from hutong.foundation.access.scope import use_scope
    from hutong.foundation.accounts.models import User
    from hutong.foundation.network import selectors as network

    user = User.objects.filter(username=username.lower(), is_active=True).first()
    held = list(network.list_current_holdings(user)) if user else []
    actors = [acting_as(one, others=tuple(held), purpose="命令行导出") for one in held]
    actor = next((one for one in actors if one.may(right)), None)
    if actor is None:
        raise click.ClickException(f"账号“{username}”不存在、已停用，或没有可以办理此事的岗位。")
    try:
        with use_scope(actor.scope):
            yield actor
    except Refused as refused:
        raise click.ClickException(refused.sentence) from None
    except PermissionDenied as denied:
        raise click.ClickException(str(denied)) from None


def _get(number: str, actor: Any) -> Any:
    from hutong.domains.ledgers import selectors

    found = selectors.list_requests(actor).filter(number=number).first()
    if found is None:
        raise click.ClickException(f"辖区内没有编号为“{number}”的导出申请。")
    return found
