"""One server in a folder: the files of ``deploy/`` with their paths replaced, a PostgreSQL of Debian's, releases, services, proxy."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import psycopg

from . import certificates
from .prerequisites import ROOT, free_port, install, python_for, server_programs
from .units import Units, as_user

DEPLOY = ROOT / "deploy"
SITE = "hutong.example"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    text: str


@dataclass
class Machine:
    home: Path
    ports: dict[str, int] = field(
        default_factory=lambda: {n: free_port() for n in ("db", "a", "b", "site", "past")}
    )
    passwords: dict[str, str] = field(
        default_factory=lambda: {n: secrets.token_hex(20) for n in ("owner", "web", "wal")}
    )
    token: str = field(default_factory=lambda: secrets.token_hex(20))

    def __post_init__(self) -> None:
        self.server = server_programs()
        python = python_for("nobody")
        self.python = python or sys.executable
        self.users = {
            "hutong": "nobody" if python else "root",
            "hutong-wal": "backup",
            "postgres": "postgres",
        }
        self._lay_out()
        self.units = Units(self.home / "units", self.users)

    # --- files ---------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        home = self.home
        owners = {
            "opt/releases": "root", "etc/secrets": "root", "units/systemd": "root", "units/run": "root", "units/credentials": "root",
            "units/journal": "root", "nginx": "root", "log": "root", "var": self.users["hutong"], "witness": self.users["hutong"],
            "files": self.users["hutong"], "wal": self.users["hutong-wal"], "data": "postgres", "repo1": "postgres", "repo2": "postgres",
            "lock": "postgres", "socket": "postgres", "conf": "postgres", "past": "postgres", "received": "postgres",
        }  # fmt: skip
        home.chmod(0o755)
        for name, owner in owners.items():
            (home / name).mkdir(parents=True)
            shutil.chown(home / name, owner)
        (home / "units/users.json").write_text(json.dumps(self.users))
        (home / "etc/secrets").chmod(0o700)
        for path in (DEPLOY / "systemd").iterdir():
            self._put(path, home / "units/systemd" / path.name)
        self._put(DEPLOY / "hutong.env", home / "etc/hutong.env")
        self._put(DEPLOY / "pgbackrest/pgbackrest.conf", home / "units/pgbackrest.conf")
        with (home / "units/pgbackrest.conf").open("a") as file:
            passes = "".join(f"repo{n}-cipher-pass={secrets.token_hex(32)}\n" for n in (1, 2))
            file.write(f"\n[global]\n{passes}")
        self._put(DEPLOY / "postgresql/hutong.conf", home / "conf/hutong.conf")
        self._put(DEPLOY / "postgresql/pg_hba.conf", home / "conf/pg_hba.conf")
        self._put(DEPLOY / "postgresql/restore-wal", home / "restore-wal")
        (home / "restore-wal").chmod(0o755)
        certificates.write(home / "etc", database="localhost", site=SITE)
        shutil.chown(home / "etc/db.key", "postgres")
        self._nginx()
        self._secrets()

    def render(self, text: str) -> str:
        home, ports = self.home, self.ports
        places = {
            "/opt/hutong": f"{home}/opt", "/etc/hutong": f"{home}/etc", "/var/lib/hutong-wal": f"{home}/wal", "/var/lib/hutong": f"{home}/var",
            "/srv/hutong-witness": f"{home}/witness", "/srv/hutong-files": f"{home}/files", "/var/lib/pgbackrest": f"{home}/repo1",
            "/mnt/hutong-backup": f"{home}/repo2", "/run/lock/pgbackrest": f"{home}/lock", "/var/lib/postgresql/15/main": f"{home}/data",
            "/var/run/postgresql": f"{home}/socket", "/etc/nginx/hutong-upstream.conf": f"{home}/nginx/upstream.conf",
            "/var/log/nginx": f"{home}/log", "/usr/lib/postgresql/15/bin": str(self.server), "db.example": "localhost",
            "port=5432": f"port={ports['db']}", "pg1-port=5432": f"pg1-port={ports['db']}", "listen 443": f"listen 127.0.0.1:{ports['site']}",
            "127.0.0.1:8001": f"127.0.0.1:{ports['a']}", "127.0.0.1:8002": f"127.0.0.1:{ports['b']}",
            "'2GB'": "'128MB'",
        }  # fmt: skip
        pattern = "|".join(re.escape(one) for one in sorted(places, key=len, reverse=True))
        return re.sub(pattern, lambda found: places[found[0]], text)

    def _put(self, source: Path, target: Path) -> None:
        target.write_text(self.render(source.read_text()))

    def _secrets(self) -> None:
        folder, port = self.home / "etc/secrets", self.ports["db"]
        tls = f"sslmode=verify-full&sslrootcert={self.home}/etc/db-ca.crt"
        url = "postgresql://hutong_{0}:{1}@localhost:{2}/hutong?{3}"
        content = {
            "DATABASE_URL": url.format("web", self.passwords["web"], port, tls),
            "DATABASE_OWNER_URL": url.format("owner", self.passwords["owner"], port, tls),
            "HUTONG_SECRET_KEY": secrets.token_urlsafe(48),
            "HUTONG_METRICS_TOKEN": self.token,
        }
        for name, value in content.items():
            (folder / name).touch(mode=0o600)
            (folder / name).write_text(value)
        passes = self.home / "etc/wal.pgpass"
        passes.touch(mode=0o600)
        passes.write_text(f"*:*:*:hutong_wal:{self.passwords['wal']}\n")
        shutil.chown(passes, self.users["hutong-wal"])

    def secret(self, name: str) -> str:
        return (self.home / "etc/secrets" / name).read_text()

    # --- database ------------------------------------------------------------------------------------------

    def as_postgres(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.server}:{os.environ['PATH']}", "LANG": "C.UTF-8", "PGBACKREST_CONFIG": str(self.home / "units/pgbackrest.conf"),
        }  # fmt: skip
        out = self.home / "log" / "commands"
        with out.open("a+") as file:  # a server started here keeps what it writes to: never a pipe
            done = subprocess.run(
                words, cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file, timeout=300, **as_user("postgres")
            )  # fmt: skip
        said = out.read_text()[-3000:]
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(words)}\n{said}")
        return subprocess.CompletedProcess(words, done.returncode, said, "")

    def make_database(self) -> None:
        made = ("--auth=peer", "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8")
        self.as_postgres("initdb", "-D", f"{self.home}/data", "-U", "postgres", *made)
        self._configure("conf", "data", self.ports["db"])
        self.start_database()
        self._put(DEPLOY / "postgresql/roles.sql", self.home / "conf/roles.sql")
        passwords = [f"--set={name}='{value}'" for name, value in self.passwords.items()]
        self.as_postgres(*self.psql(), *passwords, "-f", f"{self.home}/conf/roles.sql")

    def psql(self) -> list[str]:
        """As the administrator, over the socket."""
        return ["psql", "-h", f"{self.home}/socket", "-p", str(self.ports["db"]), "-v", "ON_ERROR_STOP=1"]

    def _configure(self, folder: str, data: str, port: int, *more: str) -> None:
        """What Debian keeps in /etc/postgresql: outside the data directory, so that a restore finds it."""
        conf = self.home / folder
        lines = [
            f"data_directory = '{self.home / data}'", f"hba_file = '{self.home}/conf/pg_hba.conf'", f"port = {port}",
            f"unix_socket_directories = '{self.home}/socket'", f"include '{self.home}/conf/hutong.conf'", *more,
        ]  # fmt: skip
        (conf / "postgresql.conf").write_text("\n".join(lines) + "\n")

    def configure_past(self) -> None:
        """A second server beside the first, for looking: it archives nothing and waits for nobody."""
        self._configure(
            "past", "past/data", self.ports["past"], "archive_mode = off", "synchronous_standby_names = ''"
        )

    def empty(self, name: str, owner: str) -> None:
        shutil.rmtree(self.home / name, ignore_errors=True)
        (self.home / name).mkdir(mode=0o700)
        shutil.chown(self.home / name, owner)

    def start_database(self, folder: str = "conf") -> None:
        log = self.home / "log" / f"{folder}.postgresql"
        log.touch()
        shutil.chown(log, "postgres")
        self.as_postgres("pg_ctl", "-w", "-t", "120", "-D", f"{self.home}/{folder}", "-l", str(log), "start")

    def stop_database(self, folder: str = "conf") -> None:
        self.as_postgres(
            "pg_ctl", "-w", "-m", "immediate", "-D", f"{self.home}/{folder}", "stop", check=False
        )

    def crash(self) -> None:
        """The power goes: every process of the server at once, nothing said goodbye to."""
        first = int((self.home / "data/postmaster.pid").read_text().splitlines()[0])
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(first)], capture_output=True, text=True)
        for pid in [first, *map(int, found.stdout.split())]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while subprocess.run(["ps", "-o", "pid=", "-p", str(first)], capture_output=True).stdout.strip():
            time.sleep(0.05)

    def connect(self, role: str = "owner", **options: Any) -> psycopg.Connection[Any]:
        given = {
            "host": "localhost", "port": self.ports["db"], "dbname": "hutong", "user": f"hutong_{role}", "password": self.passwords[role],
            "sslmode": "verify-full", "sslrootcert": f"{self.home}/etc/db-ca.crt", "autocommit": True,
        }  # fmt: skip
        return psycopg.connect(**given | options)

    def one(self, sql: str, role: str = "owner", **options: Any) -> Any:
        with contextlib.closing(self.connect(role, **options)) as connection:
            row = connection.execute(sql).fetchone()
            assert row is not None
            return row[0]

    # --- releases, commands, proxy -------------------------------------------------------------------------

    def release(self, name: str) -> Path:
        return self.home / "opt/releases" / name

    def use(self, name: str) -> None:
        (self.home / "opt/current").symlink_to(self.release(name))

    def environment(self) -> dict[str, str]:
        lines = (self.home / "etc/hutong.env").read_text().splitlines()
        given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "CREDENTIALS_DIRECTORY": f"{self.home}/etc/secrets",
        } | given

    def hutong(self, *words: str, release: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """A command of the administrator, of the release in use or that one."""
        current = self.release(release) if release else self.home / "opt/current"
        return subprocess.run(
            [current / ".venv/bin/hutong", *words], env=self.environment() | more, cwd=current, capture_output=True, text=True, timeout=300
        )  # fmt: skip

    def _nginx(self) -> None:
        home = self.home
        for name in ("upstream.conf", "hutong.conf"):
            self._put(DEPLOY / "nginx" / name, home / "nginx" / name)
        temporary = "".join(
            f"{kind}_temp_path {home}/nginx/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = f"pid {home}/nginx/pid;\nerror_log {home}/log/nginx.main.log crit;\nevents {{}}\nhttp {{\n{temporary}include {home}/nginx/hutong.conf;\n}}\n"
        (home / "nginx/nginx.conf").write_text(whole)

    def nginx(self, *words: str) -> None:
        command = ["nginx", "-c", f"{self.home}/nginx/nginx.conf", "-p", f"{self.home}/nginx", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def ask(
        self, path: str, form: str | None = None, cookies: dict[str, str] | None = None, host: str = SITE
    ) -> Answer:
        """One request as a browser makes it, over the proxy."""
        context = ssl.create_default_context(cafile=f"{self.home}/etc/db-ca.crt")
        plain = socket.create_connection(("127.0.0.1", self.ports["site"]), timeout=60)
        connection = HTTPConnection(host)
        with context.wrap_socket(plain, server_hostname=SITE) as connection.sock:
            headers = {
                "Host": host,
                "Origin": f"https://{SITE}",
                "Referer": f"https://{SITE}/",
                "Connection": "close",
            }
            if cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
            if form is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("GET" if form is None else "POST", path, form, headers)
            return _answer(connection.getresponse())

    def direct(self, which: str, path: str, **headers: str) -> Answer:
        """Past the proxy, as the watchdog on the machine asks."""
        with contextlib.closing(HTTPConnection("127.0.0.1", self.ports[which], timeout=20)) as connection:
            connection.request("GET", path, headers=headers)
            return _answer(connection.getresponse())

    def clear(self) -> None:
        self.units.stop_all()
        if (self.home / "nginx/pid").exists():
            self.nginx("-s", "quit")
        for folder in ("past", "conf"):
            if (self.home / folder / "postgresql.conf").exists():
                self.stop_database(folder)


def _answer(response: HTTPResponse) -> Answer:
    headers = response.getheaders()
    cookies = dict(
        value.split(";")[0].split("=", 1) for name, value in headers if name.lower() == "set-cookie"
    )
    text = response.read().decode("utf-8", "replace")
    return Answer(response.status, {name.lower(): value for name, value in headers}, cookies, text)


@contextlib.contextmanager
def a_machine() -> Iterator[Machine]:
    """Nothing is left of it afterwards but Debian's packages."""
    install()
    with tempfile.TemporaryDirectory(prefix="hutong-drill-", ignore_cleanup_errors=True) as home:
        machine = Machine(Path(home))
        try:
            yield machine
        finally:
            machine.clear()
