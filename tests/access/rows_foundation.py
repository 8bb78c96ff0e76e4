"""Rows of accounts, access, network, workflow, documents, messaging and the home page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from .rows import OWN, PUBLIC, THIRD, Row, World, some_id

READ_WRITE = ("GET", "POST")
NOWHERE = "00000000-0000-4000-8000-000000000000"


def body(world: World) -> dict[str, Any]:
    return {"public_id": world.cast.director.post.org.public_id}


def post(world: World) -> dict[str, Any]:
    return {"public_id": world.cast.director.post.public_id}


def holding(world: World) -> dict[str, Any]:
    return {"public_id": world.cast.director.holdings[0].public_id}


def person(world: World) -> dict[str, Any]:
    return {"username": world.cast.director.user.username}


def change_of_places(**more: Any) -> Callable[[World], dict[str, Any]]:
    """The address of a difference of the county, still open: one village has a new name."""

    def make(world: World) -> Any:
        from hutong.foundation.access.scope import use_scope
        from hutong.foundation.adjustments import services

        who = world.cast.county
        with use_scope(who.scope):
            return services.compare(
                actor=who, listed={"990101101201": "大柳村"}, digest="0" * 64, within="990101101201", title="",
                source="示例市区划〔2026〕1 号", effective_on=date(2026, 9, 1),
            )  # fmt: skip

    return lambda world: {"public_id": world.once("places", lambda: make(world)).public_id} | more


def hand_over(**more: Any) -> Callable[[World], dict[str, Any]]:
    """The address of a leave proposed by the village's director to her neighbour."""

    def make(world: World) -> Any:
        from hutong.foundation.access.scope import use_scope
        from hutong.foundation.handovers import services
        from hutong.kernel import clock

        who, today = world.cast.director, clock.today()
        with use_scope(who.scope):
            return services.propose(
                who.holdings[0], actor=who, since=today + timedelta(days=3), until=today + timedelta(days=9),
                to=world.cast.next_director.user, reason="病假",
            )  # fmt: skip

    return lambda world: {"public_id": world.once("hand_over", lambda: make(world)).public_id} | more


ROWS: tuple[Row, ...] = (
    Row("web:home", None),
    Row("web:health", PUBLIC),
    Row("web:ready", PUBLIC),
    Row("web:metrics", PUBLIC),
    # accounts: allauth's own pages and ours around them
    Row("account_home", OWN),
    Row("account_login", PUBLIC, READ_WRITE),
    Row("account_logout", PUBLIC, READ_WRITE),
    Row("account_inactive", PUBLIC),
    Row("account_change_password", OWN, READ_WRITE),
    Row("account_reauthenticate", OWN, READ_WRITE),
    Row("mfa_index", OWN),
    Row("mfa_authenticate", THIRD, READ_WRITE),
    Row("mfa_reauthenticate", OWN, READ_WRITE),
    Row("mfa_activate_totp", OWN, READ_WRITE),
    Row("mfa_deactivate_totp", OWN, READ_WRITE),
    Row("mfa_login_webauthn", PUBLIC, READ_WRITE),
    Row("mfa_reauthenticate_webauthn", OWN, READ_WRITE),
    Row("mfa_list_webauthn", OWN),
    Row("mfa_add_webauthn", OWN, READ_WRITE),
    Row("mfa_edit_webauthn", OWN, READ_WRITE, args=some_id("pk", 999_999_999)),
    Row("mfa_remove_webauthn", OWN, READ_WRITE, args=some_id("pk", 999_999_999)),
    Row("mfa_view_recovery_codes", OWN),
    Row("mfa_generate_recovery_codes", OWN, READ_WRITE),
    Row("mfa_download_recovery_codes", OWN),
    Row("account_oidc_login", PUBLIC, ("POST",)),
    Row("account_oidc_callback", PUBLIC),
    Row("account_oidc_link", OWN, ("POST",), fresh=True),
    Row("account_oidc_unlink", OWN, ("POST",), fresh=True),
    Row("usersessions_list", OWN, READ_WRITE),
    Row("usersessions_end", OWN, ("POST",), args=some_id("pk", 999_999_999)),
    # access
    Row("access:post", None, ("POST",)),
    Row("access:people", "account.manage"),
    Row("access:add_person", "account.manage", READ_WRITE, fresh=True),
    Row("access:person", "account.manage", args=person),
    Row("access:reset_password", "account.manage", ("POST",), args=person, fresh=True),
    Row("access:change_person", "account.manage", ("POST",), args=person, fresh=True),
    Row("access:changes", "audit.view"),
    Row("access:reads", "audit.view"),
    Row("access:chain", "audit.view"),
    # network: bodies and posts are known to everybody who may see the network, in every place
    Row("network:bodies", "network.view"),
    Row("network:body", "network.view", args=body),
    Row("network:add_body", "network.manage", READ_WRITE),
    Row("network:edit_body", "network.manage", READ_WRITE, args=body),
    Row("network:add_post", "network.manage", READ_WRITE, args=body),
    Row("network:post", "network.view", args=post),
    Row("network:appoint", "network.manage", READ_WRITE, args=post, fresh=True),
    Row("network:close_post", "network.manage", ("POST",), args=post),
    Row("network:end_holding", "network.manage", READ_WRITE, args=holding),
    Row("network:coverage", "network.view"),
    Row("network:find_areas", None),
    # handovers: one's own leave, and what goes with the post
    Row("handovers:index", "work.do"),
    Row("handovers:new", "work.do", READ_WRITE, args=holding),
    Row("handovers:show", "work.do", args=hand_over()),
    Row("handovers:step", "work.do", READ_WRITE, args=hand_over(event="withdraw")),
    # adjustments: what became of a place is known to everybody who may see the network
    Row("adjustments:index", "area.revise"),
    Row("adjustments:place", "network.view", args=some_id("code", "990101101201")),
    Row("adjustments:new", "area.revise", READ_WRITE),
    Row("adjustments:show", "area.revise", args=change_of_places()),
    Row("adjustments:plain", "area.revise", ("POST",), args=change_of_places()),
    Row("adjustments:row", "area.revise", READ_WRITE, args=change_of_places(code="990101101201")),
    Row("adjustments:step", "area.revise", READ_WRITE, args=change_of_places(event="withdraw"), fresh=True),
    # workflow
    Row("workflow:waiting", "work.do"),
    Row("workflow:done", "work.do"),
    Row("workflow:supervise", "work.supervise"),
    Row("workflow:item", "work.do", READ_WRITE, args=some_id("public_id")),
    Row("workflow:jobs", None),
    Row("workflow:job", None, args=some_id("public_id")),
    Row("workflow:cancel_job", None, ("POST",), args=some_id("public_id")),
    Row("workflow:undelivered", "event.retry", READ_WRITE),
    # messaging
    Row("messaging:notices", None),
    Row("messaging:read_all", None, ("POST",)),
    Row("messaging:open", None, args=some_id("notice_id", NOWHERE)),
    # documents
    Row("documents:download", "document.view", args=some_id("public_id")),
    Row("documents:withdraw", "document.upload", ("POST",), args=some_id("public_id")),
    Row("documents:upload", "document.upload", ("POST",), args=some_id("ticket")),
)
