"""Signing in and one's own account. What allauth offers beyond this (sign-up, e-mail, reset) has no address here.

No ``app_name``: allauth asks for its own names.
"""

from allauth.account import views as allauth
from django.urls import URLPattern, URLResolver, include, path

from hutong.foundation.accounts import identity_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="account_home"),
    path("login/", views.sign_in, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("password/change/", views.change_password, name="account_change_password"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("2fa/webauthn/login/", views.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", views.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
    path("oidc/", identity_views.sign_in, name="account_oidc_login"),
    path("oidc/callback/", identity_views.callback, name="account_oidc_callback"),
    path("oidc/link/", identity_views.link, name="account_oidc_link"),
    path("oidc/unlink/", identity_views.unlink, name="account_oidc_unlink"),
    path("sessions/", include("allauth.usersessions.urls")),
    path("sessions/<int:pk>/end/", views.end_session, name="usersessions_end"),
]
