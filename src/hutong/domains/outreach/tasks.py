"""What finding does by itself at night."""

from __future__ import annotations

from hutong.domains.outreach.services import finding
from hutong.foundation.workflow import jobs

jobs.every("20 1 * * *", "outreach.find", finding.find_everywhere)
