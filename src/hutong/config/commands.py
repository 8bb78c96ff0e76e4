"""What ``hutong`` can do. Commands that need the database set Django up themselves; comparison and rules do not."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hutong.config.lazy import LazyGroup

APPS = {
    "areas": ("hutong.foundation.adjustments.cli:areas", True),
    "registry": ("hutong.domains.registry.cli:registry", True),
    "ledgers": ("hutong.domains.ledgers.cli:ledgers", True),
    "api": ("hutong.delivery.api.cli:api", True),
    "exchange": ("hutong.domains.exchange.cli:exchange", True),
    "outreach": ("hutong.domains.outreach.cli:outreach", True),
    "library": ("hutong.domains.library.cli:library", True),
    "audit": ("hutong.foundation.access.cli:audit", False),
    "rules": ("hutong.config.rules:rules", False),
    "compare": ("hutong.config.compare:compare", False),
}
"""Command → (where it stands, whether it needs Django): imported only when called, so that ``--help`` stays quick."""


@click.group(cls=LazyGroup, lazy=APPS)
def hutong() -> None:
    """护童：儿童福利和未成年人保护工作平台。"""


def _django(role: str = "web") -> None:
    os.environ["HUTONG_DB_ROLE"] = role
    import django

    django.setup()


@hutong.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--owner", is_flag=True, help="以数据库所有者身份运行（迁移等）")
def manage(arguments: tuple[str, ...], owner: bool) -> None:
    """Django 管理命令。"""
    os.environ["HUTONG_DB_ROLE"] = "owner" if owner else "web"
    from django.core.management import execute_from_command_line

    execute_from_command_line(["hutong manage", *arguments])


@hutong.group()
def db() -> None:
    """数据库：启动、停止、准备。"""


@db.command("start")
def db_start() -> None:
    """启动内置数据库（仅演示和开发）。"""
    from hutong.config.postgres import Embedded

    server = Embedded()
    server.start()
    click.echo(f"内置数据库已启动，端口 {server.port}")


@db.command("stop")
def db_stop() -> None:
    """停止内置数据库。"""
    from hutong.config.postgres import Embedded

    Embedded().stop()
    click.echo("内置数据库已停止")


@db.command("prepare")
def db_prepare() -> None:
    """准备数据库：应用角色、建表、授权。可重复运行。"""
    from hutong.config import running

    if running.embedded_wanted():
        from hutong.config.postgres import Embedded

        Embedded().start()
    else:
        _django("owner")
        from hutong.config import roles

        roles.prepare()
    running.migrate()
    click.echo("数据库已就绪")


@hutong.group()
def keys() -> None:
    """字段密钥。"""


@keys.command("make")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def keys_make(path: Path) -> None:
    """新建密钥文件（含各类专管资料的密钥），仅属主可读；不覆盖已有文件。"""
    import secrets

    # where no key is there yet the settings ask for one; this one seals nothing
    os.environ.setdefault("HUTONG_MASTER_KEY", secrets.token_hex(32))
    _django()
    from hutong.foundation.access.models import COMPARTMENTS
    from hutong.kernel import cipher

    apart = {name: secrets.token_bytes(32) for name in COMPARTMENTS}
    try:
        cipher.write_key_file(
            path, {"k1": secrets.token_bytes(32)}, active="k1", token="k1", compartments=apart  # noqa: S106
        )  # fmt: skip
    except OSError as error:
        raise click.ClickException(f"没有写入 {path}：{error.strerror}。已有的密钥文件不会被覆盖。") from None
    click.echo(f"密钥文件 {path} 已建立。请立即另存一份到与数据库备份不同的地方：丢失密钥即丢失数据。")


@hutong.command("first-admin")
@click.option("--username", required=True, help="用户名")
@click.option("--name", required=True, help="姓名")
@click.option("--body", required=True, help="所在单位，如 黔江区民政局")
@click.option("--area", required=True, help="辖区，6 位或 12 位区划代码")
def first_admin(username: str, name: str, body: str, area: str) -> None:
    """为空的系统建立第一个管理员账号，打印初始密码（只显示一次）。"""
    _django()
    from hutong.foundation.access import people
    from hutong.kernel import areas

    try:
        password = people.first_administrator(
            username=username, name=name, body=body, area_code=areas.pad(area)
        )
    except (people.AccountRefused, areas.AreaCodeError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"账号 {username} 已建立，初始密码：{password}（首次登录须修改）")


@hutong.command()
@click.option("--reset", is_flag=True, help="清空后重新开始")
@click.option("--port", default=8000, show_default=True)
@click.option("--load-only", is_flag=True, help="只载入数据，不启动网站")
def demo(reset: bool, port: int, load_only: bool) -> None:
    """启动示范系统：建库、载入示范区县、启动网站和后台。"""
    from hutong.config import running

    running.demo(reset=reset, port=port, only_load=load_only)


@hutong.command("demo-data")
@click.option(
    "--children", default=20_000, show_default=True, envvar="HUTONG_DEMO_CHILDREN", help="虚构儿童人数"
)
@click.option("--district", default="", help="只载入一个区县（qianjiang、yuzhong、tiedong），须已有人员")
def demo_data(children: int, district: str) -> None:
    """载入示范数据（虚构人员，可重复运行）。"""
    _django()
    from hutong.demo import services

    if district:
        services.load_district(district, children=children, say=click.echo)
    else:
        services.load(children=children, say=click.echo)


@hutong.command()
@click.option("--concurrency", default=2, show_default=True)
def worker(concurrency: int) -> None:
    """运行后台任务。"""
    _django()
    from hutong.foundation.workflow import worker as work

    work.run(concurrency=concurrency)


@hutong.command()
@click.option("--force", is_flag=True)
def assets(force: bool) -> None:
    """准备前端文件（脚本、样式、图表库）。"""
    _django()
    from hutong.foundation.design import assets as files

    files.build(force=force)


@hutong.command()
@click.option("--check", is_flag=True, help="只比较，不写；有差异时返回 1")
def docs(check: bool) -> None:
    """由代码生成 docs/reference：角色、状态图、设置、命令。"""
    _django()
    from hutong.config import reference

    differing = reference.write(_docs(), check=check)
    for name in differing:
        click.echo(f"{'与代码不一致' if check else '已更新'}：{name}")
    if check and differing:
        raise SystemExit(1)


def _docs() -> Path:
    from hutong.config import place

    return place.root() / "docs" / "reference"
