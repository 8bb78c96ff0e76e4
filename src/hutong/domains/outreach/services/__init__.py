"""The front door of ``outreach``."""

from hutong.domains.outreach.services.acting import EVENTS, act
from hutong.domains.outreach.services.finding import find, find_everywhere
from hutong.domains.outreach.services.items import follow

__all__ = ["EVENTS", "act", "find", "find_everywhere", "follow"]
