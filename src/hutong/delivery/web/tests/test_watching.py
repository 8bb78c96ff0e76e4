"""What the watchdog, the balancer and the collector are told, and what others are not."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from hutong.delivery.web import watching
from hutong.delivery.web.metrics import FIGURES
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import services

TOKEN = "collector's token"


@pytest.fixture(autouse=True)
def _not_yet_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_ready", False)


def collected(settings: Any) -> str:
    settings.METRICS_TOKEN = TOKEN
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_watchdog_is_answered_without_signing_in(db: None) -> None:
    answer = Client().get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_means_the_tables_fit_the_code(db: None) -> None:
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_newer_code_on_older_tables_is_not_ready(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "pending", lambda: 1)  # the plan itself is Django's
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "migrations"})


def test_without_its_keys_a_process_is_not_ready(db: None, settings: Any, tmp_path: Any) -> None:
    settings.KEY_FILE = str(tmp_path / "missing.json")
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "keys"})


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", "Bearer 错"])
def test_metrics_do_not_exist_for_others(db: None, settings: Any, shown: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert Client().get("/metrics", headers={"authorization": shown}).status_code == 404


def test_metrics_do_not_exist_without_a_token(db: None, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_every_figure_is_told_in_the_collectors_format(cast: SimpleNamespace, settings: Any) -> None:
    text = collected(settings)
    assert [name for name in FIGURES if f"# HELP hutong_{name.name} " not in text] == []
    told = [line for line in text.splitlines() if not line.startswith("#")]
    assert [
        one for one in told if not re.fullmatch(r'hutong_[a-z_]+(\{[a-z]+="[a-zA-Z_]+"\})? -?[\d.e+]+', one)
    ] == []
    assert any(one.startswith("hutong_migrations_applied ") for one in told)


def test_what_waits_is_counted_across_the_wall(cast: SimpleNamespace, settings: Any) -> None:
    with use_scope(system_scope("test")):
        services.announce(event="nobody.reacts", payload={}, key="waits")
    assert 'hutong_outbox{state="waiting"} 1' in collected(settings)


def test_a_database_that_does_not_answer_is_said(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", down)
        answers = [Client().get(path) for path in ("/health", "/health/ready")]
    assert [(one.status_code, one.json()) for one in answers] == [(503, {"status": "down"})] * 2
