"""Transition tables (issue B.10): a faulty table does not import, a sound one draws itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hutong.kernel.transitions import Clock, Machine, Transition, TransitionError

OPEN = Transition("open", ("NEW",), "OPEN", "lead.work", "开始核查")
CLOSE = Transition(
    "close", ("NEW", "OPEN"), "DONE", "lead.close", "办结", guard="has_verdict", notice="closed"
)


def machine(**changes: object) -> Machine:
    values: dict[str, object] = {
        "name": "lead",
        "label": "线索",
        "states": {"NEW": "新线索", "OPEN": "核查中", "DONE": "已办结"},
        "initial": "NEW",
        "terminal": frozenset({"DONE"}),
        "transitions": (OPEN, CLOSE),
        "clocks": {"OPEN": Clock(20, "working", "lead.days", "CHILD_SUPERVISOR")},
    }
    return Machine(**{**values, **changes})  # type: ignore[arg-type]


def test_the_way_on_is_found() -> None:
    assert machine().transition("close", "OPEN") is CLOSE
    assert machine().events_from("NEW") == (OPEN, CLOSE)
    assert machine().events_from("DONE") == ()


def test_what_cannot_happen_is_said_in_words() -> None:
    with pytest.raises(TransitionError, match="线索当前为“已办结”，不能“开始核查”"):
        machine().transition("open", "DONE")
    with pytest.raises(TransitionError, match="不能“vanish”"):
        machine().transition("vanish", "NEW")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"initial": "NOWHERE"}, "unknown states"),
        ({"terminal": frozenset({"GONE"})}, "unknown states"),
        ({"clocks": {"LATE": Clock(1, "hours")}}, "unknown states"),
        ({"transitions": (OPEN, CLOSE, replace(OPEN, to="LOST"))}, "twice|unknown states"),
        ({"transitions": (OPEN, replace(CLOSE, to="LOST"))}, "unknown states"),
        ({"transitions": (OPEN, CLOSE, replace(CLOSE, to="OPEN"))}, "event close twice from NEW"),
        ({"transitions": (CLOSE,)}, "unreachable states"),
        ({"terminal": frozenset({"DONE", "OPEN"})}, "terminal states with exits"),
        ({"terminal": frozenset()}, "without exit"),
        ({"transitions": (OPEN, CLOSE, replace(OPEN, event="x", from_states=()))}, "start nowhere"),
    ],
)
def test_a_faulty_table_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        machine(**changes)


def test_the_diagram_shows_every_state_and_way() -> None:
    assert machine().mermaid().splitlines() == [
        "stateDiagram-v2",
        '    state "新线索" as NEW',
        '    state "核查中" as OPEN',
        '    state "已办结" as DONE',
        "    [*] --> NEW",
        "    NEW --> OPEN: 开始核查",
        "    NEW --> DONE: 办结",
        "    OPEN --> DONE: 办结",
        "    DONE --> [*]",
    ]


def test_the_page_holds_diagram_ways_and_clocks() -> None:
    page = machine().markdown()
    assert page.startswith("# 线索 (`lead`)\n\n```mermaid\nstateDiagram-v2")
    assert "| `close` | 办结 | 新线索、核查中 | 已办结 | `lead.close` | `has_verdict` | `closed` |" in page
    assert "| 核查中 `OPEN` | 20 个工作日 | `lead.days` | `CHILD_SUPERVISOR` |" in page
    assert "| state | time |" not in machine(clocks={}).markdown()
