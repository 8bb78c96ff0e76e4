"""From an empty machine to a restored one (docs/how-to/production.md; TM-08, TM-17). In order: each part stands on those before.

``make drill``. Files, command lines and configuration are those of ``deploy/``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from http.client import RemoteDisconnected
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from . import releases
from .conftest import told
from .machine import Machine
from .people import Browser, code, people, writer
from .prerequisites import ROOT

USER, CHOSEN, NUMBER, NAME = "drill.admin", "Drill-Lantern-4821", "500199201403078842", "臧禾苗"
kept: dict[str, str] = {}
browsers: list[Browser] = []
"""Signed in: hers, who made the first account."""


def until(true: object, seconds: float = 30) -> bool:
    """Whether ``true()`` became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.2)
    return False


def figure(machine: Machine, name: str) -> float:
    text = machine.direct("a", "/metrics", Authorization=f"Bearer {machine.token}").text
    found = re.search(rf"^hutong_{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, text
    return float(found[1])


def test_the_service_files_are_spelled_as_systemd_wants(machine: Machine) -> None:
    told.append(releases.lay(machine.release("1"), machine.release("2"), machine.python))
    machine.use("1")
    files = sorted((machine.home / "units/systemd").iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "hutong" in line]
    assert (done.returncode, ours) == (0, [])
    told.append(
        "NOT RUN: the units under systemd itself (walls as ProtectSystem=, restart, timers): their command lines are run by hand, as their users"
    )
    if machine.users["hutong"] == "root":
        told.append("NOT RUN: web and worker as a user of their own: no Python here that others may run")


def test_the_database_lets_in_three_logins_encrypted_and_nobody_else(machine: Machine) -> None:
    machine.make_database()
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba[.]conf entry"):
        machine.connect("web", sslmode="disable", sslrootcert="")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        machine.connect("web", password="guess")
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba[.]conf entry"):
        machine.connect("wal")
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba[.]conf entry"):
        machine.connect("web", dbname="postgres")
    assert machine.one("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()", "web") == "TLSv1.3"
    with machine.connect("web") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")


def test_tables_places_and_the_first_account(machine: Machine) -> None:
    machine.units.start("hutong-wal")
    keys = machine.hutong("keys", "make", f"{machine.home}/etc/secrets/keys.json", release="2")
    assert keys.returncode == 0, keys.stderr
    again = machine.hutong("keys", "make", f"{machine.home}/etc/secrets/keys.json", release="2")
    assert "不会被覆盖" in again.stderr
    (machine.home / "var/uploads").mkdir(mode=0o700)
    shutil.chown(machine.home / "var/uploads", machine.users["hutong"])
    for words in (
        ("db", "prepare"),
        ("areas", "load", "--only", "500114"),
        ("manage", "collectstatic", "--noinput", "--verbosity", "0"),
    ):
        done = machine.hutong(*words)
        assert done.returncode == 0, done.stderr[-3000:]
    made = machine.hutong(
        "first-admin", "--username", USER, "--name", NAME, "--body", "黔江区民政局", "--area", "500114"
    )
    assert made.returncode == 0, made.stderr[-3000:]
    kept["password"] = re.search(r"初始密码：(\S+?)（", made.stdout)[1]  # type: ignore[index]
    owner = "SELECT count(*) FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE rolname = 'hutong_web'"
    assert machine.one(owner) == 0


def test_the_deployment_check_says_nothing(machine: Machine) -> None:
    words = ("manage", "check", "--deploy", "--database", "default", "--fail-level", "WARNING")
    done = machine.hutong(*words)
    assert (done.returncode, "no issues (0 silenced)" in done.stdout) == (0, True), done.stdout + done.stderr
    owner = machine.secret("DATABASE_OWNER_URL")
    wrong = machine.hutong(*words, DATABASE_URL=owner, DATABASE_OWNER_URL=owner)
    assert wrong.returncode != 0
    assert "hutong.E011" in wrong.stderr


def test_the_services_run_behind_the_proxy(machine: Machine) -> None:
    web = [f"hutong-web@{machine.ports[one]}" for one in ("a", "b")]
    for name in (*web, "hutong-worker"):
        machine.units.start(name)
    machine.nginx()
    for one in ("a", "b"):
        assert until(lambda one=one: _ready(machine, one)), _journal(machine)
    page = machine.ask("/account/login/")
    assert page.status == 200, page.text[:500]
    assert "max-age=31536000; includeSubDomains" in page.headers["strict-transport-security"]
    assert "secure" in page.headers["set-cookie"].lower()
    assert [machine.ask(path).status for path in ("/metrics", "/health/ready")] == [404, 404]
    assert machine.direct("a", "/metrics").status == 404
    assert until(lambda: figure(machine, "workers_alive") == 1)
    assert figure(machine, "wal_receivers") == 1
    for name in (*web, "hutong-worker"):
        shown = Path(f"/proc/{machine.units.pid(name)}/environ").read_text()
        known = [machine.secret(one) for one in ("DATABASE_URL", "HUTONG_SECRET_KEY")] + [
            *machine.passwords.values()
        ]
        assert [secret for secret in known if secret in shown] == []


def _ready(machine: Machine, which: str) -> bool:
    try:
        return machine.direct(which, "/health/ready").status == 200
    except OSError:
        return False


def test_the_first_account_signs_in_chooses_a_password_and_a_second_step(machine: Machine) -> None:
    browser = Browser(machine)
    assert browser.send("/account/login/", login=USER, password="Not-The-Password-1").status == 200
    entered = browser.send("/account/login/", login=USER, password=kept["password"])
    assert (entered.status, entered.headers["location"]) == (302, "/")
    assert browser.get("/").headers["location"] == "/account/password/change/"
    words = {"oldpassword": kept["password"], "password1": CHOSEN, "password2": CHOSEN}
    assert browser.send("/account/password/change/", **words).status == 302
    assert browser.get("/").headers["location"] == "/account/2fa/"
    asks_again = browser.get("/account/2fa/totp/activate/").headers["location"]
    assert browser.send(asks_again, password=CHOSEN).headers["location"] == "/account/2fa/totp/activate/"
    page = browser.get("/account/2fa/totp/activate/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.text)
    assert secret, (page.status, page.headers)
    assert browser.send("/account/2fa/totp/activate/", on=page, code=code(secret[1])).status == 302
    post = machine.one("SELECT id FROM network_post WHERE role = 'SYS_ADMIN'")
    assert browser.send("/access/post/", on=browser.get("/"), post=str(post)).status == 302
    assert browser.get("/").status == 200
    browsers.append(browser)


def test_no_log_says_who_or_what(machine: Machine) -> None:
    """Names and numbers typed where people type them, and a statement that the database refuses."""
    for path in (f"/children/{NUMBER}/", f"/{quote(NAME)}/", f"/children/?q={NUMBER}", f"/%00{NUMBER}"):
        machine.ask(path)
    with pytest.raises(RemoteDisconnected):  # another site's name: no answer at all
        machine.ask("/", host=f"{NUMBER}.example")
    Browser(machine).send("/account/login/", login=NUMBER, password=NUMBER)
    with machine.connect() as connection:
        connection.execute("CREATE TABLE drill_mark (id bigserial PRIMARY KEY, word text)")
        connection.execute("CREATE UNIQUE INDEX once ON drill_mark (word) WHERE word <> 'written'")
        insert = f"INSERT INTO drill_mark (word) VALUES ('{NAME}{NUMBER}')"
        connection.execute(insert)
        with pytest.raises(psycopg.errors.UniqueViolation, match=NUMBER):  # who asked knows already
            connection.execute(insert)
        connection.execute("DELETE FROM drill_mark")
    written = _journal(machine)
    assert "hutong.requests GET account_login 200" in written
    assert "duplicate key" in written
    assert [word for word in (NUMBER, NAME, quote(NAME), kept["password"], CHOSEN) if word in written] == []


def _journal(machine: Machine) -> str:
    logs = [
        *(machine.home / "units/journal").iterdir(),
        *(machine.home / "log").glob("*postgresql"),
        *(machine.home / "log").glob("*nginx*"),
        *(machine.home / "log").glob("hutong*"),
    ]
    return "\n".join(path.read_text(errors="replace") for path in logs)


def test_a_commit_waits_for_its_receiver(machine: Machine) -> None:
    machine.units.stop("hutong-wal")
    done = threading.Event()

    def write() -> None:
        with machine.connect() as connection:
            connection.execute("INSERT INTO drill_mark (word) VALUES ('waited')")
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert not done.wait(3), "acknowledged though nobody had received it"
    assert until(lambda: figure(machine, "wal_receivers") == 0)
    assert machine.direct("a", "/health").status == 200, "reading goes on"
    machine.units.start("hutong-wal")
    assert done.wait(30)
    thread.join()


def test_backups_go_into_two_repositories(machine: Machine) -> None:
    machine.as_postgres("pgbackrest", "--stanza=hutong", "stanza-create")
    machine.as_postgres("pgbackrest", "--stanza=hutong", "check")
    machine.units.once("hutong-backup@full")
    with machine.connect() as connection:
        connection.execute("INSERT INTO drill_mark (word) VALUES ('after the full backup')")
    machine.units.once("hutong-backup@diff")
    said = machine.as_postgres("pgbackrest", "--stanza=hutong", "info").stdout
    assert said.count("full backup") >= 2
    assert said.count("diff backup") >= 2
    assert figure(machine, "wal_archived_total") > 0
    paper = machine.home / "var/uploads/ab/paper"
    paper.parent.mkdir()
    paper.write_bytes(os.urandom(5000))
    for path in (paper.parent, paper):
        shutil.chown(path, machine.users["hutong"])
    machine.units.once("hutong-files")
    assert (machine.home / "files/ab/paper").read_bytes() == paper.read_bytes()
    plain = subprocess.run(
        ["grep", "-rlaF", "黔江区民政局", machine.home / "repo1", machine.home / "repo2"],
        capture_output=True,
        text=True,
    )
    assert plain.stdout == "", "the repositories are encrypted"


def test_back_to_a_moment_before_a_mistake_from_the_second_repository(machine: Machine) -> None:
    before = machine.one("SELECT clock_timestamp()::text")
    time.sleep(1.2)
    with machine.connect() as connection:
        connection.execute("DELETE FROM drill_mark WHERE word = 'after the full backup'")
    machine.as_postgres(
        "pgbackrest", "--stanza=hutong", "check"
    )  # switches to the next log file and waits for it
    machine.empty("past/data", "postgres")
    machine.as_postgres(
        "pgbackrest", "--stanza=hutong", "--repo=2", f"--pg1-path={machine.home}/past/data", "--type=time", f"--target={before}",
        "--target-action=promote", "restore",
    )  # fmt: skip
    machine.configure_past()
    machine.start_database("past")
    word = "SELECT count(*) FROM drill_mark WHERE word = 'after the full backup'"
    assert until(lambda: not machine.one("SELECT pg_is_in_recovery()", port=machine.ports["past"]), 60)
    assert machine.one(word, port=machine.ports["past"]) == 1
    assert machine.one(word) == 0
    machine.stop_database("past")


def test_an_update_from_n_1_to_n_drops_nothing(machine: Machine) -> None:
    before = figure(machine, "migrations_applied")
    home, units = machine.home, machine.home / "units"
    environment = {
        "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HUTONG_CURRENT": f"{home}/opt/current", "HUTONG_UPSTREAM": f"{home}/nginx/upstream.conf",
        "HUTONG_PORTS": f"{machine.ports['a']} {machine.ports['b']}", "HUTONG_SETTINGS": f"{home}/etc/hutong.env",
        "HUTONG_OWNER_URL": f"{home}/etc/secrets/DATABASE_OWNER_URL", "HUTONG_DRAIN": "2",
        "SYSTEMCTL": f"{sys.executable} {ROOT}/tests/drill/units.py {units}",
        "NGINX_RELOAD": f"nginx -c {home}/nginx/nginx.conf -p {home}/nginx -s reload",
    }  # fmt: skip
    began = time.monotonic()
    with people(machine, browsers[0].cookies) as work:
        assert until(lambda: len(work.saved) > 3), work.answers
        done = subprocess.run(
            [machine.release("2") / "deploy/upgrade"], env=environment, capture_output=True, text=True, timeout=400, check=False
        )  # fmt: skip
        seconds, saved = time.monotonic() - began, len(work.saved)
        assert until(lambda: len(work.saved) > saved + 3)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert (home / "opt/current").resolve() == machine.release("2")
    told.append(
        f"upgrade N-1 → N: {seconds:.0f} s, {work.answers.total()} requests meanwhile ({len(work.saved)} forms saved), failed: {sum(work.failed.values())}"
    )
    assert work.failed == {}
    assert _bodies_missing(machine, work.saved) == set()
    assert figure(machine, "migrations_applied") > before
    assert until(lambda: figure(machine, "workers_alive") == 1)


def _bodies_missing(machine: Machine, names: list[str]) -> set[str]:
    with machine.connect() as connection:
        return set(names) - {row[0] for row in connection.execute("SELECT name FROM network_org")}


def test_everything_acknowledged_is_there_after_the_database_is_lost(machine: Machine) -> None:
    with writer(machine) as rows, people(machine, browsers[0].cookies) as work:
        assert until(lambda: len(rows) > 200 and len(work.saved) > 5)
        machine.crash()
    shutil.rmtree(machine.home / "data")
    shutil.rmtree(machine.home / "var/uploads/ab")
    assert machine.direct("a", "/health").status == 503
    from_backup_alone = _rows_in_the_backup(machine)
    began = time.monotonic()
    _restore(machine)
    serving = until(lambda: _ready(machine, "a") and browsers[0].get("/").status == 200)
    seconds = time.monotonic() - began
    assert serving, _journal(machine)[-3000:]
    with machine.connect() as connection:
        there = {row[0] for row in connection.execute("SELECT id FROM drill_mark WHERE word = 'written'")}
    lost = len(set(rows) - there) + len(_bodies_missing(machine, work.saved))
    size = machine.one("SELECT pg_size_pretty(pg_database_size('hutong'))")
    told.append(f"database of {size} lost and restored: {seconds:.0f} s until served again")
    told.append(
        f"acknowledged before the loss: {len(rows)} rows, {len(work.saved)} forms; lost: {lost} (without the receiver, {len(set(rows) - from_backup_alone)} rows)"
    )
    assert lost == 0
    assert set(rows) - from_backup_alone, "the loss was of a kind that shows what the receiver is for"
    assert len(there) - len(rows) <= 1, "at most the one that was not answered any more"


def _rows_in_the_backup(machine: Machine) -> set[int]:
    """What would be left without the receiver: looked at in a second server."""
    machine.empty("past/data", "postgres")
    machine.as_postgres("pgbackrest", "--stanza=hutong", f"--pg1-path={machine.home}/past/data", "restore")
    machine.start_database("past")
    past = machine.ports["past"]
    assert until(lambda: not machine.one("SELECT pg_is_in_recovery()", port=past), 60)
    with machine.connect(port=past) as connection:
        rows = {row[0] for row in connection.execute("SELECT id FROM drill_mark WHERE word = 'written'")}
    machine.stop_database("past")
    return rows


def _restore(machine: Machine) -> None:
    """The page's own list: docs/how-to/production.md, section 8."""
    machine.units.stop("hutong-wal")
    for path in (machine.home / "wal").iterdir():
        shutil.copy(path, machine.home / "received")
        shutil.chown(machine.home / "received" / path.name, "postgres")
    machine.empty("data", "postgres")
    machine.empty("wal", machine.users["hutong-wal"])
    command = f"""{machine.home}/restore-wal %f "%p" {machine.home}/received"""
    machine.as_postgres(
        "pgbackrest", "--stanza=hutong", f"--recovery-option=restore_command={command}", "restore"
    )
    machine.start_database()
    machine.units.start("hutong-wal")


def test_and_the_site_works_again_by_itself(machine: Machine) -> None:
    machine.units.once("hutong-backup@full")
    subprocess.run(["rsync", "-a", f"{machine.home}/files/", f"{machine.home}/var/uploads/"], check=True)
    assert (machine.home / "var/uploads/ab/paper").exists()
    entered = Browser(machine).send("/account/login/", login=USER, password=CHOSEN)
    assert (entered.status, entered.headers["location"]) == (302, "/account/2fa/authenticate/")
    form = {"name": "恢复后新登记的单位", "kind": "CZ", "area": "500114", "status": "operating"}
    assert browsers[0].send("/network/bodies/add/", **form).status == 302
    # the worker ends when its database does
    assert until(lambda: machine.units.revive() or figure(machine, "workers_alive") == 1, 60), _journal(
        machine
    )[-3000:]
    checked = machine.hutong(
        "manage", "check", "--deploy", "--database", "default", "--fail-level", "WARNING"
    )
    assert checked.returncode == 0, checked.stderr
    log = machine.hutong("audit", "verify")
    assert log.returncode == 0, log.stdout + log.stderr
