"""The embedded server starts twice without harm, keeps its data, and listens on loopback with passwords only."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from hutong.config.postgres import Embedded


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    home = tmp_path_factory.mktemp("embedded")
    for parent in [home, *list(home.parents)[:2]]:
        parent.chmod(0o755)
    return Embedded(Path(home) / "postgres")


def test_start_stop_start(server: Embedded) -> None:
    try:
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
    finally:
        server.destroy()
