"""The rights table holds together (model.md §2; R-02.*)."""

from pathlib import Path

import pytest

from hutong.foundation.accounts import reference, rights


def test_every_right_is_held_and_every_held_right_exists() -> None:
    held = {right for role in rights.ROLES.values() for right in role.rights}
    assert held == set(rights.RIGHTS)


def test_an_unknown_right_is_an_error_not_a_no() -> None:
    with pytest.raises(KeyError):
        rights.has("COUNTY_CA", "child.veiw")
    assert not rights.has("NOBODY", "child.view")


def test_separated_acts_are_known_rights_with_a_reason() -> None:
    for first, second, sentence in rights.APART:
        assert {first, second} <= set(rights.RIGHTS)
        assert sentence


@pytest.mark.parametrize("role", ["SECURITY_ADMIN", "AUDITOR", "SYS_ADMIN"])
def test_who_keeps_the_platform_sees_no_child(role: str) -> None:
    assert not any(right.startswith(("child.", "lead.", "registry.")) for right in rights.ROLES[role].rights)


def test_the_page_of_roles_follows_the_table(tmp_path: Path) -> None:
    assert not reference.write(tmp_path, check=True)
    assert reference.write(tmp_path)
    assert reference.write(tmp_path, check=True)
    text = (tmp_path / reference.NAME).read_text()
    assert all(role.label in text for role in rights.ROLES.values())
    (tmp_path / reference.NAME).write_text(text + "x")
    assert not reference.write(tmp_path, check=True)
