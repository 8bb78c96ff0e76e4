"""The documents show the tables as they are (style, habit 9)."""

from pathlib import Path

import pytest

from hutong.foundation.workflow import diagrams


@pytest.mark.usefixtures("repair")
def test_pages_are_written_compared_and_swept(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("an old machine", "utf-8")
    assert {"example.repair.md", "gone.md", "README.md"} <= set(diagrams.write(tmp_path, check=True))
    assert not (tmp_path / "README.md").exists()
    diagrams.write(tmp_path, check=False)
    assert "stateDiagram-v2" in (tmp_path / "example.repair.md").read_text("utf-8")
    assert not (tmp_path / "gone.md").exists()
    assert diagrams.write(tmp_path, check=True) == []
