"""Changes to bodies, posts and holdings (R-01.06, R-02.*). ``actor`` must hold ``network.manage`` over the place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from hutong.foundation.accounts import rights
from hutong.foundation.accounts.guards import Actor
from hutong.foundation.accounts.models import User
from hutong.foundation.network import duty
from hutong.foundation.network.errors import NetworkRefused
from hutong.foundation.network.models import Holding, Org, OrgAlias, Post
from hutong.kernel import areas, clock

EDITABLE = ("name", "kind", "usc", "status", "liaison", "report_contact")


def _check(actor: Actor, area_code: str) -> None:
    actor.check("network.manage")
    if not actor.scope.covers(areas.pad(area_code)):
        raise PermissionDenied("该地区不在您当前岗位的辖区内，不能修改。请由当地或上级管理人员办理。")


@transaction.atomic
def save_org(
    *,
    actor: Actor,
    org: Org | None = None,
    area_code: str = "",
    aliases: tuple[str, ...] | None = None,
    **facts: Any,
) -> Org:
    """Create (``org`` None) or change a body; ``aliases`` None leaves them. Unknown facts are a programming error."""
    unknown = set(facts) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {unknown}")
    org = org or Org(area_code=areas.pad(area_code))
    _check(actor, org.area_code)
    for name, value in facts.items():
        setattr(org, name, value.strip())
    if Org.objects.filter(name=org.name, area_code=org.area_code).exclude(pk=org.pk).exists():
        raise NetworkRefused(f"本地已有名为“{org.name}”的机构。请直接修改那个机构，或换一个名称。")
    org.save()
    if aliases is not None:
        wanted = {alias.strip() for alias in aliases} - {"", org.name}
        org.aliases.exclude(name__in=wanted).delete()
        have = set(org.aliases.values_list("name", flat=True))
        OrgAlias.objects.bulk_create(OrgAlias(org=org, name=name) for name in sorted(wanted - have))
    return org


@transaction.atomic
def create_post(*, actor: Actor, org: Org, role: str, area_code: str, title: str) -> Post:
    """A new post at a body over an area; its role must fit the level of the area (A03)."""
    _check(actor, area_code)
    code = areas.pad(area_code)
    if role not in rights.ROLES or role in rights.MACHINES:
        raise NetworkRefused("没有这个角色。请从列表中选择。")
    wanted = rights.ROLES[role].level
    if areas.level(code) != wanted:
        raise NetworkRefused(
            f"“{rights.ROLES[role].label}”岗位应设在{_level_label(wanted)}一级，所选地区是"
            f"{_level_label(areas.level(code))}一级。请改选地区。"
        )
    post, made = Post.objects.get_or_create(org=org, role=role, area_code=code, title=title.strip())
    if not made and post.active:
        raise NetworkRefused(f"“{title}”岗位已经存在。一个岗位由不同的人先后担任，不必重复设置。")
    if not made:
        post.active = True
        post.save(update_fields=["active"])
    return post


@transaction.atomic
def close_post(*, actor: Actor, post: Post) -> Post:
    """Close a post nobody holds any more; its history stays."""
    _check(actor, post.area_code)
    day = clock.today()
    if post.holdings.exclude(until__lte=day).exists():
        raise NetworkRefused("还有人在此岗位任职。请先办理离任，再停用岗位。")
    post.active = False
    post.save(update_fields=["active"])
    return post


@transaction.atomic
def appoint(
    *,
    actor: Actor,
    post: Post,
    user: User,
    since: date,
    until: date | None = None,
    deputy: bool = False,
    reason: str = "",
) -> Holding:
    """Let ``user`` hold ``post`` from ``since`` (inclusive) to ``until`` (exclusive); a deputy stands beside the principal."""
    _check(actor, post.area_code)
    if not post.active:
        raise NetworkRefused("该岗位已停用，不能任职。请先启用或另设岗位。")
    if post.role in rights.MACHINES:
        raise NetworkRefused("这是系统程序的岗位，不由人员担任。请选择其他岗位。")
    if until is not None and until <= since:
        raise NetworkRefused("任职结束日期应晚于开始日期。请修改日期。")
    if post.holdings.filter(user=user, deputy=deputy).exclude(until__lte=since).exists():
        raise NetworkRefused(f"{user.name}在这段时间已经{'代理' if deputy else '担任'}此岗位，不必重复登记。")
    return _keep_apart(
        Holding(post=post, user=user, since=since, until=until, deputy=deputy, reason=reason.strip())
    )


def _keep_apart(holding: Holding) -> Holding:
    """Save; two principals at once are refused by the database, said here in words."""
    try:
        with transaction.atomic():
            holding.save()
    except IntegrityError as error:
        if "holding_one_principal" not in str(error):
            raise
        others = (
            holding.post.holdings.filter(deputy=False)
            .exclude(pk=holding.pk)
            .exclude(until__lte=holding.since)
        )
        other = others.select_related("user").order_by("since").first()
        who = f"{other.user.name}（{other.since:%Y-%m-%d} 起）" if other else "另一人"
        raise NetworkRefused(
            f"同一岗位同一时间只能由一人担任：{who}的任期与此重叠。请先办理其离任，或登记为代理。"
        ) from error
    return holding


@transaction.atomic
def end_holding(*, actor: Actor, holding: Holding, until: date, reason: str, checked: bool = True) -> Holding:
    """End a holding on ``until`` (the first day without it). Work stays with the post, and somebody must answer for it;
    ``checked`` False where a successor follows at once."""
    _check(actor, holding.post.area_code)
    if until <= holding.since:
        raise NetworkRefused(
            "离任日期应晚于任职开始日期。请修改日期；若登记有误，请填写开始日期的次日并说明事由。"
        )
    if holding.until is not None and holding.until < until:
        raise NetworkRefused(f"此任职已于 {holding.until:%Y-%m-%d} 结束，不能延后。需要继续任职请重新登记。")
    if checked:
        duty.check_answered(holding.post, until, leaving=holding)
    holding.until = until
    holding.reason = reason.strip() or holding.reason
    holding.save(update_fields=["until", "reason"])
    return holding


@transaction.atomic
def hand_over(*, actor: Actor, post: Post, to: User, on: date, reason: str) -> Holding:
    """The present principal's holding ends on ``on``, and ``to`` holds the post from that day: no gap, no overlap.

    Whoever stood in until somebody is appointed stands in no longer (one who began on ``on`` itself, from the next day); a
    deputy with a day stays until that day.
    """
    _check(actor, post.area_code)
    here = post.holdings.select_for_update().filter(since__lt=on).exclude(until__lte=on)
    for holding in here.filter(Q(deputy=False) | Q(until__isnull=True)):
        if holding.user_id == to.pk and not holding.deputy:
            raise NetworkRefused(f"{to.name}正在担任此岗位，不需要交接。")
        end_holding(actor=actor, holding=holding, until=on, reason=reason, checked=False)
    for holding in post.holdings.select_for_update().filter(since=on, deputy=True, until__isnull=True):
        end_holding(actor=actor, holding=holding, until=on + timedelta(days=1), reason=reason, checked=False)
    return appoint(actor=actor, post=post, user=to, since=on, reason=reason)


@transaction.atomic
def interrupt(holding: Holding, *, since: date, until: date | None, reason: str) -> Holding | None:
    """The platform (``handovers``, on the day): the holding rests from–to and goes on afterwards.

    Returns the part that goes on, None where there is none. One that would rest from its first day begins later instead.
    """
    ending = holding.until
    later = None
    if until is not None and (ending is None or until < ending):
        later = Holding(
            post=holding.post,
            user=holding.user,
            since=until,
            until=ending,
            deputy=holding.deputy,
            reason=reason,
        )
    if since <= holding.since:
        if later is None:
            raise NetworkRefused("任职从这一天才开始，不能当天离任。请从第二天起交接。")
        holding.since = later.since
        holding.save(update_fields=["since"])
        return holding
    holding.until = since
    holding.save(update_fields=["until"])
    if later is not None:
        later.save()
    return later


@transaction.atomic
def stand_in(
    post: Post, *, user: User, since: date, until: date | None, deputy: bool, reason: str
) -> Holding:
    """The platform (``handovers``, on the day): ``user`` holds the post as was agreed."""
    return _keep_apart(
        Holding(post=post, user=user, since=since, until=until, deputy=deputy, reason=reason[:200])
    )


@transaction.atomic
def cut(holding: Holding, *, on: date) -> None:
    """The platform: the holding ends on ``on`` if it would go on; one that has not begun by then is taken back."""
    if holding.since >= on:
        holding.delete()
    elif holding.until is None or holding.until > on:
        holding.until = on
        holding.save(update_fields=["until"])


def _level_label(level: str) -> str:
    return next(label for name, label in areas.LEVEL_LABELS.items() if name == level)
