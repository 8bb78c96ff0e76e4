"""What messaging does when others announce."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from hutong.foundation.accounts import links
from hutong.foundation.accounts.models import User
from hutong.foundation.messaging import services
from hutong.foundation.network.models import Holding, Post
from hutong.foundation.network.selectors import current
from hutong.foundation.workflow import outbox


@outbox.handles("workflow.notice")
def put_notice(payload: dict[str, Any]) -> None:
    """Steps and lateness that concern another post become a notice to it."""
    services.notify(
        to=Post.objects.get(pk=payload["post_id"]),
        title=payload["title"],
        link=payload["link"],
        body=payload["body"],
        child_id=payload.get("child_id"),
    )


@receiver(links.changed)
def tell_of_link(*, user: User, by: User, linked: bool, **_: Any) -> None:
    """Who can sign in as somebody changed: she hears of it, also where she did it herself, for it may not have been her."""
    done = "绑定了统一身份认证" if linked else "解除了统一身份认证的绑定"
    who = "您的账号" if by.pk == user.pk else f"安全管理员{by.name}为您的账号"
    held = (
        Holding.objects.filter(current(), user=user, deputy=False)
        .select_related("post")
        .order_by("since")
        .first()
    )
    if held is not None:
        services.notify(
            to=held.post, title=f"{who}{done}", link=reverse("account_home"),
            body="如果不是您本人或您要求的，请马上修改密码并告诉安全管理员。",
        )  # fmt: skip
