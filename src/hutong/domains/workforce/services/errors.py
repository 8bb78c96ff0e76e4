"""What the keeper of the list is told when a step is not possible."""

from __future__ import annotations


class Refused(ValueError):
    """The text says why and how to mend it; ``field`` names the field of the form it belongs to."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field
