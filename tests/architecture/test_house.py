"""The house keeps its shape: rooms, front doors, file sizes, docs (style.md; ADR 0001)."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "hutong"
PYTHON = [path for path in SRC.rglob("*.py") if "migrations" not in path.parts]
ROOMS = {
    "machines", "models", "permissions", "selectors", "services", "events", "handlers", "views", "forms", "presenters",
    "panels", "urls", "templates", "tasks", "migrations", "tests", "apps", "cli", "README.md", "data",
}  # fmt: skip
OWN_ROOMS = {
    "registry": {"transfer", "search", "demo"},
    "exchange": {"vaulting", "storage"},
    "ledgers": {"papers"},
    "compartments": {"walls"},
    "workforce": {"storage"},
    "outreach": {"self_check"},
    "library": {"storage"},
}
APPS = sorted(path.parent for path in SRC.glob("domains/*/apps.py"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.name)
def test_a_domain_app_has_the_rooms_everyone_knows_and_a_readme(app: Path) -> None:
    assert (app / "README.md").exists(), "every app says its purpose, words and who may do what"
    found = {path.name.removesuffix(".py") for path in app.iterdir() if not path.name.startswith("_")}
    assert found - ROOMS - OWN_ROOMS.get(app.name, set()) == set()


def test_nothing_is_called_a_drawer_for_odds_and_ends() -> None:
    odd = [
        _name(path)
        for path in SRC.rglob("*")
        if path.stem in {"utils", "common", "helpers", "lib", "core", "misc"}
    ]
    assert odd == []


def test_files_stay_readable() -> None:
    sizes = sorted((len(path.read_text().splitlines()), _name(path)) for path in PYTHON)
    long = [(size, name) for size, name in sizes if size > 330]
    assert len(long) <= len(sizes) * 0.05, long
    assert sizes[-1][0] <= 600, sizes[-1]


def test_other_apps_are_met_at_the_front_door_only() -> None:
    """Across apps only services, selectors, events, machines' words, models (foreign keys) and panels are imported."""
    front = {"services", "selectors", "events", "models", "panels"}
    wrong = []
    for path in PYTHON:
        relative = path.relative_to(SRC).parts
        if relative[0] != "domains" or "tests" in relative:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module + "." + alias.name for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                if name.endswith(".machines.wording"):
                    continue
                found = re.match(r"hutong\.domains\.(\w+)\.(\w+)", name)
                if found and found[1] != relative[1] and found[2] not in front | {"transfer", "presenters"}:
                    wrong.append(f"{_name(path)}: {name}")
    assert wrong == []


def test_only_one_module_writes_tables() -> None:
    """A second writer of CSV or xlsx would sooner or later hand out a cell that acts as a formula (TM-10)."""
    writer = re.compile(
        r"\bxlsxwriter\b|\bcsv\.(?:Dict)?[wW]riter\b|\bopenpyxl\b|\bto_csv\b|pa\.csv\.write_csv\((?!_inert\()"
    )
    found = [_name(path) for path in PYTHON if "tests" not in path.parts and writer.search(path.read_text())]
    assert found == ["src/hutong/kernel/sheets.py"]


def test_every_decision_stands_in_the_index() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text()
    files = [path.name for path in (ROOT / "docs/decisions").glob("0*.md")]
    assert [name for name in files if name not in index] == []
    numbers = [name[:4] for name in files]
    assert len(numbers) == len(set(numbers)), "one number each"


def test_links_in_the_documents_lead_somewhere() -> None:
    dead = []
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *SRC.glob("**/README.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                dead.append(f"{_name(page)} → {target}")
    assert dead == []


def test_locks_carry_hashes_and_no_addresses() -> None:
    for lock in [*ROOT.glob("requirements*.lock"), *ROOT.glob("frontend/package-lock.json")]:
        text = lock.read_text()
        assert "://" not in re.sub(r'"(funding|url|homepage)":[^\n]*', "", text), lock.name
        assert "sha256:" in text or "sha512-" in text


def test_no_machine_path_and_no_registry_host_in_the_tree() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    hosts = re.compile("pypi" + r"\.org|registry\.npm" + r"js|deb\.deb" + r"ian|/root" + "/|/work" + "/main")
    bad = []
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in {".png", ".parquet", ".xlsx"} or not path.is_file():
            continue
        if hosts.search(path.read_text(errors="ignore")):
            bad.append(name)
    assert bad == []


def test_templates_keep_the_strict_policy() -> None:
    """No inline script, style or handler anywhere: the content security policy would stop them in the browser."""
    forbidden = re.compile(
        r"<style|\sstyle=|\son(click|change|load|submit|input)=|javascript:", re.IGNORECASE
    )
    inline = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE)
    bad = [
        _name(path)
        for path in SRC.rglob("templates/**/*.html")
        if forbidden.search(path.read_text()) or inline.search(path.read_text())
    ]
    assert bad == []


def test_every_test_asserts() -> None:
    silent = []
    for path in [*SRC.rglob("test_*.py"), *(ROOT / "tests").rglob("test_*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                body = ast.dump(node)
                # `sees` and its like are the browser tests' own assertions: they fail when the words do not come or a page is too wide
                if not any(
                    word in body
                    for word in ("Assert(", "raises", "expect", "assert", "sees", "reads", "fits")
                ):
                    silent.append(f"{_name(path)}::{node.name}")
    assert silent == []


def test_every_form_that_takes_a_file_leads_to_a_door_that_looks() -> None:
    """Another door would need its own run of the hostile corpus (TM-10, ADR 0026)."""
    doors = {
        "src/hutong/foundation/documents/forms.py": "documents.services.store",
        "src/hutong/domains/leads/forms.py": "leads.services.verdict → documents.services.store",
        "src/hutong/domains/exchange/forms.py": "exchange.services.deliver",
        "src/hutong/foundation/adjustments/forms.py": "adjustments.services.read_upload",
        "src/hutong/domains/workforce/forms/people.py": "workforce.services.import_list",
        "src/hutong/domains/library/forms/desk.py": "library.services.import_file",
        "src/hutong/foundation/design/examples.py": "the gallery of components, in development only; posts nowhere",
    }
    takes = re.compile(r"\b(?:File|Image)Field\b|FILES\[|FILES\.get\(")
    found = {_name(path) for path in PYTHON if "tests" not in path.parts and takes.search(path.read_text())}
    assert found == set(doors)


def test_the_threat_model_names_tests_that_exist() -> None:
    """TM-01 to TM-20, each with its tests or the word that there are none, and with what is open."""
    text = (ROOT / "THREAT_MODEL.md").read_text()
    threats = re.split(r"\n\*\*(?=TM-\d\d)", text.partition("\n## Changing")[0])[1:]
    assert len(threats) >= 20
    assert [one[:5] for one in threats] == [f"TM-{number:02}" for number in range(1, len(threats) + 1)]
    named = re.findall(r"`((?:tests|src)/[\w/]+\.py)::(test_\w+)`", text)
    gone = [
        f"{path}::{test}"
        for path, test in named
        if not (ROOT / path).exists() or f"def {test}(" not in (ROOT / path).read_text()
    ]
    assert gone == []
    silent = [
        one[:5] for one in threats if "\nOpen: " not in one or not re.search(r"\nTests: (?:none yet|`)", one)
    ]
    assert silent == []
