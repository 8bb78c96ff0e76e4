"""Leads and documents keep the file they were made with; the survivor's page shows them (architecture §3.9)."""

from __future__ import annotations

import io
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hutong.domains.leads import services as leads
from hutong.domains.leads.models import Lead
from hutong.domains.registry import services
from hutong.domains.registry.models import Child, Pair
from hutong.foundation.access.scope import use_scope
from hutong.foundation.documents import services as documents
from hutong.foundation.documents.models import Document
from hutong.foundation.documents.tests import files
from hutong.foundation.workflow.models import OPEN, WorkItem
from hutong.kernel import clock

from .factories import row

pytestmark = pytest.mark.django_db
WILLOW = "990101101201"


def test_what_hangs_on_the_merged_file_stays_and_is_shown(client_as: Any, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        kept, gone = (
            Child.objects.create(
                file_no=f"H990101000{n}", name="柳试", sex=1, birth_date=date(2015, 5, 1), id_kind="UNSEEN",
                hukou_area=WILLOW, residence_area=WILLOW, state="ACTIVE",
            )
            for n in (1, 2)
        )  # fmt: skip
        paper = documents.store(
            file=io.BytesIO(files.png()), actor=cast.director, child_id=gone.pk, area_code=WILLOW, purpose="户口簿",
            name="户口簿.png",
        )  # fmt: skip
        pair = Pair.objects.create(
            first=kept, second=gone, area_code=WILLOW, score=85, found_by="试", found_at=clock.now()
        )
    with use_scope(cast.county.scope):
        leads.receive(rows=[row(gone)], run_id=1, as_of=date(2026, 9, 30), pack="base", actor=cast.county)
        waiting = list(
            WorkItem.objects.filter(OPEN).values_list("pk", "subject_type", "subject_id", "child_id")
        )
    with use_scope(cast.supervisor.scope):
        services.ask_merge(pair, actor=cast.supervisor, survivor="first", takes=(), reason="入户核实是同一人")
    with use_scope(cast.county.scope):
        services.confirm_merge(pair, actor=cast.county)
        assert Lead.objects.get().child == gone
        assert Document.objects.get().child_id == gone.pk
        assert set(waiting) <= set(
            WorkItem.objects.filter(OPEN).values_list("pk", "subject_type", "subject_id", "child_id")
        )
    client = client_as("director")
    page = client.get(reverse("registry:child", args=[gone.public_id]), follow=True).content.decode()
    assert f"线索（并入的档案 {gone.file_no}）" in page
    assert reverse("documents:download", args=[paper.public_id]) in page
    lead = client.get(reverse("leads:lead", args=[_lead(cast)]))
    assert lead.status_code == 200


def _lead(cast: SimpleNamespace) -> str:
    with use_scope(cast.county.scope):
        return str(Lead.objects.get().public_id)
