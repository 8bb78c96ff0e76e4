"""The whole registry goes out only with an approved request of the same person (TM-06; R-46.01)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from hutong.domains.ledgers import services
from hutong.domains.ledgers.models import Download, ExportRequest
from hutong.domains.ledgers.selectors import Asked
from hutong.domains.ledgers.tests.conftest import WORDS, settle
from hutong.domains.registry import transfer
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit.models import Read
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock

pytestmark = pytest.mark.django_db
ALL = Asked("all", "990101000000", "residence")


def approved(cast: SimpleNamespace) -> ExportRequest:
    with use_scope(cast.county.scope):
        request = services.ask(actor=cast.county, asked=ALL, form="folder", purpose="NATIONAL", words=WORDS)
    assert request.small is False
    with use_scope(cast.county_second.scope):
        services.approve(request=ExportRequest.objects.get(pk=request.pk), actor=cast.county_second)
    settle()
    return request


def test_without_a_request_nothing_is_written(make: Any, cast: SimpleNamespace, tmp_path: Path) -> None:
    make(2)
    for number in ("", "DC20261012-ABCDEF"):
        with pytest.raises(PermissionDenied):
            transfer.export_folder(tmp_path / "out", cast.county, permit=number)
    assert list(tmp_path.rglob("*.parquet")) == []
    with use_scope(system_scope("test")):
        assert not Read.objects.exists()


def test_with_an_approved_one_it_is_written_and_recorded(
    make: Any, cast: SimpleNamespace, tmp_path: Path
) -> None:
    make(2)
    request = approved(cast)
    counts = transfer.export_folder(tmp_path / "out", cast.county, permit=request.number)
    assert counts["children"] == 2
    with use_scope(system_scope("test")):
        assert Read.objects.filter(what=f"导出档案 {request.number}").count() == 2
        assert Download.objects.get().rows == 2
    with pytest.raises(NotNow):
        transfer.export_folder(tmp_path / "other", cast.county_second, permit=request.number)
    with clock.frozen(clock.now() + timedelta(hours=49)), pytest.raises(NotNow, match="已过有效期"):
        transfer.export_folder(tmp_path / "late", cast.county, permit=request.number)


def test_a_request_that_waits_opens_nothing(make: Any, cast: SimpleNamespace, tmp_path: Path) -> None:
    make(2)
    with use_scope(cast.county.scope):
        request = services.ask(actor=cast.county, asked=ALL, form="folder", purpose="NATIONAL", words=WORDS)
    with pytest.raises(NotNow, match="没有可取的文件"):
        transfer.export_folder(tmp_path / "out", cast.county, permit=request.number)
    with use_scope(cast.supervisor.scope), pytest.raises(PermissionDenied):
        services.ask(actor=cast.supervisor, asked=ALL, form="folder", purpose="WORK", words=WORDS)
