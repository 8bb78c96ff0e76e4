"""What the engine refuses, in sentences for the user."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class NotNow(PermissionDenied):
    """The thing is no longer in the state the actor saw, or the step is not possible from it (409).

    A kind of ``PermissionDenied`` so that Django hands it to our own error page, which answers 409 with the sentence.
    """

    status_code = 409
