"""The embedded server starts twice without harm, keeps its data, and listens on loopback with passwords only."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hutong.config.postgres import Embedded


@pytest.fixture
def server() -> Iterator[Embedded]:
    # not under pytest's own folder, which only we may enter: the server runs as an unprivileged user
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)
        embedded = Embedded(Path(home) / "postgres")
        yield embedded
        embedded.destroy()


def test_start_stop_start(server: Embedded) -> None:
    server.start()
    server.start()
    with psycopg.connect(server.url("owner")) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    server.stop()
    assert not server.ready()
    server.start()
    with psycopg.connect(server.url("owner")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
    wrong = server.url("owner").replace(server.url("owner").split(":")[2].split("@")[0], "wrong")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)
    with (
        psycopg.connect(server.url("web")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (id int)")
