"""Words and questions → clauses, ranked by where they hit. SQL under row security (ADR 0036)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from hutong.domains.library.machines.document import PUBLIC
from hutong.domains.library.models import Clause, Document
from hutong.domains.library.selectors.documents import Asked, in_force, list_public
from hutong.domains.library.selectors.terms import TERMS
from hutong.domains.policy import selectors as policy
from hutong.kernel import clock

MOST: Final = 60
LONGEST: Final = 200
_WORD = re.compile(r"[\u4e00-\u9fff]+|[0-9A-Za-z]+")
_WHOLE: Final = 6
"""A run of so many characters at most is also looked for as it stands."""
WHOLE, PART = 4, 1
"""Weight of a word as it stands, and of two characters of a longer run."""

_SCORED: Final = """
SELECT d.id, c.id,
  (SELECT COALESCE(sum(term.weight * (
        CASE WHEN strpos(d.number, term.word) > 0 THEN 6 ELSE 0 END
      + CASE WHEN strpos(d.title, term.word) > 0 THEN 3 ELSE 0 END
      + CASE WHEN strpos(COALESCE(c.number, '') || ' ' || COALESCE(c.heading, ''), term.word) > 0 THEN 4 ELSE 0 END
      + CASE WHEN strpos(COALESCE(c.summary, ''), term.word) > 0 THEN 3 ELSE 0 END
      + CASE WHEN strpos(COALESCE(c.original, ''), term.word) > 0 THEN 1 ELSE 0 END)), 0)
     FROM unnest(%(words)s::text[], %(weights)s::int[]) AS term(word, weight))
  + (SELECT COALESCE(sum(6 * length(word)), 0) FROM unnest(c.words) AS word
      WHERE length(word) > 1 AND (strpos(%(asked)s, word) > 0 OR word = ANY(%(words)s)))
  + (SELECT COALESCE(sum(2 * length(word)), 0) FROM unnest(d.words) AS word
      WHERE length(word) > 1 AND (strpos(%(asked)s, word) > 0 OR word = ANY(%(words)s)))
  + CASE WHEN d.number <> '' AND strpos(%(asked)s, d.number) > 0 THEN 100 ELSE 0 END
  + 10 * (SELECT count(*) FROM library_link AS link
           WHERE link.clause_id = c.id AND link.kind || ':' || link.name = ANY(%(things)s)) AS score
FROM library_document AS d LEFT JOIN library_clause AS c ON c.document_id = d.id
WHERE d.id = ANY(%(documents)s)
ORDER BY score DESC, d.applies_area, d.id, c.position LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause (None: the document has none yet) with its document; ``live``: in force on the day asked for."""

    document: Document
    clause: Clause | None
    score: int
    live: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """A question taken apart: ``whole`` as typed, ``parts`` pairs of characters of longer runs."""

    asked: str
    whole: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return not (self.whole or self.parts)


def terms(question: str, on: date | None = None) -> Terms:
    """Words to look for; words that only ask (怎么, 能不能 …) are left away, unless nothing else is there."""
    asked = (
        "".join(question.split())[:LONGEST]
        .replace("[", "〔")
        .replace("]", "〕")
        .replace("﹝", "〔")
        .replace("﹞", "〕")
    )
    runs = _WORD.findall(question[:LONGEST])
    silent = sorted(TERMS.find("asking_words", on) or [], key=len, reverse=True)
    telling: list[str] = []
    for run in runs:
        told = run
        for word in silent:
            told = told.replace(word, " ")
        telling += [one for one in told.split() if len(one) > 1 or one.isdigit()]
    telling = telling or [run for run in runs if len(run) > 1]
    whole = [one for one in telling if len(one) <= _WHOLE]
    parts = [one[n : n + 2] for one in telling if len(one) > 2 for n in range(len(one) - 1)]
    return Terms(
        asked, tuple(dict.fromkeys(whole)), tuple(one for one in dict.fromkeys(parts) if one not in whole)
    )


def search(question: str, asked: Asked) -> list[Hit]:
    """The best clauses, best first; what hits far less than the best is left away."""
    wanted = terms(question, asked.day)
    documents = {one.pk: one for one in list_public(asked)}
    if wanted.empty or not documents:
        return []
    values: dict[str, str | int | list[str] | list[int]] = {
        "asked": wanted.asked,
        "words": [*wanted.whole, *wanted.parts],
        "weights": [WHOLE] * len(wanted.whole) + [PART] * len(wanted.parts),
        "things": _things(wanted),
        "documents": list(documents),
        "most": MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SCORED, values)
        rows = [(d, c, int(score)) for d, c, score in cursor.fetchall() if score > 0]
    floor = max((score for _, _, score in rows), default=0) / 5
    best = [row for row in rows if row[2] >= floor]
    clauses = Clause.objects.prefetch_related("links").in_bulk([c for _, c, _ in best if c])
    live = _live(documents, asked)
    return [Hit(documents[d], clauses.get(c), score, d in live) for d, c, score in best]


def _things(wanted: Terms) -> list[str]:
    """Rules, parameters and programmes whose label has one of the words as it stands."""
    return [
        f"{kind}:{name}"
        for kind, named in policy.linkable().items()
        for name, label in named.items()
        if any(word in label for word in wanted.whole)
    ]


def _live(documents: dict[int, Document], asked: Asked) -> set[int]:
    if asked.day:
        return set(documents)
    now = Document.objects.filter(in_force(clock.today()), pk__in=documents, state__in=PUBLIC)
    return set(now.values_list("pk", flat=True))
