"""What the registry does by itself at night."""

from __future__ import annotations

from hutong.domains.registry.models import Child
from hutong.domains.registry.services import exits, moving, pairs
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.workflow import jobs
from hutong.kernel import areas


def look_after_moves() -> int:
    """Moves nobody answered go to the county above, later back to the sender."""
    with use_scope(system_scope("转移时限")):
        return moving.sweep()


def archive_old_files() -> int:
    """Files that left a year ago are archived."""
    with use_scope(system_scope("归档")):
        return exits.archive_old()


def look_for_doubles() -> None:
    """Every county's files compared, one county a transaction; a killed night goes on the next."""
    with use_scope(system_scope("查找疑似重复")):
        codes = Child.objects.values_list("residence_area", flat=True).distinct()
        counties = sorted({areas.county(code) for code in codes})
    for county in counties:
        with use_scope(system_scope("查找疑似重复")):
            pairs.scan(county, actor=None, by="夜间查找")


jobs.every("15 0 * * *", "registry.moves", look_after_moves)
jobs.every("45 2 * * *", "registry.archive", archive_old_files)
jobs.every("40 2 * * *", "registry.look_for_doubles", look_for_doubles)
