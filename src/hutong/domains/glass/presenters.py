"""What is said of emergency openings."""

from __future__ import annotations

from django.urls import reverse
from django.utils.timezone import localtime

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.shell import Running

TONES = {"PENDING": "warn", "JUSTIFIED": "ok", "UNJUSTIFIED": "danger"}


def running(actor: Acting) -> list[Running]:
    """The line above every page while one lasts."""
    return [
        Running(
            f"紧急查阅进行中，{localtime(grant.until):%H:%M} 自动结束，所看内容逐条记录并须复核",
            reverse("glass:opening", args=[grant.ref]),
            reverse("glass:end", args=[grant.ref]),
        )
        for grant in actor.grants
        if grant.kind == "glass"
    ]
