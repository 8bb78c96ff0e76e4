"""What the network refuses, in the words the user reads."""

from __future__ import annotations


class NetworkRefused(ValueError):
    """The change breaks a rule of the network; the text says which and how to mend it."""
