"""On the child's page: for named persons only, and the same whether or not there is anything to see."""

from __future__ import annotations

from django.template.loader import render_to_string

from hutong.domains.compartments import permissions, presenters
from hutong.domains.compartments.models import FACTS
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting


def sealed(actor: Acting, child: Child) -> str | None:
    """Doors to the compartments the actor is named for. Asks the database nothing."""
    doors = [
        (one, presenters.title(one))
        for one in actor.sealed
        if one in FACTS and permissions.may_open(actor, one)
    ]
    if not doors:
        return None
    return render_to_string("compartments/panel.html", {"child": child, "doors": doors}, using="jinja2")
