"""What the ledgers show on the child's page: how complete the file is, what lacks and who supplies it; its 登记表."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse

from hutong.domains.ledgers.data.forms import forms
from hutong.domains.ledgers.selectors import completeness
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting


def filing(actor: Acting, child: Child) -> str | None:
    """One line; one query. A closed file is not completed any more."""
    if child.state in {"CLOSED", "ARCHIVED"}:
        return None
    papers = [
        (one.title, reverse("ledgers:paper", args=[child.public_id, one.code])) for one in forms().values()
    ]
    context = {"score": completeness.of_child(child), "papers": papers}
    return render_to_string("ledgers/panel.html", context, using="jinja2")
