"""What the door forgets in time: nonces nobody could use again, answers nobody will ask for, what was tried out."""

from __future__ import annotations

from hutong.delivery.api.desks import trial
from hutong.delivery.api.services import answering, letting_in
from hutong.foundation.workflow import jobs


def forget() -> None:
    letting_in.forget()
    answering.forget()
    trial.forget()


jobs.every("50 3 * * *", "door.forget", forget)
