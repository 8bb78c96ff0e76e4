"""What leaves the platform, who let it, and who took it."""

from hutong.domains.ledgers.models.exports import Download, ExportRequest
from hutong.domains.ledgers.models.quarterly import QuarterChange, QuarterReport

__all__ = ["Download", "ExportRequest", "QuarterChange", "QuarterReport"]
