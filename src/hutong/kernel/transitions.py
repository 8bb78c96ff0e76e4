"""State machines as plain tables: what may happen to a thing, from where, by whom, and how long it may take.

A ``Machine`` knows no database. ``foundation.workflow`` applies it, the documents are generated from it, and a faulty
table fails when its module is imported, not when a user presses the button.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["working", "calendar", "hours"]
_UNIT_LABELS: dict[str, str] = {"working": "个工作日", "calendar": "天", "hours": "小时"}


class TransitionError(ValueError):
    """The event cannot happen in this state; the text says so, in Chinese."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a subject may stay in a state.

    ``days`` counts ``unit`` (hours if the unit is hours) and holds unless the policy pack sets ``param``;
    ``escalate_to`` names the role told when it is late.
    """

    days: int
    unit: Unit
    param: str | None = None
    escalate_to: str | None = None

    @property
    def label(self) -> str:
        return f"{self.days} {_UNIT_LABELS[self.unit]}"


@dataclass(frozen=True, slots=True)
class Transition:
    """One way on: ``event`` takes any of ``from_states`` to ``to``.

    ``right`` is the right needed, ``word`` the word on the button, ``guard`` and ``notice`` name what the workflow
    engine looks up, ``clock`` names the clock started beside that of the new state.
    """

    event: str
    from_states: tuple[str, ...]
    to: str
    right: str
    word: str
    guard: str | None = None
    notice: str | None = None
    clock: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Machine:
    """A checked table. ``states`` maps code to Chinese label; ValueError if the table cannot be right."""

    name: str
    label: str
    states: Mapping[str, str]
    initial: str
    terminal: frozenset[str]
    transitions: tuple[Transition, ...]
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    _by_key: Mapping[tuple[str, str], Transition] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        by_key: dict[tuple[str, str], Transition] = {}
        for transition in self.transitions:
            for state in transition.from_states:
                if (transition.event, state) in by_key:
                    raise ValueError(f"{self.name}: event {transition.event} twice from {state}")
                by_key[transition.event, state] = transition
        object.__setattr__(self, "_by_key", by_key)
        problem = next(self._problems(), None)
        if problem:
            raise ValueError(f"{self.name}: {problem}")

    def transition(self, event: str, state: str) -> Transition:
        """The transition ``event`` makes from ``state``; TransitionError if there is none."""
        found = self._by_key.get((event, state))
        if found is None:
            word = next((t.word for t in self.transitions if t.event == event), event)
            here = self.states.get(state, state)
            raise TransitionError(
                f"{self.label}当前为“{here}”，不能“{word}”。可能已有人先行办理，请刷新后再试。"
            )
        return found

    def events_from(self, state: str) -> tuple[Transition, ...]:
        """Every transition possible in ``state``, in the order of the table."""
        return tuple(t for t in self.transitions if state in t.from_states)

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2"]
        lines += [f'    state "{label}" as {code}' for code, label in self.states.items()]
        lines.append(f"    [*] --> {self.initial}")
        lines += [f"    {s} --> {t.to}: {t.word}" for t in self.transitions for s in t.from_states]
        lines += [f"    {code} --> [*]" for code in self.states if code in self.terminal]
        return "\n".join(lines) + "\n"

    def markdown(self) -> str:
        """Heading, diagram, table of transitions and table of clocks, for the generated documents."""
        lines = [f"# {self.label} (`{self.name}`)", "", "```mermaid", self.mermaid().rstrip(), "```", ""]
        lines += ["| event | word | from | to | right | guard | notice |", "|---|---|---|---|---|---|---|"]
        lines += [_row(self, t) for t in self.transitions]
        if self.clocks:
            lines += ["", "| state | time | parameter | told when late |", "|---|---|---|---|"]
            lines += [
                f"| {self.states[s]} `{s}` | {c.label} | {_code(c.param)} | {_code(c.escalate_to)} |"
                for s, c in self.clocks.items()
            ]
        return "\n".join(lines) + "\n"

    def _problems(self) -> Iterator[str]:
        known = set(self.states)
        named = {self.initial, *self.terminal, *self.clocks, *(t.to for t in self.transitions)}
        named |= {s for t in self.transitions for s in t.from_states}
        if unknown := sorted(named - known):
            yield f"unknown states {unknown}"
        if empty := sorted(t.event for t in self.transitions if not t.from_states):
            yield f"events that start nowhere {empty}"
        exits = {s for t in self.transitions for s in t.from_states}
        if leaving := sorted(self.terminal & exits):
            yield f"terminal states with exits {leaving}"
        if unreachable := sorted(known - self._reachable()):
            yield f"unreachable states {unreachable}"
        if stuck := sorted(known - exits - self.terminal):
            yield f"states without exit that are not terminal {stuck}"

    def _reachable(self) -> set[str]:
        reached, ahead = {self.initial}, [self.initial]
        while ahead:
            for transition in self.events_from(ahead.pop()):
                if transition.to not in reached:
                    reached.add(transition.to)
                    ahead.append(transition.to)
        return reached


def _row(machine: Machine, transition: Transition) -> str:
    sources = "、".join(machine.states[s] for s in transition.from_states)
    return (
        f"| `{transition.event}` | {transition.word} | {sources} | {machine.states[transition.to]} "
        f"| `{transition.right}` | {_code(transition.guard)} | {_code(transition.notice)} |"
    )


def _code(value: str | None) -> str:
    return f"`{value}`" if value else ""
