"""What the ledgers refuse, in sentences for the user."""

from __future__ import annotations


class Refused(Exception):
    """Not possible as given. ``field`` names the form field it concerns, '' the whole."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
