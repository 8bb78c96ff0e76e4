"""People at their screens: many signed-in users over plain sockets, each thinking between requests.

A closed loop without thinking would measure the queue and not the pages, so every user waits a few seconds between two
requests as people do.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3})")
_LENGTH: Final = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: ``kind`` for the report; a ``body`` makes it a POST."""

    kind: str
    path: str
    body: str = ""


@dataclass(slots=True)
class User:
    """A signed-in person and what they will ask for."""

    session: str
    asks: list[Ask]


@dataclass(slots=True)
class Answers:
    """Seconds by kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)

    def note(self, ask: Ask, status: int, seconds: float) -> None:
        self.seconds.setdefault(ask.kind, []).append(seconds)
        if status != 200:
            self.bad.append(f"{status} {ask.path} {ask.body}"[:120])


def request_bytes(ask: Ask, session: str) -> bytes:
    body = ask.body.encode()
    head = [
        f"{'POST' if ask.body else 'GET'} {ask.path} HTTP/1.1",
        "Host: localhost",
        "X-Forwarded-Proto: https",
        "Referer: https://localhost/",
        "Accept: text/html",
        f"Cookie: sessionid={session}; csrftoken={'a' * 32}",
    ]
    if body:
        head += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            f"X-CSRFToken: {'a' * 32}",
        ]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def send(self, ask: Ask, session: str) -> tuple[int, float, bytes]:
        """Status, seconds to the last byte, body."""
        if self.writer is None or self.writer.is_closing():
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self.reader is not None
        began = time.perf_counter()
        self.writer.write(request_bytes(ask, session))
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await self.reader.readexactly(int(length[1])) if length else b""
        seconds = time.perf_counter() - began
        status = _STATUS.match(head)
        return int(status[1]) if status else 0, seconds, body

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()


async def _work(
    user: User, port: int, think: tuple[float, float], rng: random.Random, answers: Answers
) -> None:
    connection = Connection(port)
    try:
        for ask in user.asks:
            await asyncio.sleep(rng.uniform(*think))
            status, seconds, _ = await connection.send(ask, user.session)
            answers.note(ask, status, seconds)
    finally:
        connection.close()


async def _together(users: Sequence[User], port: int, think: tuple[float, float]) -> Answers:
    answers = Answers()
    await asyncio.gather(
        *(_work(user, port, think, random.Random(i), answers) for i, user in enumerate(users))
    )
    return answers


def together(users: Sequence[User], port: int, think: tuple[float, float] = (2.0, 5.0)) -> Answers:
    """All users at once, each asking its list with pauses of ``think`` seconds."""
    return asyncio.run(_together(users, port, think))


async def _one_by_one(pairs: Sequence[tuple[User, Ask]], port: int) -> Answers:
    answers, connection = Answers(), Connection(port)
    try:
        for user, ask in pairs:
            status, seconds, _ = await connection.send(ask, user.session)
            answers.note(ask, status, seconds)
    finally:
        connection.close()
    return answers


def one_by_one(pairs: Sequence[tuple[User, Ask]], port: int) -> Answers:
    """One request after the other over one connection: for CPU time per request."""
    return asyncio.run(_one_by_one(pairs, port))


# --- CPU time of processes (Linux) -------------------------------------------------------------------------
def family(pid: int) -> list[int]:
    """The process and everything it started that still runs."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of the family, including children that ended."""
    import os

    ticks = 0
    for one in family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
