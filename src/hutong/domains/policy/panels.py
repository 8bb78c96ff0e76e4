"""What policy shows on the child's page: categories, amounts and why."""

from __future__ import annotations

from django.template.loader import render_to_string

from hutong.domains.policy import presenters, selectors
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.kernel import clock


def categories(actor: Acting, child: Child) -> str | None:
    """类别与依据: what holds today by the pack of the child's hukou, with the tree of each; one page to print."""
    found = selectors.explain(child, clock.today(), conditions=1)
    return render_to_string("policy/panel.html", presenters.assessment(found, child), using="jinja2")
