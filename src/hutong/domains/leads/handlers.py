"""What leads do when others announce."""

from __future__ import annotations

from typing import Any

from hutong.domains.leads.services import moving, policy_changes
from hutong.domains.policy import events as policy
from hutong.domains.registry import events as registry
from hutong.foundation.workflow import outbox


@outbox.handles(registry.MOVED)
def follow(payload: dict[str, Any]) -> None:
    """A child's leads go where the child went."""
    moving.follow(payload["child_id"])


@outbox.handles(policy.ACTIVATED)
def recompute(payload: dict[str, Any]) -> None:
    """Whoever a new policy takes in or puts out becomes a lead."""
    policy_changes.begin(payload["subject_id"])
