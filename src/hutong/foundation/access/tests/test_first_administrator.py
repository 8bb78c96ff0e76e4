"""An empty system gets its first account once, and never again (R-02.*, TM-14)."""

import pytest

from hutong.foundation.access import people
from hutong.foundation.accounts.models import User
from hutong.foundation.network.selectors import list_current_holdings

WHO = {"username": "first", "name": "甲", "body": "示例县民政局", "area_code": "990101000000"}


def test_the_first_account_holds_both_posts_and_must_change_its_password(db: None) -> None:
    password = people.first_administrator(**WHO)
    user = User.objects.get(username="first")
    assert user.check_password(password)
    assert user.must_change_password
    assert {one.post.role for one in list_current_holdings(user)} == {"SECURITY_ADMIN", "SYS_ADMIN"}


def test_there_is_no_second_first_account(db: None) -> None:
    people.first_administrator(**WHO)
    with pytest.raises(people.AccountRefused, match="已有账号"):
        people.first_administrator(**WHO | {"username": "second"})
    assert User.objects.count() == 1
