"""What can go wrong, each with a Chinese sentence for the person at the screen or terminal."""

from __future__ import annotations


class LinkageError(ValueError):
    """Base of the errors a user can mend; the text says what happened and how to mend it."""


class ContractError(LinkageError):
    """A file does not follow the data contract."""


class Cancelled(Exception):
    """The caller's progress function returned False; nothing was written."""
