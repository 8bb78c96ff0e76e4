"""``hutong exchange …``: the same import as on the pages, for somebody at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click


@click.group("exchange", help="部门数据清单：导入、确认、撤回、查看。")
def exchange() -> None:
    """Filled below."""


@exchange.command("import", help="导入一份清单并检查；还须另一人确认。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "list_code", required=True, help="清单代码，如 deaths")
@click.option("--as", "user", required=True, help="以谁的岗位办理（账号）")
@click.option("--period", default="", help="季度，如 2026Q4；不写为当前季度")
@click.option("--provider", default="", help="提供部门代码，如 GA；本部门上传时不必写")
def import_(file: Path, list_code: str, user: str, period: str, provider: str) -> None:
    from hutong.domains.exchange import quarters, services
    from hutong.kernel import clock
    from hutong.linkage.catalogue import LISTS

    with _sentences():
        if list_code not in LISTS:
            raise click.UsageError(f"没有代码为“{list_code}”的清单，可用：{'、'.join(LISTS)}。")
        quarter = quarters.parse(period) if period else quarters.of(clock.today())
        actor = _actor(user, "exchange.upload")
        with _scope(actor), file.open("rb") as source:
            batch = services.deliver(
                actor=actor, list_code=list_code, quarter=quarter, name=file.name, source=source,
                provider=provider, check=False,
            )  # fmt: skip
        _refuse_unmapped(batch)
        batch = services.check_now(
            public_id=batch.public_id,
            actor=actor,
            progress=lambda _d, _t, note: click.echo(f"{note}…", err=True),
        )
    if batch.problem:
        _fail(f"批次 {batch.public_id}：{batch.problem}")
    click.echo(
        f"批次 {batch.public_id}：通过 {batch.passed} 行，提醒 {batch.warned} 行，退回 {batch.refused} 行。"
    )
    for reason, count in batch.reasons:
        click.echo(f"  退回 {count} 行：{reason}")
    for line in batch.warnings:
        click.echo(f"  提醒：{line}")
    click.echo("还须由另一人确认后才用于比对。")


def _refuse_unmapped(batch: Any) -> None:
    from hutong.domains.exchange import selectors
    from hutong.domains.exchange.services.errors import NotPossible

    if missing := selectors.unmapped(batch):
        raise NotPossible(
            f"表头没有全部认出来，还缺：{'、'.join(missing)}。请改正表头，或在网页上打开批次 {batch.public_id} 指定各列。"
        )


@exchange.command(help="确认一个批次（不能是上传人本人）。")
@click.argument("batch")
@click.option("--as", "user", required=True, help="以谁的岗位办理（账号）")
def confirm(batch: str, user: str) -> None:
    from hutong.domains.exchange import services

    with _sentences():
        actor = _actor(user, "exchange.confirm")
        with _scope(actor):
            done = services.confirm(batch=_get(batch), actor=actor)
    click.echo(f"已确认，{done.passed} 行可用于 {done.quarter} 比对。")


@exchange.command(help="撤回一个批次：不删除，但不再用于比对。")
@click.argument("batch")
@click.option("--as", "user", required=True, help="以谁的岗位办理（账号）")
@click.option("--reason", required=True, help="事由")
def withdraw(batch: str, user: str, reason: str) -> None:
    from hutong.domains.exchange import services

    with _sentences():
        actor = _actor(user, "exchange.withdraw")
        with _scope(actor):
            services.withdraw(batch=_get(batch), actor=actor, reason=reason)
    click.echo("已撤回，今后的比对不再使用这一批。")


@exchange.command("list", help="列出批次，新的在前。")
@click.option("--as", "user", required=True, help="以谁的岗位查看（账号）")
@click.option("--period", default="", help="季度，如 2026Q4")
def list_(user: str, period: str) -> None:
    from hutong.domains.exchange import presenters, selectors

    with _sentences():
        actor = _actor(user, "exchange.view")
        with _scope(actor):
            for one in selectors.list_batches(quarter=period.upper())[:200]:
                state, _ = presenters.batch_badge(one)
                title = presenters.list_title(one.list_code)
                click.echo(
                    f"{one.public_id}  {one.quarter}  {title}  {presenters.department(one.provider)}  "
                    f"{one.uploaded_at:%Y-%m-%d}  通过 {one.passed} 退回 {one.refused}  {state}"
                )


@contextmanager
def _sentences() -> Iterator[None]:
    """Django ready; every refusal as its sentence and exit code 2, never a traceback."""
    import django
    from django.core.exceptions import PermissionDenied

    django.setup()
    try:
        yield
    except (ValueError, PermissionDenied) as error:
        _fail(str(error))


def _actor(username: str, right: str) -> Any:
    """The person in the first post held that has the right."""
    from hutong.domains.exchange.services.errors import NotPossible
    from hutong.foundation.access.acting import acting_as
    from hutong.foundation.accounts.models import User
    from hutong.foundation.network import selectors as network

    user = User.objects.filter(username=username, is_active=True).first()
    held = list(network.list_current_holdings(user)) if user else []
    actors = [acting_as(holding, others=tuple(held), purpose="命令行") for holding in held]
    found = next((actor for actor in actors if actor.may(right)), None)
    if found is None:
        raise NotPossible(f"账号“{username}”不存在、已停用，或没有可以办理此事的岗位。")
    return found


def _scope(actor: Any) -> Any:
    from hutong.foundation.access.scope import use_scope

    return use_scope(actor.scope)


def _get(public_id: str) -> Any:
    from hutong.domains.exchange import selectors
    from hutong.domains.exchange.models import Batch
    from hutong.domains.exchange.services.errors import NotPossible

    try:
        return selectors.get_batch(public_id)
    except Batch.DoesNotExist:
        raise NotPossible(f"辖区内没有批次“{public_id}”，请用 hutong exchange list 查看。") from None


def _fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(2)
