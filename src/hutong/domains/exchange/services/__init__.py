"""The front door of ``exchange``: every write."""

from hutong.domains.exchange.services.amending import accept as accept_amendment
from hutong.domains.exchange.services.amending import ask as ask_amendment
from hutong.domains.exchange.services.amending import recall
from hutong.domains.exchange.services.amending import refuse as refuse_amendment
from hutong.domains.exchange.services.checking import check_now, map_columns, start_check
from hutong.domains.exchange.services.comparing import cancel_run, run_now, start_run
from hutong.domains.exchange.services.deciding import confirm, refuse, withdraw
from hutong.domains.exchange.services.delivering import deliver
from hutong.domains.exchange.services.parcels import add_piece, close_parcel, open_parcel
from hutong.domains.exchange.services.pushing import compare_now, push, set_up_comparer
from hutong.domains.exchange.services.rehearsing import NAME as PUSHED_NAME
from hutong.domains.exchange.services.rehearsing import Rehearsal, as_csv, rehearse, rehearse_row
from hutong.domains.exchange.services.returning import rejected_lines, rejected_workbook

__all__ = [
    "PUSHED_NAME",
    "Rehearsal",
    "accept_amendment",
    "add_piece",
    "as_csv",
    "ask_amendment",
    "cancel_run",
    "check_now",
    "close_parcel",
    "compare_now",
    "confirm",
    "deliver",
    "map_columns",
    "open_parcel",
    "push",
    "recall",
    "refuse",
    "refuse_amendment",
    "rehearse",
    "rehearse_row",
    "rejected_lines",
    "rejected_workbook",
    "run_now",
    "set_up_comparer",
    "start_check",
    "start_run",
    "withdraw",
]
