"""One person in one post, from nomination to the last day (model.md §4.22): what is known about her decides each step."""

from __future__ import annotations

from typing import Final

from hutong.kernel.transitions import Machine, Transition

NOMINATED, CHECKED, TRAINED, EXAM_PASSED = "NOMINATED", "CHECKED", "TRAINED", "EXAM_PASSED"
ACTIVE, RETRAIN_DUE, SUSPENDED, REPLACED = "ACTIVE", "RETRAIN_DUE", "SUSPENDED", "REPLACED"
BEFORE: Final = (NOMINATED, CHECKED, TRAINED, EXAM_PASSED)
WORKING: Final = (ACTIVE, RETRAIN_DUE)
LIVE: Final = (*BEFORE, *WORKING, SUSPENDED)
ONWARD: Final = ("check", "train", "examine", "activate")
"""Steps taken by themselves as soon as what they ask for is on record."""
_KEEP: Final = "workforce.keep"

MACHINE: Final = Machine(
    name="appointment",
    label="任职资格",
    states={
        NOMINATED: "待背景查询",
        CHECKED: "待岗前培训",
        TRAINED: "待考核",
        EXAM_PASSED: "待上岗",
        ACTIVE: "在岗",
        RETRAIN_DUE: "待轮训",
        SUSPENDED: "停岗",
        REPLACED: "已离任",
    },
    initial=NOMINATED,
    terminal=frozenset({REPLACED}),
    transitions=(
        Transition("check", (NOMINATED,), CHECKED, _KEEP, "背景查询通过", guard="workforce.checked"),
        Transition("train", (CHECKED,), TRAINED, _KEEP, "完成岗前培训", guard="workforce.trained"),
        Transition("examine", (TRAINED,), EXAM_PASSED, _KEEP, "考核合格", guard="workforce.examined"),
        Transition("activate", (EXAM_PASSED,), ACTIVE, _KEEP, "上岗"),
        Transition("fall_due", (ACTIVE,), RETRAIN_DUE, _KEEP, "轮训到期", guard="workforce.due"),
        Transition("retrain", (RETRAIN_DUE,), ACTIVE, _KEEP, "完成轮训", guard="workforce.retrained"),
        Transition("suspend", (*BEFORE, *WORKING), SUSPENDED, _KEEP, "停岗", guard="workforce.words"),
        Transition("resume", (SUSPENDED,), NOMINATED, _KEEP, "恢复，重新核对资格", guard="workforce.words"),
        Transition("replace", LIVE, REPLACED, _KEEP, "离任"),
    ),
)
