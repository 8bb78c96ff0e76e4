"""The journal of production: what happened and where in the code, nothing about people (TM-08)."""

from __future__ import annotations

import logging
import sys

import pytest
from django.db import DatabaseError, transaction
from django.test import Client, RequestFactory

from hutong.config import logs
from hutong.foundation.accounts.models import User

NUMBER = "500199201403078842"
PLAIN = logs.PlainFormatter()


def line(message: str, *args: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    return PLAIN.format(logging.LogRecord("hutong.x", logging.ERROR, __file__, 1, message, args, info))


@pytest.mark.parametrize(
    "said", [NUMBER, "50019920140307884X", "138 0013 8000", "023-68001234", "6222021234567890123", "张小明", "欧阳·买买提"]
)  # fmt: skip
def test_numbers_and_names_are_masked_wherever_they_stand(said: str) -> None:
    written = line("row %s of %s", said, 4711)
    assert said not in written
    assert written == f"ERROR hutong.x row {'#' if said[0].isdigit() else '…'} of 4711"


def test_a_refused_row_tells_the_constraint_and_not_the_row(db: None) -> None:
    """PostgreSQL's DETAIL quotes the failing row; Django's message carries it."""
    User.objects.create_user("zhang", "Weeping-Willow-7", name="张小明")
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        User.objects.create_user("zhang", "Weeping-Willow-7", name="张小明")
    assert "zhang" in str(refused.value)
    written = line("could not save", error=refused.value)
    assert "zhang" not in written
    assert "张" not in written
    assert "accounts_user_username_key" in written
    assert "23505" in written


def test_an_exception_keeps_its_place_and_loses_its_value() -> None:
    try:
        try:
            int("Zhang Xiaoming")
        except ValueError as error:
            raise RuntimeError("Zhang Xiaoming, born 2014-03-07") from error
    except RuntimeError:
        info = sys.exc_info()[1]
    written = line("import failed", error=info)
    assert "Zhang" not in written
    assert "2014" not in written
    assert "RuntimeError" in written
    assert "ValueError" in written
    assert "test_logs.py" in written


def test_nobody_writes_a_second_line(rf: RequestFactory) -> None:
    assert "\n" not in line("asked for %s", "x\nCRITICAL root all is well\u2028")


def test_an_address_stands_in_no_line(rf: RequestFactory) -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, "Not Found: %s", (f"/x/{NUMBER}/张小明",), None
    )
    record.request, record.status_code = rf.get(f"/x/{NUMBER}/张小明"), 404
    assert PLAIN.format(record) == "WARNING django.request 404 GET (no such address)"


def test_a_request_is_logged_by_page_status_and_time(db: None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="hutong.requests"):
        Client().get(f"/account/login/?next=/children/{NUMBER}")
    (record,) = [one for one in caplog.records if one.name == "hutong.requests"]
    assert record.getMessage().startswith("GET account_login 200 ")
    assert NUMBER not in record.getMessage()


def test_production_uses_these_lines_for_django_too() -> None:
    made = logs.configuration(level="WARNING", requests=True, plain=True)
    assert made["formatters"]["line"] == {"()": "hutong.config.logs.PlainFormatter"}
    assert made["loggers"]["django"]["propagate"] is True
