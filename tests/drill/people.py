"""People at work while something happens: pages asked and forms sent, every answer counted."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import psycopg

from .machine import Answer, Machine

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Browser:
    """Cookies, and forms filled in on the page that shows them."""

    machine: Machine
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._kept(self.machine.ask(path, cookies=self.cookies))

    def send(self, path: str, *, on: Answer | None = None, **form: str) -> Answer:
        """``on``: the page the form stands on, where it is open already or another one."""
        page = on or self.get(path)
        token = TOKEN.search(page.text)
        assert token, f"no form: {page.status} {page.headers} {page.text[:300]}"
        body = urlencode({"csrfmiddlewaretoken": token[1], **form})
        return self._kept(self.machine.ask(path, body, self.cookies))

    def _kept(self, answer: Answer) -> Answer:
        self.cookies |= answer.cookies
        return answer


def code(secret: str) -> str:
    """What an authenticator shows (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@dataclass
class Work:
    """What was answered, and the names of bodies whose saving was acknowledged."""

    answers: Counter[str] = field(default_factory=Counter)
    saved: list[str] = field(default_factory=list)

    @property
    def failed(self) -> dict[str, int]:
        good = {"home 200", "list 200", "sign-in 200", "saved 302"}
        return {answer: number for answer, number in self.answers.items() if answer not in good}


@contextmanager
def people(machine: Machine, cookies: dict[str, str], number: int = 3) -> Iterator[Work]:
    """``number`` of them, signed in, each one thing after the other until the block ends."""
    work, stop, began = Work(), threading.Event(), time.monotonic_ns()

    def one(who: int) -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            name = f"演练单位{began}第{who}组{turn}号"
            form = {
                "csrfmiddlewaretoken": cookies["csrftoken"], "name": name, "kind": "CZ", "area": "500114", "status": "operating",
            }  # fmt: skip
            for what, path, body, given in (
                ("home", "/", None, cookies),
                ("list", "/network/", None, cookies),
                ("sign-in", "/account/login/", None, {}),
                ("saved", "/network/bodies/add/", urlencode(form), cookies),
            ):
                try:
                    status = str(machine.ask(path, body, given).status)
                except OSError as error:
                    status = type(error).__name__
                work.answers[f"{what} {status}"] += 1
                if (what, status) == ("saved", "302"):
                    work.saved.append(name)

    threads = [threading.Thread(target=one, args=(who,)) for who in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield work
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def writer(machine: Machine) -> Iterator[list[int]]:
    """Rows written one by one; the list holds those PostgreSQL has acknowledged."""
    acknowledged: list[int] = []
    stop = threading.Event()

    def work() -> None:
        try:
            with machine.connect() as connection:
                while not stop.wait(0.01):  # others write as well
                    row = connection.execute(
                        "INSERT INTO drill_mark (word) VALUES ('written') RETURNING id"
                    ).fetchone()
                    acknowledged.append(row[0])  # type: ignore[index]
        except psycopg.Error:  # the crash this is for
            return

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        thread.join(30)
