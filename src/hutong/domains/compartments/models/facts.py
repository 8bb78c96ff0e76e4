"""Adoption, abuse, reporters, shelter: what each fact holds is written where its form is (R-46.02, R-46.03, R-14.05)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from hutong.domains.compartments.models.base import SealedFact
from hutong.foundation.access.models import COMPARTMENTS


class AdoptionFact(SealedFact):
    """Body: ``registered_on``, ``office``, ``certificate``, ``adopters``, ``new_name``, ``new_place``, ``evidence``."""

    compartment = "adoption"

    class Meta:
        verbose_name = "专管事实（二）"
        indexes: ClassVar = [models.Index(fields=["child"], name="adoption_child")]


class AbuseFact(SealedFact):
    """Body: ``since``, ``kind``, ``suspect``, ``police``, ``measures``, ``evidence``."""

    compartment = "abuse"

    class Meta:
        verbose_name = "专管事实（三）"
        indexes: ClassVar = [models.Index(fields=["child"], name="abuse_child")]


class ReporterFact(SealedFact):
    """Body: ``reported_on``, ``name``, ``contact``, ``relation``, ``wishes``."""

    compartment = "reporter"

    class Meta:
        verbose_name = "专管事实（四）"
        indexes: ClassVar = [models.Index(fields=["child"], name="reporter_child")]


class ShieldFact(SealedFact):
    """Body: ``since``, ``place``, ``contact``, ``from_whom``, ``until``, ``evidence``."""

    compartment = "shield"

    class Meta:
        verbose_name = "专管事实（五）"
        indexes: ClassVar = [models.Index(fields=["child"], name="shield_child")]


class WholeFile(SealedFact):
    """A child's whole file lies in a compartment (``registry_child.sealed_in``) until this is closed.

    Body: ``reason``; empty where the database sealed it by itself (exit by adoption). Sealing protects and takes one person;
    lifting uncovers and takes another.
    """

    compartment = models.CharField("专管类别", max_length=12, choices=COMPARTMENTS, db_collation="C")

    class Meta:
        verbose_name = "整份专管"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(closed_at__isnull=True), name="one_whole_file"
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True)
                | Q(recorded_by__isnull=True)
                | ~Q(closed_by=F("recorded_by")),
                name="whole_file_lifted_by_another",
            ),
        ]
