"""One benefit a child seems entitled to and does not have: told, helped with, and how it ended (R-43.03; ADR 0037)."""

from __future__ import annotations

from typing import Final

from hutong.kernel.transitions import Machine, Transition

FOUND, TOLD, HELPED = "FOUND", "TOLD", "HELPED"
GRANTED, DECLINED, NOT_MET, LAPSED = "GRANTED", "DECLINED", "NOT_MET", "LAPSED"

LIVE: Final = (FOUND, TOLD, HELPED)
ANSWERED: Final = (GRANTED, DECLINED, NOT_MET)
"""Ended by somebody's word: remembered until the facts change or the term of ``data/terms.yaml`` has passed."""
ENDED: Final = (*ANSWERED, LAPSED)

MACHINE: Final = Machine(
    name="offer",
    label="可享待遇",
    states={
        FOUND: "待告知",
        TOLD: "已告知",
        HELPED: "已协助申请",
        GRANTED: "已享受",
        DECLINED: "家庭不申请",
        NOT_MET: "不符合",
        LAPSED: "情形已变",
    },
    initial=FOUND,
    terminal=frozenset({LAPSED}),
    transitions=(
        Transition("tell", (FOUND,), TOLD, "outreach.act", "已告知", guard="outreach.words"),
        Transition("help", (FOUND, TOLD), HELPED, "outreach.act", "已协助申请", guard="outreach.words"),
        Transition("grant", LIVE, GRANTED, "outreach.act", "已在享受", guard="outreach.words"),
        Transition("decline", LIVE, DECLINED, "outreach.act", "家庭不申请", guard="outreach.words"),
        Transition("refuse", LIVE, NOT_MET, "outreach.act", "不符合", guard="outreach.words"),
        Transition("reopen", ANSWERED, FOUND, "outreach.act", "重新办理", guard="outreach.words"),
        Transition("settle", LIVE, GRANTED, "outreach.find", "已在册"),
        Transition("lapse", LIVE, LAPSED, "outreach.find", "情形已变"),
    ),
)
