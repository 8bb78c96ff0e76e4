"""The example program of ``docs/how-to``, as a department would run it: its own process, over HTTP, its own folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.config import place
from hutong.delivery.api import services
from hutong.domains.exchange import quarters
from hutong.domains.exchange.models import Batch, Push
from hutong.domains.exchange.tests import files
from hutong.domains.exchange.tests.test_pushing import death
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import worker
from hutong.kernel import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CLIENT = place.root() / "docs" / "how-to" / "door_client.py"


@pytest.fixture(autouse=True)
def september() -> None:
    """No held clock here: the program in its own process knows the real time only."""


@pytest.fixture
def program(senders: SimpleNamespace, live_server: Any, tmp_path: Path) -> Any:
    """Run the program; (exit code, what it printed, what it said beside). Its key is registered and approved."""
    given = {
        "PATH": os.environ["PATH"],
        "HUTONG_DOOR": f"{live_server.url}/api/v1",
        "HUTONG_DOOR_KEY": "door.pem",
    }

    def run(*words: str, text: str = "", **more: str) -> tuple[int, Any, str]:
        done = subprocess.run(
            [sys.executable, str(CLIENT), *words], cwd=tmp_path, env=given | more, input=text, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        return (
            done.returncode,
            json.loads(done.stdout) if done.stdout.startswith("{") else done.stdout,
            done.stderr,
        )

    code, told, _ = run("keygen", "door.pem")
    assert code == 0
    public = told.split("：")[1].splitlines()[0]
    county, security = senders.county, senders.security
    with use_scope(county.scope):
        system = services.register(
            actor=county, org=senders.police.post.org, name="人口系统", lists=["deaths"], purpose="季度比对", basis="协议",
            agreement="1", rows_a_quarter=100, calls_a_minute=600, until=clock.today() + timedelta(days=300),
        )  # fmt: skip
        key, _ = services.request_key(actor=county, system=system, public_key=public)
    with use_scope(security.scope):
        services.approve(actor=security, key=key)
    given["HUTONG_DOOR_KEY_ID"] = key.key_id
    return run


def test_a_quarter_by_the_example_program(program: Any, tmp_path: Path) -> None:
    code, told, _ = program("me")
    assert (code, told["system"], told["lists"]) == (0, "人口系统", ["deaths"])
    period = str(quarters.of(clock.today()))
    (tmp_path / "死亡.csv").write_bytes(
        files.csv(files.DEATHS, [files.death(9), files.death(11, 死亡日期="昨天")])
    )
    code, sent, said = program("send", "deaths", "死亡.csv", "--period", period)
    assert (code, "回执已验证并保存" in said, "电话核对指纹" in said) == (0, True, True)
    code, again, _ = program("send", "deaths", "死亡.csv", "--period", period)
    assert (code, again["batch"]["id"]) == (0, sent["batch"]["id"]), "another run does nothing twice"
    worker.settle()
    code, batch, _ = program("batch", sent["batch"]["id"])
    assert (code, batch["state"], batch["passed"], batch["refused"]) == (0, "CHECKED", 1, 1)
    assert program("rejected", batch["id"], "退回.xlsx")[0] == 0
    assert (tmp_path / "退回.xlsx").read_bytes().startswith(b"PK")
    code, event, _ = program("event", "deaths", "-", text=json.dumps(death(901)))
    assert code == 0
    assert program("event-status", event["event"]["id"])[1]["state"] == "ACCEPTED"
    assert (
        program("event-amend", event["event"]["id"], "--reason", "重复登记")[1]["amendment"]["state"]
        == "REQUESTED"
    )
    assert program("recall", batch["id"], "--reason", "表头有误")[1]["state"] == "WITHDRAWN"
    assert program("corrections")[1]["corrections"] == []
    with use_scope(system_scope("test")):
        assert (Batch.objects.count(), Push.objects.count()) == (1, 1)


def test_a_receipt_that_was_touched_and_other_refusals(program: Any, tmp_path: Path) -> None:
    code, event, _ = program("event", "deaths", "-", text=json.dumps(death(901)))
    kept = tmp_path / "receipts" / f"{event['receipt']['id']}.json"
    code, facts, _ = program("verify", str(kept))
    assert (code, facts["id"]) == (0, event["event"]["id"])
    receipt = json.loads(kept.read_text())
    kept.write_text(json.dumps(receipt | {"text": receipt["text"].replace('"rows":1', '"rows":2')}))
    code, _, said = program("verify", str(kept))
    assert (code, "签名不成立" in said) == (1, True)
    code, _, said = program("event", "deaths", "-", text=json.dumps(death(901) | {"死因": "病"}))
    assert (code, "没有的列" in said) == (1, True)
    code, _, said = program("me", HUTONG_DOOR_KEY_ID="k-aaaaaaaaaaaaaaaa")
    assert (code, "密钥不可用" in said) == (1, True)
    code, _, said = program("keygen", "door.pem")
    assert (code, "没有发送" in said) == (2, True), "never over another key"
    assert program("me", HUTONG_DOOR_KEY="nothing.pem")[0] == 2
