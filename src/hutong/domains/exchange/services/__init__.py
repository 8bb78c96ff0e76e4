"""The front door of ``exchange``: every write."""

from hutong.domains.exchange.services.checking import check_now, map_columns, start_check
from hutong.domains.exchange.services.comparing import cancel_run, run_now, start_run
from hutong.domains.exchange.services.deciding import confirm, refuse, withdraw
from hutong.domains.exchange.services.delivering import deliver

__all__ = [
    "cancel_run",
    "check_now",
    "confirm",
    "deliver",
    "map_columns",
    "refuse",
    "run_now",
    "start_check",
    "start_run",
    "withdraw",
]
