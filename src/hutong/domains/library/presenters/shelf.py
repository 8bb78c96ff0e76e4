"""Documents, clauses and links in the words of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse

from hutong.domains.library import permissions, selectors
from hutong.domains.library.machines import document as machine
from hutong.domains.library.models import Clause, Document, Link
from hutong.domains.policy import selectors as policy
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock, formats

TONES: Final = {
    machine.DRAFT: "info", machine.REVIEW: "warn", machine.PUBLISHED: "ok", machine.REPEALED: "plain", machine.WITHDRAWN: "plain",
}  # fmt: skip
WORDS: Final = {one.event: one.word for one in machine.MACHINE.transitions} | {"create": "开始整理"}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a clause decides, as a page names it; ``url`` '' where there is no page."""

    kind: str
    label: str
    url: str


def things(links: Iterable[Link]) -> list[Thing]:
    known, found = policy.linkable(), []
    for one in links:
        label = known[one.kind].get(one.name, f"{one.name}（本版本已没有）")
        url = (
            reverse("library:rule", args=[one.name])
            if one.kind == "rule" and one.name in known["rule"]
            else ""
        )
        found.append(Thing(one.get_kind_display(), label, url))
    return found


def place(code: str) -> str:
    return "全国" if code == areas.COUNTRY else network.area_path(code) or code


def in_words(document: Document) -> dict[str, str]:
    """Issue, begin and end as far as they are on record."""
    end = f"{formats.date_zh(document.valid_to)} 起不再有效" if document.valid_to else "未规定"
    return {
        "issued": _day(document.issued_on, document.issue_known),
        "start": _day(document.valid_from, document.day_known),
        "end": end,
    }


def _day(day: date | None, known: bool) -> str:
    if day is None:
        return "日期待核对"
    return formats.date_zh(day) if known else f"{day.year} 年（具体日期待核对）"


def page(document: Document, actor: Acting) -> dict[str, Any]:
    """Context of a document's page."""
    today = clock.today()
    own, others = selectors.list_relations(document)
    live = (
        document.state == machine.PUBLISHED
        and selectors.list_public(selectors.Asked(day=today)).filter(pk=document.pk).exists()
    )
    librarian = actor.may("library.edit")
    return {
        "found": document,
        "tone": TONES[document.state],
        "live": live,
        "place": place(document.applies_area),
        "days": in_words(document),
        "clauses": [(one, things(one.links.all())) for one in selectors.list_clauses(document)],
        "whole": things(selectors.whole_links(document)),
        "relations": own,
        "related_by": others,
        "editable": permissions.can_edit(document, actor),
        "librarian": librarian,
        "problems": permissions.problems(document) if document.state == machine.DRAFT else [],
        "steps": steps(document, actor),
        "reviews": selectors.reviews_of(document) if librarian else [],
    }


def steps(document: Document, actor: Acting) -> list[tuple[str, str]]:
    """Buttons for this actor; a document of the release or of another office has none, the maker is not offered to publish."""
    if document.shipped or not actor.scope.covers(document.area_code):
        return []
    mine = document.made_by_id == actor.user.pk
    return [
        (one.event, one.word)
        for one in workflow.allowed_events(document, actor)
        if not (one.right == "library.publish" and mine)
    ]


def clause_label(clause: Clause | None) -> str:
    return clause.label if clause else "全文"
