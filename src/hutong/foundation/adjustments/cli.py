"""``hutong areas``: the list of places, and a new list as a difference to review before it applies."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from hutong.foundation.network.cli import areas


def _acting(username: str) -> Any:
    from hutong.foundation.access.acting import acting_as
    from hutong.foundation.accounts.models import User
    from hutong.foundation.network import selectors as network

    user = User.objects.filter(username=username.lower()).first()
    held = list(network.list_current_holdings(user)) if user else []
    able = [one for one in held if acting_as(one).may("area.revise")]
    if not able:
        raise click.UsageError(f"没有账号“{username}”，或此人现任岗位不办理区划调整。")
    return acting_as(able[0], purpose="区划调整")


def _refused(refused: Any) -> click.ClickException:
    return click.ClickException("\n".join([refused.sentence, *refused.problems]))


@areas.command("diff")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--within", required=True, help="比对范围（区划代码）：只比对这个地方及其以下")
@click.option("--as", "username", help="以此人的身份写成待决定的区划调整；不填只显示差异")
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), help="生效日期")
@click.option("--source", default="", help="依据：批复文号，或清单名称和日期")
@click.option("--title", default="")
def areas_diff(
    file: Path, within: str, username: str | None, effective: datetime | None, source: str, title: str
) -> None:
    """把官方区划清单（csv、parquet 或区划包）与现行区划比对，列出差异；不改动任何区划。"""
    from hutong.foundation.access.scope import use_scope
    from hutong.foundation.adjustments import machines, services
    from hutong.foundation.adjustments.services import diffing
    from hutong.foundation.network.models import Area
    from hutong.kernel import areas as codes

    try:
        listed, digest = services.read(file, within)
        if username is None:
            lo, hi = codes.bounds(within)
            present = Area.objects.filter(code__gte=lo, code__lt=hi, valid_to__isnull=True)
            found = diffing.differences(listed, dict(present.values_list("code", "name")))
            for one in found:
                guess = f"　可能：{'、'.join(one.guess)}（{one.why}）" if one.why else ""
                click.echo(f"{machines.KINDS[one.kind]} {one.code} {one.old_name}→{one.new_name}{guess}")
            click.echo(f"差异 {len(found)} 处。")
            return
        who = _acting(username)
        with use_scope(who.scope):
            made = services.compare(
                actor=who, listed=listed, digest=digest, within=within, title=title, source=source,
                effective_on=effective.date() if effective else _today(),
            )  # fmt: skip
            click.echo(
                f"已写成“{made.title}”，差异 {made.rows.count()} 处，编号 {made.public_id}。请在网页上逐行决定。"
            )
    except services.AdjustmentRefused as refused:
        raise _refused(refused) from None


def _today() -> date:
    from hutong.kernel import clock

    return clock.today()


@areas.command("apply")
@click.argument("number")
@click.option("--as", "username", required=True, help="确认人：不能是比对人")
def areas_apply(number: str, username: str) -> None:
    """确认并执行编号为 NUMBER 的区划调整；生效日期未到的，到期由系统执行。"""
    from django.core.exceptions import PermissionDenied

    from hutong.foundation.access.scope import use_scope
    from hutong.foundation.adjustments import selectors, services
    from hutong.foundation.adjustments.models import Adjustment

    who = _acting(username)
    try:
        with use_scope(who.scope):
            made = services.confirm(selectors.get_adjustment(number), actor=who)
    except Adjustment.DoesNotExist:
        raise click.ClickException("没有这个编号的区划调整，或不在您的辖区内。") from None
    except services.AdjustmentRefused as refused:
        raise _refused(refused) from None
    except PermissionDenied as denied:
        raise click.ClickException(str(denied)) from None
    click.echo(f"{made.title}：{made.get_state_display()}，改列 {sum(made.refiled.values())} 条。")
