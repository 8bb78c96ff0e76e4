"""The front door of ``policy``: which pack rules, what it says of a child, and why."""

from hutong.domains.policy.selectors.child_facts import facts_for_child
from hutong.domains.policy.selectors.explaining import Assessment, explain, why
from hutong.domains.policy.selectors.packs import (
    Assignment,
    PackInfo,
    book,
    due_day,
    list_assignments,
    list_packs,
    pack_for,
    pack_info,
    scheme_label,
)

__all__ = [
    "Assessment",
    "Assignment",
    "PackInfo",
    "book",
    "due_day",
    "explain",
    "facts_for_child",
    "list_assignments",
    "list_packs",
    "pack_for",
    "pack_info",
    "scheme_label",
    "why",
]
