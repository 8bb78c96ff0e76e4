"""A whole file in a sealed compartment. Who may and why is the compartments' business; here the file and its index."""

from __future__ import annotations

from django.db import transaction

from hutong.domains.registry.models import Child
from hutong.domains.registry.services import indexing


@transaction.atomic
def set_sealed(child: Child, compartment: str) -> Child:
    """Into ``compartment``, or out of any with ''. The compartment must be open in the acting scope; search forgets a
    sealed file and finds it again afterwards."""
    Child.objects.filter(pk=child.pk).update(sealed_in=compartment)
    child.refresh_from_db()
    indexing.index([child])
    return child
