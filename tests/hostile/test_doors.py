"""The hostile corpus at every door: attachments, departments' lists by page and command line, lists of places, the real-name list, policy documents (TM-10; R-24.01, R-46).

Refused with a Chinese sentence or mended, in at most 2 s and 256 MB of the sandbox's child; nothing half-written; nothing looked
at in the web process.
"""

from __future__ import annotations

import html
import io
import logging
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet
import pytest
import python_calamine
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hutong.domains.exchange import services
from hutong.domains.exchange.cli import exchange
from hutong.domains.exchange.models import Batch
from hutong.domains.exchange.storage import gate, heads, store, workbooks
from hutong.domains.exchange.tests.conftest import *  # noqa: F403 - its fixtures
from hutong.domains.exchange.tests.conftest import QUARTER
from hutong.domains.library.models import Document as PolicyDocument
from hutong.domains.library.storage import reading as policy_texts
from hutong.domains.workforce.models import Worker
from hutong.foundation.access.scope import use_scope
from hutong.foundation.adjustments import listfile
from hutong.foundation.adjustments.models import Adjustment
from hutong.foundation.documents import images, inspection, packages, papers
from hutong.foundation.documents.models import Document
from hutong.foundation.documents.tickets import upload_url
from hutong.kernel import sheets
from hutong.linkage import files as readers

from .cases import HARMLESS, MENDED, REFUSED, Case, book, document
from .corpus import CORPUS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CPU, MEMORY = 2.1, 256 * 2**20
"""Seconds (a process is stopped at the first tick after the second one) and bytes."""
SENTENCE = re.compile(r"(?=.*[\u4e00-\u9fff]).*。$", re.DOTALL)
HERE = sorted(CORPUS)
PARTS = 4


@dataclass
class Door:
    """Sends files, remembers what the sandbox took."""

    client: Any
    cast: SimpleNamespace
    uploads: Path
    spent: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def say(self, case: Case, what: str) -> None:
        self.wrong.append(f"{case.name}: {what}")

    def check_cost(self, case: Case) -> None:
        for ended in self.spent:
            if ended.get("cpu", 99) > CPU or ended.get("memory", MEMORY + 1) > MEMORY:
                self.say(case, f"cost {ended}")
        self.spent.clear()

    def lying_about(self) -> list[Path]:
        return [path for path in self.uploads.rglob("*") if path.is_file()]


@pytest.fixture
def spent() -> Iterator[list[dict[str, Any]]]:
    """What each child of the sandbox took, as the sandbox itself logs it."""
    found: list[dict[str, Any]] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.ended)  # type: ignore[attr-defined]

    log, handler = logging.getLogger("hutong.foundation.sandbox"), Collect()
    before = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    yield found
    log.propagate = True
    log.removeHandler(handler)
    log.setLevel(before)


@pytest.fixture
def nothing_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The readers fail in this process; the sandbox's own are another process's."""

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("content was looked at outside the sandbox")

    for module, name in (
        (gate, "examine"), (heads, "of"), (readers, "read"), (packages, "inspect"), (packages, "opened"),
        (papers, "inspect"), (listfile, "parse"), (images, "kind"), (inspection, "_text"), (python_calamine, "load_workbook"),
        (policy_texts, "read"), (policy_texts.splitting, "split"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, never)


@pytest.fixture
def door(
    senders: SimpleNamespace, client_as: Any, sealed_files: Path, spent: list[dict[str, Any]], nothing_is_read_here: None
) -> Door:  # fmt: skip
    return Door(client_as("county"), senders, sealed_files, spent)


def slices() -> list[list[str]]:
    return [HERE[n::PARTS] for n in range(PARTS)]


def told(response: Any) -> list[str]:
    """The sentences beside the form's field."""
    found = re.findall(r'id="id_file-error">.*?<span>(.*?)</span>', response.content.decode(), re.DOTALL)
    return [html.unescape(one).strip() for one in found]


def test_the_corpus_is_large_and_its_origin_is_sound(door: Door) -> None:
    """What the hostile files are made of passes: it is the hostile part that is refused."""
    assert len(CORPUS) >= 150
    assert send_document(door, Case("", book, "清单.xlsx"), book()).status_code == 302
    assert send_document(door, Case("", document, "报告.docx"), document()).status_code == 302
    assert send_list(door, Case("", book, "清单.xlsx"), book()).status_code == 302
    with use_scope(door.cast.county.scope):
        batch = services.check_now(public_id=Batch.objects.get().public_id, actor=door.cast.county)
    assert (batch.state, batch.passed) == ("CHECKED", 2)


@pytest.mark.parametrize("names", slices(), ids=range(PARTS))
def test_the_attachments_door(door: Door, names: list[str]) -> None:
    for case in map(CORPUS.__getitem__, names):
        content, before = case.make(), door.lying_about()
        response = send_document(door, case, content)
        new = [path for path in door.lying_about() if path not in before]
        with use_scope(door.cast.county.scope):
            kept = Document.objects.order_by("pk").last()
            Document.objects.all()._raw_delete("default") if kept else None
        if case.documents == REFUSED:
            sentences = told(response)
            if response.status_code != 422 or not sentences or not SENTENCE.match(sentences[0]):
                door.say(case, f"answered {response.status_code} {sentences}")
            if kept or new:
                door.say(case, "left something behind")
        elif response.status_code != 302 or kept is None or len(new) != 1:
            door.say(case, f"not taken: {response.status_code} {told(response)}")
        elif case.documents == MENDED and (kept.size, kept.name) == (len(content), case.sent_as):
            door.say(case, "kept as it came")
        elif case.documents == HARMLESS and not case.why and case.exchange != REFUSED:
            door.say(case, "says not why it is harmless")
        door.check_cost(case)
    assert door.wrong == [], "\n".join(door.wrong)


@pytest.mark.parametrize("names", slices(), ids=range(PARTS))
def test_the_lists_door_by_page(door: Door, names: list[str]) -> None:
    for case in map(CORPUS.__getitem__, names):
        before = door.lying_about()
        response = send_list(door, case, case.make())
        with use_scope(door.cast.county.scope):
            batch = Batch.objects.order_by("pk").last()
        if batch is None:
            sentences = told(response)
            if response.status_code != 422 or not sentences or not SENTENCE.match(sentences[0]):
                door.say(case, f"answered {response.status_code} {sentences}")
            if door.lying_about() != before:
                door.say(case, "left something behind")
            taken = False
        else:
            taken = _checked(door, case, batch)
            _forget(door, batch)
        if taken != (case.exchange != REFUSED):
            door.say(
                case, f"should be {case.exchange}, {'was taken' if taken else f'was not: {told(response)}'}"
            )
        door.check_cost(case)
    assert door.wrong == [], "\n".join(door.wrong)


@pytest.mark.parametrize("names", slices(), ids=range(PARTS))
def test_the_lists_door_by_command(door: Door, tmp_path: Path, names: list[str]) -> None:
    folder = tmp_path / "sent"
    folder.mkdir()
    for case in map(CORPUS.__getitem__, names):
        path = folder / (re.sub(r"[/\\\x00]", "_", case.sent_as)[-40:] or "x")
        path.write_bytes(case.make())
        before = door.lying_about()
        command = [
            "import",
            "--list",
            "deaths",
            str(path),
            "--as",
            "county",
            "--provider",
            "GA",
            "--period",
            str(QUARTER),
        ]
        done = CliRunner().invoke(exchange, command)
        with use_scope(door.cast.county.scope):
            batch = Batch.objects.order_by("pk").last()
        if case.exchange == REFUSED:
            said = done.stderr.strip()
            if done.exit_code != 2 or not SENTENCE.match(said) or "Traceback" in done.output:
                door.say(case, f"ended with {done.exit_code}: {done.output[-200:]!r} {done.exception!r}")
            if batch is None and door.lying_about() != before:
                door.say(case, "left something behind")
            if batch is not None and (batch.state != "FAILED" or batch.passed):
                door.say(case, f"is {batch.state} with {batch.passed} rows")
        elif done.exit_code not in (0, 2) or batch is None:
            door.say(case, f"not taken: {done.output[-200:]!r} {done.exception!r}")
        _forget(door, batch)
        door.check_cost(case)
    assert door.wrong == [], "\n".join(door.wrong)


@pytest.mark.parametrize("names", slices(), ids=range(PARTS))
def test_the_door_of_lists_of_places(door: Door, names: list[str]) -> None:
    """None of them is a list of places: refused in words, nothing written down."""
    for case in map(CORPUS.__getitem__, names):
        response = send_places(door, case, case.make())
        sentences = told(response)
        if response.status_code != 422 or not sentences or not SENTENCE.match(sentences[0]):
            door.say(case, f"answered {response.status_code} {sentences}")
        door.check_cost(case)
    with use_scope(door.cast.county.scope):
        assert not Adjustment.objects.exists()
    assert door.wrong == [], "\n".join(door.wrong)


@pytest.mark.parametrize("names", slices(), ids=range(PARTS))
def test_the_real_name_lists_door(door: Door, names: list[str]) -> None:
    """None of them is a filled-in template: all are refused, each in a sentence, and nobody is put on the list."""
    for case in map(CORPUS.__getitem__, names):
        with use_scope(door.cast.county.scope):
            before = list(Worker.objects.order_by("pk").values_list())
        file = SimpleUploadedFile(case.sent_as, case.make())
        response = door.client.post(reverse("workforce:import"), {"file": file})
        sentences = told(response)
        if response.status_code != 422 or not sentences or not SENTENCE.match(sentences[0]):
            door.say(case, f"answered {response.status_code} {sentences}")
        with use_scope(door.cast.county.scope):
            if list(Worker.objects.order_by("pk").values_list()) != before:
                door.say(case, "changed the list")
        door.check_cost(case)
    assert door.wrong == [], "\n".join(door.wrong)


@pytest.mark.parametrize("names", slices(), ids=range(PARTS))
def test_the_policy_librarys_door(door: Door, names: list[str]) -> None:
    """What is refused as an attachment is refused here too; what is taken became the words of a draft and nothing else."""
    for case in map(CORPUS.__getitem__, names):
        before = door.lying_about()
        file = SimpleUploadedFile(case.sent_as, case.make())
        response = door.client.post(reverse("library:import"), {"file": file})
        with use_scope(door.cast.county.scope):
            drafts = PolicyDocument.objects.filter(key="")
            taken = drafts.count()
            drafts.delete()
        if response.status_code == 422:
            sentences = told(response)
            if not sentences or not SENTENCE.match(sentences[0]):
                door.say(case, f"answered {response.status_code} {sentences}")
        elif response.status_code != 302 or case.documents == REFUSED:
            door.say(case, f"answered {response.status_code} to what is {case.documents} elsewhere")
        if taken != (response.status_code == 302) or door.lying_about() != before:
            door.say(case, "left something behind")
        door.check_cost(case)
    assert door.wrong == [], "\n".join(door.wrong)


def test_what_is_larger_than_any_page_takes_is_thrown_away_unread(door: Door, tmp_path: Path) -> None:
    """200 MB in one line: neither memory nor disk gets more than the beginning."""
    path = tmp_path / "long.csv"
    with path.open("wb") as sink:
        sink.truncate(200 * 2**20)
    with path.open("rb") as source:
        response = door.client.post(
            reverse("exchange:upload"),
            {"list_code": "deaths", "quarter": str(QUARTER), "provider": "GA", "file": source},
        )
    assert response.status_code == 422
    assert "超过上限 50 MB" in told(response)[0]
    assert max((path.stat().st_size for path in door.lying_about()), default=0) == 0
    assert response.wsgi_request.FILES["file"].size < 52 * 2**20


def send_document(door: Door, case: Case, content: bytes) -> Any:
    page = upload_url(post_id=door.cast.county.post.pk, area_code="990101101201", back="/")
    file = SimpleUploadedFile(case.sent_as, content)
    return door.client.post(page, {"file": file, "purpose": "材料", "once": str(uuid.uuid4())})


def send_list(door: Door, case: Case, content: bytes) -> Any:
    data = {"list_code": "deaths", "quarter": str(QUARTER), "provider": "GA"}
    return door.client.post(
        reverse("exchange:upload"), {**data, "file": SimpleUploadedFile(case.sent_as, content)}
    )


def send_places(door: Door, case: Case, content: bytes) -> Any:
    data = {"within": "990101000000", "source": "示例市区划〔2026〕1 号", "effective_on": "2026-09-01"}
    return door.client.post(
        reverse("adjustments:new"), {**data, "file": SimpleUploadedFile(case.sent_as, content)}
    )


def _checked(door: Door, case: Case, batch: Batch) -> bool:
    """Whether the second look took it; what it took or gives back acts in no cell."""
    done = services.check_now(public_id=batch.public_id, actor=door.cast.county)
    if done.state == "FAILED":
        if not SENTENCE.match(done.problem) or store.exists(batch.public_id, "accepted.parquet"):
            door.say(case, f"failed with {done.problem!r}")
        return False
    if "/" in done.file_name or "\n" in done.file_name or len(done.file_name) > 120:
        door.say(case, f"is called {done.file_name!r}")
    rejected = pyarrow.parquet.read_table(io.BytesIO(store.read(batch.public_id, "rejected.parquet")))
    written = workbooks.rejected_xlsx(rejected)
    if b"<f>" in written or any(sheets.inert(str(cell)) != str(cell) for cell in done.reasons):
        door.say(case, "acts in what is given back")
    return True


def _forget(door: Door, batch: Batch | None) -> None:
    """Out of the way of the next file, which may be the same."""
    if batch is not None:
        with use_scope(door.cast.county.scope):
            Batch.objects.filter(pk=batch.pk)._raw_delete("default")
