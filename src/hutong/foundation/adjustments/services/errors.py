"""What a change of places refuses, in the words the user reads."""

from __future__ import annotations


class AdjustmentRefused(ValueError):
    """Not possible as given; ``problems`` names every row that stands in the way."""

    def __init__(self, sentence: str, problems: list[str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.problems = problems or []
