"""The front door of ``library`` for whoever reads."""

from hutong.domains.library.selectors.answering import Answer, Answers, answer
from hutong.domains.library.selectors.documents import (
    Asked,
    articles_of,
    get_clause,
    get_document,
    get_review,
    in_force,
    linked_names,
    list_clauses,
    list_drafts,
    list_public,
    list_relations,
    list_reviews,
    reviews_of,
    stale_links,
    unlinked_clauses,
    whole_links,
)
from hutong.domains.library.selectors.searching import Hit, search, terms

__all__ = [
    "Answer",
    "Answers",
    "Asked",
    "Hit",
    "answer",
    "articles_of",
    "get_clause",
    "get_document",
    "get_review",
    "in_force",
    "linked_names",
    "list_clauses",
    "list_drafts",
    "list_public",
    "list_relations",
    "list_reviews",
    "reviews_of",
    "search",
    "stale_links",
    "terms",
    "unlinked_clauses",
    "whole_links",
]
