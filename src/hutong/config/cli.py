"""The ``hutong`` command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.config.settings")
    from hutong.config.commands import hutong

    sys.exit(hutong())
