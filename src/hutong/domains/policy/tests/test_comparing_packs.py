"""What a new year changes, on a page (R-04.19, R-43.01; issue 4, line 4)."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

PAGE = "/policy/packs/CQ-2021/compare/"


def page(client: Any, query: str, status: int = 200) -> str:
    response = client.get(PAGE + query)
    assert response.status_code == status
    return unescape(response.content.decode())


def test_two_packs_and_two_days(client_as: Any) -> None:
    client = client_as("county")
    assert PAGE in client.get("/policy/packs/CQ-2021/").content.decode()
    assert "孤儿基本生活费" not in page(client, "")
    found = page(client, "?with=CQ-2025&on=2025-06-01&then=2025-06-01")
    for words in (
        "重庆市（2021年）（2025-06-01",
        "1,256.00 元/月",
        "1,651.00 元/月",
        "渝民发〔2025〕6号",
        "每月应发",
        "改变",
    ):
        assert words in found
    same = page(client, "?with=CQ-2021&on=2021-06-01&then=2022-06-01")
    assert "没有不同" in same


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?with=CQ-2052", "没有名为“CQ-2052”的政策包，是否为“CQ-2025”？"),
        ("?with=CQ-2025&on=2010-01-01", "尚未施行"),
        ("?with=CQ-2025&on=nonsense&then=9999-99-99", "重庆市（2025年）"),
        ("?with=<script>", "没有名为"),
    ],
)
def test_what_cannot_be_compared_is_told(client_as: Any, query: str, words: str) -> None:
    found = page(client_as("county"), query)
    assert words in found
    assert "“<script>”" not in client_as("county").get(PAGE + query).content.decode()


def test_strangers_and_unknown_packs(client_as: Any) -> None:
    assert client_as("clerk").get(PAGE).status_code == 404
    assert client_as("director").get(PAGE).status_code == 200
    assert client_as("county").get("/policy/packs/XX/compare/").status_code == 404
