"""The front door of ``glass``."""

from hutong.domains.glass.services.breaking import Opened, Refused, end, open_file
from hutong.domains.glass.services.reviewing import review

__all__ = ["Opened", "Refused", "end", "open_file", "review"]
