"""What went wrong is told in plain Chinese: with and without a session, to a person and to a department's system."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings as site
from django.test import Client

from hutong.delivery.api.problems import KINDS, MEDIA_TYPE
from hutong.delivery.web.refusals import AWAY, TOO_LARGE

from .breaking import ERRORS, SECRET

BARE = {400, 413, 500}
"""Told without the frame: what the frame needs may be what broke."""


@pytest.fixture
def asking(client_as: Any, settings: Any) -> SimpleNamespace:
    settings.ROOT_URLCONF = "hutong.delivery.web.tests.breaking"
    made = SimpleNamespace(nobody=Client(), director=client_as("director"))
    made.nobody.raise_request_exception = made.director.raise_request_exception = False
    return made


def sentence(answer: Any) -> str:
    """The page's one notice, after a look at the page around it."""
    text = answer.content.decode()
    assert SECRET not in text
    assert SECRET not in unquote(str(answer.headers))
    assert 'lang="zh-CN"' in text
    assert text.count("<h1>") == 1
    assert "hutong.css" in text
    assert 'href="/"' in text, "a way on"
    found = re.search(r'<div class="notice[^>]*>.*?<div>(.*?)</div>', text, re.DOTALL)
    assert found, text[-1500:]
    told = re.sub(r"<[^>]+>|\s+", "", found.group(1))
    assert not re.search(r"[A-Za-z]{4,}", told), "no English, no name from the code"
    return told


@pytest.mark.parametrize("status", [*ERRORS, 429])
def test_each_refusal_says_what_why_and_what_to_do(asking: SimpleNamespace, status: int) -> None:
    for who in (asking.director, asking.nobody):  # the signed-in one has a transaction of their own
        answer = who.get(f"/breaking/{status}/")
        assert answer.status_code == status
        told = sentence(answer)
        assert told.count("。") >= 1
        assert unquote(answer["X-Message"]) == told
        framed = 'class="framed"' in answer.content.decode()
        assert framed == (who is asking.director and status not in BARE)


@pytest.mark.parametrize(
    ("status", "said"), [(400, 400), (403, 404), (404, 404), (409, 409), (413, 413), (500, 500)]
)
def test_a_system_at_the_door_is_told_in_its_form(asking: SimpleNamespace, status: int, said: int) -> None:
    """What is not theirs does not exist there: no 403."""
    answer = asking.nobody.get(f"/api/breaking/{status}/")
    assert answer["Content-Type"] == MEDIA_TYPE
    assert SECRET not in answer.content.decode()
    told = answer.json()
    kind = KINDS[told["type"].removeprefix("urn:hutong:problem:")]
    assert (answer.status_code, told["status"]) == (said, said)
    assert told["title"] == kind.title
    assert told["detail"] == kind.detail
    assert bool(told["request"]) == (status == 500), "a number to ask about"


def test_an_address_beside_the_door_is_not_a_page(db: None) -> None:
    answer = Client().get("/api/v9/lists")
    assert (answer.status_code, answer["Content-Type"]) == (404, MEDIA_TYPE)


def test_a_form_out_of_date_is_refused_with_the_way_on(cast: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.director.user, backend="hutong.foundation.accounts.backend.SignInBackend")
    for who in (client, Client(enforce_csrf_checks=True)):
        answer = who.post("/messages/read/")
        assert answer.status_code == 403
        assert "请返回上一页、刷新，再提交一次" in sentence(answer)


def test_what_only_a_button_sends_says_so_when_opened_by_its_address(client_as: Any) -> None:
    """Reloaded from the address line: not the browser's own empty page."""
    answer = client_as("director").get("/messages/read/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "不能直接打开" in sentence(answer)


PROGRAM = """
import json, django
django.setup()
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from hutong.delivery.api.tests.signer import Department
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = "s" * 32
department = Department("key", Ed25519PrivateKey.generate())
answers = [client.get("/"), client.post("/children/new/", {"name": "x"}), department.get("/lists"), client.get("/health")]
print(json.dumps([[one.status_code, dict(one.headers), one.content.decode()] for one in answers]))
"""


def test_while_the_database_is_away_pages_and_door_say_so() -> None:
    """A process whose database does not answer: 503 with words and a time to come back, not a crash."""
    environment = os.environ | {
        "DATABASE_URL": "postgresql://hutong_web:x@127.0.0.1:1/hutong", "DJANGO_SETTINGS_MODULE": "hutong.config.settings",
        "HUTONG_TRACEBACKS": "0",
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    home, sent, door, health = (
        SimpleNamespace(status_code=status, headers=headers, content=content.encode())
        for status, headers, content in json.loads(done.stdout)
    )
    for answer in (home, sent):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert "系统正在维护" in sentence(answer)
        assert "没有保存任何改动" in sentence(answer)
    assert (door.status_code, door.headers["Retry-After"]) == (503, "60")
    assert json.loads(door.content)["type"] == "urn:hutong:problem:unavailable"
    assert health.status_code == 503


def test_the_proxy_says_the_same_when_no_process_answers() -> None:
    """What nginx answers alone: well-formed, of a kind the door has, and a page in Chinese."""
    text = (site.ROOT / "deploy/nginx/hutong.conf").read_text()
    away, door, large = (found[1] for found in re.finditer(r"return (?:503|413) '([^']+)';", text))
    told = json.loads(door)
    kind = KINDS[told["type"].removeprefix("urn:hutong:problem:")]
    assert (told["status"], told["title"]) == (kind.status, kind.title)
    for page, title in ((away, AWAY.title), (large, TOO_LARGE.title)):
        assert f"<h1>{title}</h1>" in page
        assert 'lang="zh-CN"' in page
