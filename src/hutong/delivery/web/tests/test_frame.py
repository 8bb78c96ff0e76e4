"""The front of the house."""

from typing import Any

from django.test import Client


def test_home_asks_to_sign_in_first(db: None) -> None:
    answer = Client().get("/")
    assert answer.status_code == 302
    assert "/account/login" in answer["Location"]


def test_an_address_that_does_not_exist_says_so_in_chinese(client_as: Any, settings: Any) -> None:
    settings.DEBUG = False
    answer = client_as("director").get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到您要的内容" in answer.content.decode()
