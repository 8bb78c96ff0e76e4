"""The gate: who is not examined or not checked signs no visit and no report (R-34.03, law.md §18; WP-20)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from hutong.domains.workforce import selectors
from hutong.foundation.access.acting import Acting


def find_bar(actor: Acting) -> str:
    """Why the acting person may not sign now, as a sentence; '' when she may. One query, none for posts without the rule."""
    if actor.role not in selectors.signing_roles():
        return ""
    state = selectors.own_standing(actor)
    if state.may_sign:
        return ""
    whom = "儿童督导员" if actor.role == "VILLAGE_CHILD_DIRECTOR" else "县级民政部门"
    return f"您还不能签署走访和核实结果：{'；'.join(state.problems)}。请联系{whom}补办并登记后再提交，已填内容会保留。"


def check_may_sign(actor: Acting) -> None:
    """Raise the sentence of ``find_bar``."""
    bar = find_bar(actor)
    if bar:
        raise PermissionDenied(bar)
