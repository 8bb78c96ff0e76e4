"""The drill's machine, once for the whole story, and what it has to say at its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .machine import Machine, a_machine
from .prerequisites import NotRun

told: list[str] = []
"""Figures measured, and ``NOT RUN: …`` for what this machine could not show."""


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    try:
        with a_machine() as made:
            yield made
    except NotRun as reason:
        told.append(f"NOT RUN: {reason}")
        pytest.fail(f"NOT RUN: {reason}", pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in told:
        terminalreporter.write_line(f"drill: {line}")
