"""What the registry announces beside the steps of its machines (payloads: ids and codes only)."""

from typing import Final

MOVED: Final = "child.moved"
"""A file has a new place: ``child_id``, ``what`` (residence, hukou, both), ``from_area``, ``to_area``, ``move_id``.

Announced after the open worklist items have been handed over, so that what reacts finds the new owners.
"""

PLACED: Final = "child.placed"
"""A child of a split place was assigned to a new one: ``child_id``, ``changes`` (what, from, to)."""

CHANGED: Final = "child.changed"
"""Something the file says was changed: ``child_id``. Announced by every write of the registry's services, once a version."""

ROLL: Final = "child.roll"
"""What is paid or listed has changed: ``child_id``, ``scheme``, ``what`` (enter, leave), ``on``, ``at`` (the moment), ``by`` (who)."""
