"""What leads show on the child's page."""

from __future__ import annotations

from django.template.loader import render_to_string

from hutong.domains.leads import selectors
from hutong.domains.leads.presenters import leads as presenters
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting


def leads(actor: Acting, child: Child) -> str | None:
    """This child's leads with what was found each time; None where there never was one."""
    found = selectors.fetch_of_child(child)
    if not found:
        return None
    rows = [
        {"lead": one, "badge": presenters.badge(one), "kind": presenters.kind_words(one), "tone": presenters.KIND_TONES[one.kind]}
        for one in found
    ]  # fmt: skip
    return render_to_string("leads/panel.html", {"rows": rows}, using="jinja2")
