"""What leaves the platform, who let it, and who took it."""

from hutong.domains.ledgers.models.exports import Download, ExportRequest

__all__ = ["Download", "ExportRequest"]
