"""Tables: sorting by an allow-list, pages without counting, addresses that keep the filters."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.http import QueryDict
from django.template import engines
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.foundation.design.listings import Column, listing

COLUMNS = (Column("姓名", "name", ("name",)), Column("村"))
ROWS = [{"name": f"儿童{at}"} for at in range(60)]


def test_a_page_knows_the_next_without_counting():
    page = listing(QueryDict("page=3"), COLUMNS, ROWS)
    assert [row["name"] for row in page.rows] == [f"儿童{at}" for at in range(50, 60)]
    assert (page.first, page.has_next, page.total) == (51, False, None)
    assert listing(QueryDict(""), COLUMNS, ROWS).has_next


@pytest.mark.parametrize(
    "asked", ["page=0", "page=-1", "page=x", "page=", "page=36516904996729141984046874624", "page=２"]
)
def test_absurd_pages_are_the_first(asked: str):
    assert listing(QueryDict(asked), COLUMNS, ROWS).page == 1


@settings(max_examples=60)
@given(st.text(max_size=12))
def test_only_allowed_columns_sort(asked: str):
    query = QueryDict(mutable=True)
    query["sort"] = asked
    chosen = listing(query, COLUMNS, ROWS, sort="name").sort
    assert chosen == asked if asked in ("name", "-name") else chosen.lstrip("-") == "name"


def test_addresses_keep_the_filters_and_a_new_sort_starts_over():
    page = listing(QueryDict("village=%E7%9F%B3&page=2&sort=name"), COLUMNS, ROWS)
    assert page.url(page=3) == "?village=%E7%9F%B3&page=3&sort=name"
    assert page.sort_url(COLUMNS[0]) == "?village=%E7%9F%B3&sort=-name"
    assert page.direction(COLUMNS[0]) == "ascending"
    assert page.direction(COLUMNS[1]) == "none"


@pytest.mark.django_db
def test_querysets_are_ordered_and_cut_in_the_database(django_assert_num_queries):
    columns = (Column("模型", "model", ("app_label", "-model")),)
    expected = list(ContentType.objects.order_by("-app_label", "model")[2:4])
    with django_assert_num_queries(1) as queries:
        page = listing(QueryDict("page=2&sort=-model"), columns, ContentType.objects.all(), size=2)
    assert page.rows == expected
    assert page.has_next
    assert "LIMIT 3 OFFSET 2" in queries[0]["sql"]
    with django_assert_num_queries(2):
        assert listing(QueryDict(""), columns, ContentType.objects.all(), count=True).total


def test_the_table_says_when_it_is_empty_and_escapes_rows():
    source = (
        '{% call(row) ui.table(page, id="t", caption="名册") %}<td>{{ row.name }}</td><td></td>{% endcall %}'
    )
    table = engines["jinja2"].from_string(source)
    assert "没有符合条件的记录" in table.render({"page": listing(QueryDict(""), COLUMNS, [])})
    drawn = table.render({"page": listing(QueryDict("sort=name"), COLUMNS, [{"name": "<b>x</b>"}])})
    assert "&lt;b&gt;x&lt;/b&gt;" in drawn
    assert 'aria-sort="ascending"' in drawn
    assert 'hx-select="#t"' in drawn
