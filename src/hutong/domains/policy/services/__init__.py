"""The front door of ``policy`` for those who act: keeping what the rules said, with the facts it rested on."""

from hutong.domains.policy.services.keeping import Found, keep, keep_found

__all__ = ["Found", "keep", "keep_found"]
