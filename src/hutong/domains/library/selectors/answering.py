"""What a hotline officer says on the phone: question → programmes with conditions, papers, amount, office; and the clauses (R-26.07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from hutong.domains.library.selectors.documents import Asked
from hutong.domains.library.selectors.searching import Hit, Terms, search, terms
from hutong.domains.policy import selectors as policy
from hutong.foundation.network import selectors as network
from hutong.kernel import areas

CLAUSES: Final = 8
OFFICES: Final = {"township": ("township", "XZ"), "county": ("county", "MZ"), "disabled": ("county", "CL"), "insurance": ("county", "YB")}  # fmt: skip
"""Office of a programme → (level of the place it stands at, kind of body in the network)."""
SMS: Final = 70
"""Characters of one message; a longer one is sent, and paid, as several."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One programme in the caller's place: ``office`` by name where the network knows it, ``message`` to send."""

    offer: policy.Offer
    office: str
    message: str
    score: int

    @property
    def messages(self) -> int:
        return -(-len(self.message) // SMS)


@dataclass(frozen=True, slots=True)
class Answers:
    asked: str
    programmes: tuple[Answer, ...]
    clauses: tuple[Hit, ...]
    unrecorded: tuple[str, ...]
    """Programmes that fit the words, without any basis on record in the place."""


def answer(question: str, area_code: str, on: date) -> Answers:
    """Everything at once. The place may be of any level: the figures are of its pack, the office as near as it tells."""
    wanted = terms(question, on)
    if wanted.empty:
        return Answers(question, (), (), ())
    scored = [(one, _score(one, wanted)) for one in policy.list_offers(area_code, on)]
    floor = max((score for _, score in scored), default=0) / 4
    best = sorted(((one, s) for one, s in scored if s and s >= floor), key=lambda pair: -pair[1])
    found = tuple(_answer(one, score, area_code) for one, score in best)
    hits = search(question, Asked(day=on, area=area_code))[:CLAUSES]
    missing = tuple(
        one for one in policy.unrecorded(area_code, on) if any(word in one for word in wanted.whole)
    )
    return Answers(question, found, tuple(hits), missing)


def _score(offer: policy.Offer, wanted: Terms) -> int:
    told = sum(3 * len(word) for word in offer.words if word in wanted.asked or word in wanted.whole)
    named = sum(4 for word in wanted.whole if word in offer.name)
    text = offer.short + offer.gives + "".join(offer.who)
    return told + named + sum(2 for word in wanted.whole if word in text) + _parts(offer, wanted)


def _parts(offer: policy.Offer, wanted: Terms) -> int:
    """Pairs of characters count only as two together: one alone is chance."""
    text = offer.name + "".join(offer.words)
    hits = sum(1 for part in wanted.parts if part in text)
    return hits if hits > 1 else 0


def _answer(offer: policy.Offer, score: int, area_code: str) -> Answer:
    office = find_office(offer, area_code)
    return Answer(offer, office, message(offer, office), score)


def find_office(offer: policy.Offer, area_code: str) -> str:
    """The body by name, at the place or the nearest above it; '' where the place is too wide or the network has none."""
    if offer.office not in OFFICES:
        return ""
    level, kind = OFFICES[offer.office]
    at = next((code for code in areas.ancestors(area_code) if areas.level(code) == level), "")
    if not at:
        return ""
    named = [one.name for one in network.list_orgs(within=at, kind=kind) if one.area_code == at]
    return named[0] if named else ""


def message(offer: policy.Offer, office: str) -> str:
    """What fits on a phone: who, how much, where, by when. Amounts that are not loaded are not promised."""
    loaded = [one for one in offer.amounts if policy.NOT_LOADED not in one]
    parts = [f"{offer.name}：{offer.short}"]
    if loaded:
        parts.append("；".join(loaded))
    parts.append(f"到{office or offer.where}申请")
    if offer.starts:
        parts.append(offer.starts + "发放")
    return "。".join(parts) + "。"
