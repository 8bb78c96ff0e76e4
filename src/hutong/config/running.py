"""Bringing the demonstration up and down: database, migrations, demo district, web server, worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import click

from hutong.config import place
from hutong.config.postgres import Embedded

BIN = Path(sys.executable).parent


def embedded_wanted() -> bool:
    return not (place.given("DATABASE_URL") or place.given("DATABASE_OWNER_URL"))


def migrate() -> None:
    subprocess.run(
        [BIN / "hutong", "manage", "--owner", "migrate", "--verbosity", "0"],
        check=True, env=os.environ | {"HUTONG_DB_ROLE": "owner"},
    )  # fmt: skip
    subprocess.run(  # what the release says of policy documents (ADR 0036)
        [BIN / "hutong", "library", "load"],
        check=True, env=os.environ | {"HUTONG_DB_ROLE": "owner"}, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def demo(*, reset: bool, port: int, only_load: bool) -> None:
    """``make demo``: idempotent; Ctrl-C stops everything it started."""
    began = time.monotonic()
    server = Embedded() if embedded_wanted() else None
    if server is not None:
        if reset:
            server.destroy()
        _say("数据库", began)
        server.start()
    children: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    try:
        _say("建表", began)
        migrate()
        _say("示范区县", began)
        subprocess.run([BIN / "hutong", "demo-data"], check=True)
        if only_load:
            return
        port = _free_from(port)
        children += [_web(port), _worker()]
        _wait(port, children)
        _announce(port, time.monotonic() - began)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        click.echo("有进程意外退出，正在停止其余进程。", err=True)
    except KeyboardInterrupt:
        click.echo("\n正在停止 …")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()
        if server is not None and not only_load:
            server.stop()


def _say(what: str, began: float) -> None:
    click.echo(f"[{time.monotonic() - began:5.1f} 秒] {what} …")


def _web(port: int) -> subprocess.Popen[bytes]:
    command = [
        str(BIN / "granian"), "--interface", "wsgi", "--workers", os.environ.get("HUTONG_WORKERS", "2"),
        "--blocking-threads", "4", "--workers-kill-timeout", "10", "--host", "127.0.0.1", "--port", str(port),
        "--no-access-log", "--log-level", "warning", "hutong.config.wsgi:application",
    ]  # fmt: skip
    return subprocess.Popen(command, start_new_session=True, env={"HUTONG_TRACEBACKS": "0"} | os.environ)


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([BIN / "hutong", "worker"], start_new_session=True)


def _free_from(port: int) -> int:
    for candidate in range(port, port + 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", candidate)) != 0:
                return candidate
    raise click.ClickException(f"{port} 到 {port + 49} 的端口都被占用，请用 --port 指定一个空闲端口。")


def _wait(port: int, children: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(300):
        if any(child.poll() is not None for child in children):
            raise click.ClickException("网站或后台进程没有启动成功，请查看上面的错误信息。")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise click.ClickException("网站在一分钟内没有应答。")


def _announce(port: int, seconds: float) -> None:
    accounts = place.var() / "demo-accounts.txt"
    click.echo(f"\n护童示范系统已启动（{seconds:.0f} 秒）：http://127.0.0.1:{port}/\n")
    if accounts.exists():
        click.echo(accounts.read_text())
    click.echo("按 Ctrl-C 停止。")
