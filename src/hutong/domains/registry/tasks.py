"""What the registry does by itself at night."""

from __future__ import annotations

from hutong.domains.registry.services import exits, moving
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import jobs


def look_after_moves() -> int:
    """Moves nobody answered go to the county above, later back to the sender."""
    with use_scope(system_scope("转移时限")):
        return moving.sweep()


def archive_old_files() -> int:
    """Files that left a year ago are archived."""
    with use_scope(system_scope("归档")):
        return exits.archive_old()


jobs.every("15 0 * * *", "registry.moves", look_after_moves)
jobs.every("45 2 * * *", "registry.archive", archive_old_files)
