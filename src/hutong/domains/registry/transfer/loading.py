"""A registry folder into the registry: checked first, then written in one transaction with where it came from.

What is already here is left alone: a folder is for taking over files, not for overwriting people's work.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from hutong.domains.registry.models import Child, Intake, Kinship, Person
from hutong.domains.registry.search import grams
from hutong.domains.registry.services import indexing
from hutong.domains.registry.services.errors import Refused
from hutong.domains.registry.transfer import bulk, checking, hanging
from hutong.domains.registry.transfer.reading import Folder, Rejected, read_folder
from hutong.domains.registry.transfer.writing import Progress
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import Scope, because, use_scope
from hutong.foundation.workflow import services as workflow

__all__ = ["Rejected", "Report", "import_folder"]
_CHUNK = 2000


@dataclass(slots=True)
class Report:
    """What an import did. ``existing``: files that were already here; ``sealed``: rows of sealed compartments, not taken."""

    counts: dict[str, int] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    existing: int = 0
    sealed: int = 0
    unknown: dict[str, list[str]] = field(default_factory=dict)
    intake: Intake | None = None


def import_folder(directory: Path, who: Acting | Scope, progress: Progress | None = None) -> Report:
    """Take over the files of a folder (data-contract.md §1) as ACTIVE. All good rows or, on an error, none.

    ``who``: an actor with the right, or the scope of the platform itself. Bad rows are in ``Report.rejected`` with
    their reasons; rows hanging on a rejected child are rejected with it.
    """
    actor = who if isinstance(who, Acting) else None
    scope = who.scope if isinstance(who, Acting) else who
    if actor is not None:
        actor.check("registry.import")
    elif scope.role != "SYSTEM":
        raise Refused("导入须由有权限的岗位办理。")
    folder = read_folder(directory)
    tell = progress or (lambda done, total, note: None)
    with use_scope(scope), transaction.atomic(), because(f"导入 {directory.name}"):
        return _Load(folder, actor, scope, tell).run(directory.name)


class _Load:
    """One import: the children by file number, and everything that hangs on them."""

    def __init__(self, folder: Folder, actor: Acting | None, scope: Scope, tell: Progress) -> None:
        self.folder, self.actor, self.scope, self.tell = folder, actor, scope, tell
        self.report = Report(rejected=folder.rejected, unknown=folder.unknown)
        self.children: dict[str, Child] = {}
        self.numbers: dict[str, str] = {}
        self.known: set[str] = set()

    def run(self, title: str) -> Report:
        by = self.actor.label if self.actor else "系统"
        self.intake = Intake.objects.create(title=title[:120], digest=self.folder.digest, by_label=by)
        self._children()
        kin = self._kin()
        self._hanging()
        self._index(kin)
        self.intake.counts = self.report.counts | {"rejected": len(self.report.rejected)}
        self.intake.save(update_fields=["counts"])
        self.report.intake = self.intake
        workflow.announce(
            event="registry.imported", payload={"intake_id": self.intake.pk}, key=f"intake:{self.intake.pk}"
        )
        return self.report

    def _children(self) -> None:
        rows = self.folder.rows["children"]
        checked = checking.children(rows, self.scope)
        self.report.rejected += checked.rejected
        self.report.existing, self.known = len(checked.existing), checked.existing
        by = self.actor.user if self.actor else None
        made = [checking.build(row, number, self.intake, by) for row, number in checked.good]
        self.tell(0, 3, "写入儿童档案")
        bulk.take_keys(Child, made)
        bulk.insert(Child, made)
        self.children = {child.file_no: child for child in made}
        self.numbers = {row["child_id"]: number for row, number in checked.good}
        workflow.begin_many(
            made, actor=self.actor, right="registry.import", reason=f"导入 {self.intake.title}"
        )
        _run_numbers_on(self.children)
        self.report.counts["children"] = len(made)

    def _owner(self, table: str, number: int, row: dict[str, Any]) -> Child | None:
        """The child of a hanging row; a row whose child was refused is refused with it."""
        file_no = row["child_id"]
        child = self.children.get(file_no)
        if child is None and file_no not in self.known:
            self.report.rejected.append(
                Rejected(table, number, file_no, "所属儿童没有导入（不在儿童表中，或该行被退回）。")
            )
        return child

    def _kin(self) -> dict[int, list[str]]:
        owned = [
            (number, row, child)
            for number, row in self.folder.rows["kin"]
            if (child := self._owner("kin", number, row)) is not None
        ]
        made = hanging.kin(owned)
        self.report.rejected += made.rejected
        self.tell(1, 3, "写入父母和监护人")
        bulk.insert(Person, made.persons)
        Kinship.objects.bulk_create(made.ties, batch_size=_CHUNK)
        self.report.counts["kin"] = len(made.ties)
        names: dict[int, list[str]] = defaultdict(list)
        for tie, name in zip(made.ties, made.names, strict=True):
            names[tie.child_id].append(name)
        return names

    def _hanging(self) -> None:
        for table, write in (("roll", hanging.roll), ("circumstances", hanging.circumstances)):
            owned = []
            for number, row in self.folder.rows[table]:
                if row.get("kind") == "hiv":
                    # never into clear view: its compartment takes it over from its own officers
                    self.report.sealed += 1
                elif (child := self._owner(table, number, row)) is not None:
                    owned.append((number, row, child))
            written, rejected = write(owned, self.intake)
            self.report.rejected += rejected
            self.report.counts[table] = written

    def _index(self, kin: dict[int, list[str]]) -> None:
        words = {
            child.pk: grams.of(child.name, self.numbers[no], kin.get(child.pk, ()))
            for no, child in self.children.items()
        }
        self.tell(2, 3, "建立检索")
        indexing.write(words)
        self.tell(3, 3, "完成")


def _run_numbers_on(children: dict[str, Child]) -> None:
    """File numbers of our own form move the county's counter on."""
    last: dict[str, int] = {}
    for no in children:
        if no[:1] == "H" and no[1:].isascii() and no[1:].isdigit() and len(no) == 14:
            last[no[1:7]] = max(last.get(no[1:7], 0), int(no[7:]))
    with connection.cursor() as cursor:
        for county, number in last.items():
            cursor.execute("SELECT registry_file_number(%s, %s)", [county, number])
