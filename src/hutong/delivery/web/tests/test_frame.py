"""The front of the house: refusals in plain Chinese."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.views import defaults

from hutong.delivery.web import views
from hutong.foundation.workflow.errors import NotNow


def test_home_asks_to_sign_in_first(db: None) -> None:
    answer = Client().get("/")
    assert answer.status_code == 302
    assert "/account/login" in answer["Location"]


def test_an_address_that_does_not_exist_says_so_in_chinese(client_as: Any, settings: Any) -> None:
    settings.DEBUG = False
    answer = client_as("director").get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到您要的内容" in answer.content.decode()


def test_a_form_from_another_site_is_refused_with_the_way_on(cast: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.director.user, backend="hutong.foundation.accounts.backend.SignInBackend")
    answer = client.post("/messages/read/")
    assert answer.status_code == 403
    assert "请返回上一页、刷新，再提交一次" in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "status"), [(NotNow("档案已由他人审核。"), 409), (PermissionDenied("没有权限。"), 403)]
)
def test_a_refusal_shows_its_sentence_and_tells_htmx(
    db: None, rf: RequestFactory, error: Exception, status: int
) -> None:
    answer: HttpResponse = views.refused(rf.get("/"), error)
    assert answer.status_code == status
    assert str(error) in answer.content.decode()
    assert answer["X-Message"].startswith("%E")


def test_a_crash_shows_no_inside(db: None, rf: RequestFactory) -> None:
    answer = defaults.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "本次没有保存任何改动" in answer.content.decode()
