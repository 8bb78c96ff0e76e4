"""What finding shows on the child's page."""

from __future__ import annotations

from django.template.loader import render_to_string

from hutong.domains.outreach import presenters, selectors
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting


def offers(actor: Acting, child: Child) -> str | None:
    """What the family may have and has not, and what is to be found out first; None where there is neither."""
    found, asked = selectors.fetch_of_child(child), selectors.find_question(child)
    if not found and asked is None:
        return None
    context = {
        "child": child,
        "rows": [presenters.row(one) for one in found],
        "asked": presenters.question(asked) if asked else None,
    }
    return render_to_string("outreach/panel.html", context, using="jinja2")
