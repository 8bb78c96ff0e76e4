"""Signing in and one's own account. Management of accounts stands in ``access``, which knows posts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, PasswordChangeView
from allauth.core import ratelimit
from allauth.mfa.webauthn.internal import flows
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from hutong.foundation.accounts import identity, links
from hutong.foundation.accounts.forms import NewPasswordForm, SignInForm

LOCKED = 429


class SignInView(LoginView):  # type: ignore[misc]
    """allauth's, answering 429 from the 5th failure on, alike for names that exist and names that do not (TM-14)."""

    form_class = SignInForm

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return {**super().get_context_data(**given), "unit": identity.unit()}

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        if not self._spent(form):
            return super().form_invalid(form)  # type: ignore[no-any-return]
        form.errors["__all__"] = form.error_class([get_adapter().error_messages["too_many_login_attempts"]])
        return self.render_to_response(self.get_context_data(form=form), status=LOCKED)  # type: ignore[no-any-return]

    def _spent(self, form: LoginForm) -> bool:
        """Whether no further attempt is allowed for this name (or from this address)."""
        name = str(form.data.get("login", "")).strip().lower()
        if not name or not form.data.get("password"):
            return False
        key = get_adapter()._get_login_attempts_cache_key(self.request, username=name)
        return not ratelimit.consume(self.request, action="login_failed", key=key, dry_run=True)


class NewPasswordView(PasswordChangeView):  # type: ignore[misc]
    form_class = NewPasswordForm


class PasskeySignInView(LoginWebAuthnView):  # type: ignore[misc]
    """allauth's, led on to the page that was asked for."""

    def form_valid(self, form: Form) -> HttpResponse:
        key = form.cleaned_data["credential"]
        login = Login(user=key.user, redirect_url=get_next_redirect_url(self.request))
        return flows.perform_passwordless_login(self.request, key, login)  # type: ignore[no-any-return]


class PasskeyConfirmView(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """allauth's, asking again on the same page after a failure."""

    def form_invalid(self, form: Form) -> HttpResponse:
        for words in form.errors.get("credential", ["没有收到钥匙的回答，请再试一次。"]):
            messages.error(self.request, str(words))
        query = urlencode({"next": self.request.POST.get("next", "/")})
        return HttpResponseRedirect(f"{reverse('mfa_reauthenticate_webauthn')}?{query}")


sign_in = SignInView.as_view()
sign_in_by_passkey = PasskeySignInView.as_view()
confirm_by_passkey = PasskeyConfirmView.as_view()
change_password = NewPasswordView.as_view()


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """One's own account: where to change the password, the second step, the sessions."""
    unit = identity.unit()
    linked = unit is not None and links.is_linked(request.user)  # type: ignore[arg-type]
    return render(request, "account/home.html", {"unit": unit, "linked": linked})


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; another person's does not exist."""
    session = UserSession.objects.filter(pk=pk, user_id=request.user.pk).first()
    if session is None:
        raise Http404
    session.end()
    return HttpResponseRedirect(reverse("usersessions_list"))
