"""Keys: asked for by one, approved by another, ended by either. What is secret is shown once and kept nowhere."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from hutong.delivery.api.data import terms
from hutong.delivery.api.machines import key as machine
from hutong.delivery.api.models import Key, System, new_id
from hutong.delivery.api.services.errors import DoorRefused
from hutong.foundation.access.acting import Acting
from hutong.foundation.messaging import services as messaging
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock, signing


@transaction.atomic
def request_key(*, actor: Acting, system: System, public_key: str = "") -> tuple[Key, str]:
    """Ask for a key: the department's own public key, or (``public_key`` '') a pair made here, whose private half is
    returned to be shown once. Nothing works before the security administrator has approved it."""
    actor.check("door.manage")
    _one_at_a_time(system)
    secret = ""
    if public_key.strip():
        try:
            algorithm, spki = signing.read_public_key(public_key)
        except signing.KeyFormError as error:
            raise DoorRefused(str(error)) from None
    else:
        pair = Ed25519PrivateKey.generate()
        secret = signing.private_pem(pair)
        algorithm, spki = signing.read_public_key(pair.public_key().public_bytes_raw().hex())
    now = clock.now()
    ends = datetime.combine(system.until, time(), tzinfo=clock.SHANGHAI)
    key = Key(
        key_id=f"k-{new_id()}", system=system, area_code=system.area_code, algorithm=algorithm, public_key=spki,
        made_here=bool(secret), until=min(ends, now + timedelta(days=terms.value("key_days"))), requested_by=actor.user,
        requested_at=now,
    )  # fmt: skip
    if key.until <= now:
        raise DoorRefused("与该系统的协议已到期，不能再申请密钥。请先按新协议重新登记。")
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError:
        raise DoorRefused("这把公钥已经登记过。每个系统、每次更换都要用新的密钥对，请重新生成。") from None
    workflow.begin(key, actor=actor, right="door.manage")
    link = reverse("door:system", args=[system.public_id])
    for post in network.list_posts(role="SECURITY_ADMIN", area_code=system.area_code):
        messaging.notify(
            to=post, title=f"接口密钥待批准：{system.name}", link=link, body=system.org.name, actor=actor
        )
    return key, secret


def _one_at_a_time(system: System) -> None:
    """A second click, or the secret's page loaded again, must not make another secret beside the one that was shown."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('door.key', %s))", [system.pk])
    if system.keys.filter(state=machine.REQUESTED).exists():
        raise DoorRefused(
            "这个系统已有一把密钥待批准，没有再生成新的。私钥没有保存好的，请先吊销待批准的那一把，再重新申请。"
        )


@transaction.atomic
def approve(*, actor: Acting, key: Key) -> Key:
    """Let the key work from now; older keys of the system go on for a few days, so that it can be exchanged in peace."""
    now = clock.now()
    fields = {"decided_by": actor.user, "since": now}
    workflow.apply(key, "approve", actor=actor, fields=fields)
    ends = now + timedelta(days=terms.value("overlap_days"))
    older = Key.objects.filter(system=key.system, state=machine.ACTIVE, until__gt=ends).exclude(pk=key.pk)
    older.update(until=ends)
    return key


@transaction.atomic
def refuse(*, actor: Acting, key: Key, reason: str) -> Key:
    fields = {"decided_by": actor.user, "note": _reason(reason)}
    return workflow.apply(key, "refuse", actor=actor, reason=reason.strip(), fields=fields)


@transaction.atomic
def revoke(*, actor: Acting, key: Key, reason: str) -> Key:
    """End a key at once; the county alone may do it."""
    return workflow.apply(
        key, "revoke", actor=actor, reason=_reason(reason), fields={"note": _reason(reason)}
    )


@transaction.atomic
def cut_off(*, actor: Acting, key: Key, reason: str) -> Key:
    """End a key at once; the security administrator alone may do it, also one he approved himself."""
    return workflow.apply(
        key, "cut_off", actor=actor, reason=_reason(reason), fields={"note": _reason(reason)}
    )


def _reason(reason: str) -> str:
    if not reason.strip():
        raise DoorRefused("请写明理由，对方和审计人员会看到。")
    return reason.strip()[:300]
