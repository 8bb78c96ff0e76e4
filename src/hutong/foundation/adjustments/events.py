"""What a change of places announces."""

from typing import Final

APPLIED: Final = "adjustment.applied"
"""``adjustment_id``: areas and everything filed by place have changed in the same transaction."""
