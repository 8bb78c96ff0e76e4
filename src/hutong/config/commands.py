"""What ``hutong`` can do. Commands that need the database set Django up themselves; comparison and rules do not."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import click


def with_django(role: str = "web") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Set Django up (as the web role or the owner) before the command runs."""

    def wrap(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(*args: Any, **kwargs: Any) -> Any:
            os.environ["HUTONG_DB_ROLE"] = role
            import django

            django.setup()
            return command(*args, **kwargs)

        return run

    return wrap


@click.group()
def hutong() -> None:
    """护童：儿童福利和未成年人保护工作平台。"""


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
