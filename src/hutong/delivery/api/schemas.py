"""What goes through the door, in shapes: limits on everything that comes in, nothing of a child in anything that goes out."""

from __future__ import annotations

import builtins
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
Text = Annotated[str, Field(min_length=1, max_length=300, pattern=PLAIN)]
Cell = Annotated[str, Field(max_length=500)]
Row = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=40)], Cell | None], Field(min_length=1, max_length=40)
]
Period = Annotated[str, Field(pattern=r"^20[0-9]{2}Q[1-4]$", examples=["2026Q4"])]
Id = Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]


class In(Schema):
    """What comes in: nothing beside what is named, and no kind of value for another."""

    model_config = ConfigDict(extra="forbid", strict=True)


class RowsIn(In):
    period: Period
    rows: Annotated[list[Row], Field(min_length=1, max_length=5_000)]
    supplements: Id | None = None


class ParcelIn(In):
    period: Period
    supplements: Id | None = None


class PieceIn(In):
    rows: Annotated[list[Row], Field(min_length=1, max_length=5_000)]


class CloseIn(In):
    pieces: Annotated[int, Field(ge=1, le=100)]
    rows: Annotated[int, Field(ge=1, le=500_000)]


class EventIn(In):
    row: Row


class ReasonIn(In):
    reason: Text


class BatchAmendmentIn(In):
    reason: Text
    lines: Annotated[list[Annotated[int, Field(ge=2, le=600_000)]], Field(max_length=1_000)] = []
    rows: Annotated[list[Row], Field(max_length=1_000)] = []


class ReplyIn(In):
    corrected: bool
    words: Text


class RulesIn(In):
    """``cases``: each ``{id, child, father, mother}`` in the dictionary of the data contract; one that cannot be read spoils
    no other, so their form is checked case by case."""

    pack: Annotated[str, Field(min_length=1, max_length=40, pattern=PLAIN, examples=["CQ-2025"])]
    asof: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2026-03-01"])]
    cases: Annotated[list[Any], Field(min_length=1, max_length=200)]
    explain: bool = False


class WrongField(Schema):
    field: str
    told: str


class ProblemOut(Schema):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    request: str
    errors: list[WrongField] = []


class ReceiptOut(Schema):
    """``text`` is what is signed, to the byte; keep the whole."""

    id: str
    text: str
    signature: str
    algorithm: str
    platform_key: str


class Reason(Schema):
    reason: str
    rows: int


class BatchOut(Schema):
    id: str
    list: str
    period: str
    state: Literal["UPLOADED", "CHECKING", "CHECKED", "CONFIRMED", "REFUSED", "FAILED", "WITHDRAWN"]
    state_words: str
    sent_at: datetime
    sha256: str
    rows: int
    passed: int
    warned: int
    refused: int
    reasons: builtins.list[Reason]
    warnings: builtins.list[str]
    problem: str
    note: str
    late: bool
    supplements: str | None


class DeliveredOut(Schema):
    batch: BatchOut
    receipt: ReceiptOut


class BatchesOut(Schema):
    page: int
    more: bool
    batches: list[BatchOut]


class RejectedRow(Schema):
    line: int
    reason: str


class RejectedOut(Schema):
    page: int
    total: int
    rows: list[RejectedRow]


class ParcelOut(Schema):
    id: str
    list: str
    period: str
    pieces: dict[str, int]
    rows: int
    batch: str | None


class EventOut(Schema):
    """Whether somebody was concerned is never said."""

    id: str
    list: str
    period: str
    state: Literal["ACCEPTED", "WITHDRAWN"]
    sent_at: datetime


class EventTaken(Schema):
    event: EventOut
    receipt: ReceiptOut


class AmendmentOut(Schema):
    id: str
    list: str
    batch: str | None
    event: str | None
    supplement: str | None
    lines: builtins.list[int]
    state: Literal["REQUESTED", "ACCEPTED", "REFUSED"]
    state_words: str
    reason: str
    note: str
    asked_at: datetime


class AmendmentTaken(Schema):
    amendment: AmendmentOut
    receipt: ReceiptOut


class CorrectionOut(Schema):
    """A row the county found wrong and sent back: which row, and what the county wrote to the department."""

    id: str
    list: str
    source: str
    line: int | None
    message: str
    state: Literal["SENT", "REPLIED", "CORRECTED", "UPHELD"]
    state_words: str
    reply: str


class CorrectionsOut(Schema):
    page: int
    more: bool
    corrections: list[CorrectionOut]


class OutcomeOut(Schema):
    """One case, in the form of the data contract. ``benefits``: 元 a month; null: entitled, the amount stands in a table or
    is not loaded. ``explain`` only where it was asked for."""

    id: str
    categories: builtins.list[str]
    key: builtins.list[str]
    benefits: dict[str, int | float | None]
    visit: str
    alerts: builtins.list[str]
    undecided: builtins.list[str]
    explain: builtins.list[dict[str, Any]] | None = None


class UnreadCase(Schema):
    """A case that could not be read: its place (from 1), its id and everything that is wrong with it."""

    place: int
    id: str
    told: builtins.list[str]


class RulesOut(Schema):
    pack: str
    label: str
    version: str
    asof: str
    results: builtins.list[OutcomeOut]
    errors: builtins.list[UnreadCase]
    not_loaded: builtins.list[str]


class ColumnOut(Schema):
    code: str
    header: str
    required: bool
    form: str


class ListOut(Schema):
    code: str
    title: str
    meaning: str
    at_least_one_of: list[str]
    columns: list[ColumnOut]


class ListsOut(Schema):
    lists: list[ListOut]


class MeOut(Schema):
    system: str
    department: str
    trial: bool
    area_code: str
    purpose: str
    agreement: str
    agreement_until: str
    key: str
    key_until: datetime
    lists: list[str]
    rules: bool
    period: str
    rows_left: dict[str, int]
    calls_a_minute: int
    server_time: datetime


class PlatformKeyOut(Schema):
    id: str
    algorithm: str
    public_key: str
