"""What is still missing, and when the answer changes: remedies and turns of one rule as data and as Chinese sentences.

The data is JSON-able: ``rule``, ``label``, ``value``; ``remedies`` (each with ``sentence``, ``day`` and ``slots`` of ``steps``,
a step with ``text``, ``day`` and the ``facts`` it tells); ``turn`` (``day``, ``after``, ``because``, ``sentence``) or null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from hutong.kernel.facts import PARENTS
from hutong.rulebook.explain import Tree, plain
from hutong.rulebook.facts import FACTS_BY_NAME
from hutong.rulebook.remedies import MOST_SLOTS, Remedies, Remedy, Slot, Step, first_day
from hutong.rulebook.timeline import DAY, Facts, Timeline, Turn, next_turn

OPPOSITE: Final = {
    "残疾证已过期": "残疾证重新办理并有效",
    "在机构集中养育": "不再由机构集中养育",
    "不满18周岁": "年满18周岁",
    "不满16周岁": "年满16周岁",
    "务工地与户籍地均在核心城区": "务工地与户籍地不都在核心城区",
    "身份不明": "身份已查明",
}
"""A condition → how one says that it does not hold."""
OUTCOME: Final = {True: "符合", False: "不符合", None: "尚不能判定是否符合"}


class Outlook:
    """One child's outlook: by ``timeline``, with ``facts`` today; ``facts_on`` gives those of a later day if nothing new happens."""

    def __init__(
        self,
        timeline: Timeline,
        facts: Facts,
        *,
        facts_on: Callable[[date], Facts] | None = None,
        extra: Iterable[date] = (),
    ) -> None:
        self.timeline = timeline
        self.facts = facts
        self._facts_on = facts_on or (lambda day: facts)
        self._extra = frozenset(extra)
        self._remedies = Remedies(timeline, facts)

    def of(self, rule: str, most: int = MOST_SLOTS) -> Tree:
        """What would make the rule true (at most so many conditions together), and when it next says something else."""
        built = self.timeline.book(self.timeline.on).rules[rule]
        turn = next_turn(self.timeline, self._facts_on, rule, extra=self._extra)
        found = self._remedies.of(rule, most)
        return {
            "rule": rule,
            "label": built.label,
            "value": plain(self.timeline.read(self.facts, self.timeline.on).rule(rule)),
            "remedies": [self._remedy(one, built.label) for one in found],
            "turn": _turn(turn, built.label) if turn else None,
        }

    def _remedy(self, remedy: Remedy, label: str) -> Tree:
        day = first_day((slot.steps[0] for slot in remedy.slots), self.timeline.on)
        return {
            "sentence": f"若{'，并且'.join(slot_words(slot) for slot in remedy.slots)}，则符合“{label}”。",
            "day": day.isoformat(),
            "slots": [
                {
                    "label": slot.label,
                    "words": slot_words(slot),
                    "steps": [_step(step) for step in slot.steps],
                }
                for slot in remedy.slots
            ],
        }


def _step(step: Step) -> Tree:
    told = [{"name": n, "label": FACTS_BY_NAME[n].label, "value": plain(v)} for n, v in step.changes]
    return {"text": step_words(step), "day": plain(step.day), "facts": told}


def _turn(turn: Turn, label: str) -> Tree:
    return {
        "day": turn.day.isoformat(),
        "after": plain(turn.after),
        "because": [condition_words(*one) for one in turn.because],
        "sentence": turn_words(turn, label),
    }


def condition_words(label: str, holds: bool) -> str:
    """A condition that holds, or how one says that it does not."""
    if holds:
        return label
    for said, opposite in OPPOSITE.items():
        if label.endswith(said):
            return label.removesuffix(said) + opposite
    return f"不再有“{label}”"


def step_words(step: Step) -> str:
    words = "、".join(condition_words(*one) for one in step.labels)
    return f"{words}（{step.day}起）" if step.day else words


def slot_words(slot: Slot) -> str:
    """One condition in words, or any of several: those of one parent with the parent named once."""
    words = [step_words(step) for step in slot.steps]
    if len(words) == 1:
        return words[0]
    for _, parent in PARENTS:
        if all(text.startswith(parent) for text in words):
            return f"{parent}有下列情形之一：{'；'.join(text.removeprefix(parent).replace('、' + parent, '、') for text in words)}"
    return f"有下列情形之一：{'；'.join(words)}"


def turn_words(turn: Turn, label: str) -> str:
    why = "、".join(condition_words(*one) for one in turn.because)
    because = f"（届时{why}）" if why else ""
    if turn.before is True:
        return f"如情况不变，到 {turn.day - DAY} 为止都符合“{label}”；{turn.day} 起{_after(turn.after)}{because}。"
    return f"如情况不变，{turn.day} 起{_after(turn.after)}“{label}”{because}。"


def _after(value: Any) -> str:
    return OUTCOME[value] if value is None or isinstance(value, bool) else "变为"


def lines(outlook: Tree) -> list[str]:
    """For the command line: what is missing, and when it changes."""
    missing = [f"未满足时：{one['sentence']}" for one in outlook["remedies"]]
    return [*missing, *([f"何时会变：{outlook['turn']['sentence']}"] if outlook["turn"] else [])]
