"""Server-side tables: sorting by an allow-list, pages without counting everything, addresses that keep the filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

LAST_PAGE = 10_000
"""Beyond this nobody turns pages; also keeps absurd numbers out of OFFSET."""

MOST_COUNTED = 1000
"""A list longer than this is told as “1,000 条以上”: counting a province's rows on each page serves nobody."""

Fetch = Callable[[tuple[str, ...], int, int], Sequence[Any]]
"""``fetch(order, start, stop)``: one page of rows, for lists asked so often that their query is remembered."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading. ``order`` are the ``order_by`` terms when sorted by it, empty when it cannot be sorted.

    ``kind`` is 'text', 'number' (right-aligned) or 'actions' (heading read by screen readers only).
    """

    label: str
    key: str = ""
    order: tuple[str, ...] = ()
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of rows and the way to the others. ``total`` is None when it was not counted, never above ``MOST_COUNTED`` + 1."""

    columns: tuple[Column, ...]
    rows: Sequence[Any]
    page: int
    size: int
    has_next: bool
    total: int | None
    sort: str
    query: QueryDict

    def url(self, **changes: str | int | None) -> str:
        """This list's address with parameters changed; None drops one. A new sort starts at page 1."""
        query = self.query.copy()
        if "sort" in changes:
            query.pop("page", None)
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = str(value)
        return f"?{query.urlencode()}"

    def sort_url(self, column: Column) -> str:
        """Ascending first; the other way when already ascending."""
        return self.url(sort=f"-{column.key}" if self.sort == column.key else column.key)

    def direction(self, column: Column) -> str:
        """'ascending', 'descending' or 'none', as ``aria-sort`` wants it."""
        if not column.key or self.sort.lstrip("-") != column.key:
            return "none"
        return "descending" if self.sort.startswith("-") else "ascending"

    @property
    def total_words(self) -> str:
        """'共 213 条', '共 1,000 条以上', '' when it was not counted."""
        if self.total is None:
            return ""
        return f"共 {self.total:,} 条" if self.total <= MOST_COUNTED else f"共 {MOST_COUNTED:,} 条以上"

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1."""
        return (self.page - 1) * self.size + 1


def listing(
    query: QueryDict,
    columns: Sequence[Column],
    rows: QuerySet[Any] | Sequence[Any] | Fetch,
    *,
    size: int = 25,
    count: bool | Callable[[], int] = False,
    sort: str = "",
) -> Listing:
    """One page of ``rows`` as ``?page=`` and ``?sort=`` ask; unknown values fall back to page 1 and ``sort``.

    Fetches one row more than shown to know whether there is a next page; ``count`` adds one counting query, or tells how to count.
    """
    page = _page(query.get("page", "1"))
    orders = {column.key: column.order for column in columns if column.key and column.order}
    asked = query.get("sort", "")
    chosen = asked if asked.lstrip("-") in orders else sort
    terms = _directed(orders.get(chosen.lstrip("-"), ()), chosen.startswith("-"))
    start, stop = (page - 1) * size, page * size + 1
    if callable(rows):
        found = list(rows(terms, start, stop))
    else:
        if terms and isinstance(rows, QuerySet):
            rows = rows.order_by(*terms)
        found = list(rows[start:stop])
    return Listing(
        columns=tuple(columns),
        rows=found[:size],
        page=page,
        size=size,
        has_next=len(found) > size,
        total=count() if callable(count) else _total(rows) if count else None,
        sort=chosen,
        query=query,
    )


def _page(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _directed(terms: Sequence[str], descending: bool) -> tuple[str, ...]:
    if not descending:
        return tuple(terms)
    return tuple(term[1:] if term.startswith("-") else f"-{term}" for term in terms)


def _total(rows: QuerySet[Any] | Sequence[Any] | Fetch) -> int:
    if isinstance(rows, QuerySet):
        return rows.order_by()[: MOST_COUNTED + 1].count()
    if callable(rows):
        raise TypeError("Say how to count rows that are fetched page by page.")
    return len(rows)
