"""What policy announces."""

from typing import Final

ACTIVATED: Final = "scenario.activate"
"""``subject_id``: the scenario whose overlay is in force since this moment (``selectors.get_overlay``)."""
