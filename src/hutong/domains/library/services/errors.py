"""What the library refuses, in words for the user."""

from __future__ import annotations


class LibraryRefused(ValueError):
    """Not possible as given; the text says what, why and how to mend it."""
