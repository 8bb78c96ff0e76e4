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
from hutong.domains.policy.selectors.programmes import (
    NOT_LOADED,
    Offer,
    find_offer,
    list_offers,
    offers_of,
    unrecorded,
)

__all__ = [
    "NOT_LOADED",
    "Assessment",
    "Assignment",
    "Offer",
    "PackInfo",
    "book",
    "due_day",
    "explain",
    "facts_for_child",
    "find_offer",
    "list_assignments",
    "list_offers",
    "list_packs",
    "offers_of",
    "pack_for",
    "pack_info",
    "scheme_label",
    "unrecorded",
    "why",
]
