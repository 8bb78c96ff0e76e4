"""Looking through one's own range for doubles, on demand, as a long job."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from hutong.domains.registry.services import pairs
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.longjobs import LongJobHandle
from hutong.foundation.workflow.models import LongJob

KIND: Final = "registry.doubles"


def start(*, actor: Acting) -> LongJob:
    actor.check("child.merge")
    return workflow.start_job(
        kind=KIND, title="查找疑似重复档案", actor=actor, params={}, result_link=reverse("registry:pairs")
    )


def run(handle: LongJobHandle) -> str:
    """Compare what the starter's post covers."""
    pairs.scan(handle.actor.post.area_code, actor=handle.actor, by="人工查找", progress=handle.progress)
    return reverse("registry:pairs")
