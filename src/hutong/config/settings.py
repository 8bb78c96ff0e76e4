"""Settings: few, from the environment, the same for every process. The reference stands in docs/reference/settings.md.

Development (``DEBUG`` on, the default) runs on the embedded database and makes its own secrets. With ``HUTONG_DEBUG=0`` every
secret and the database must be given, and the embedded server is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from hutong.config import logs, place


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


LOCAL = _flag("HUTONG_DEBUG", True)
"""A development machine or demonstration: embedded database, own secrets, plain http."""
DEBUG = LOCAL and _flag("HUTONG_TRACEBACKS", True)
"""Django's own: error pages show the code. Off in the demonstration, where people see what officials will see."""
ROOT = place.root()
VAR = place.var()
PACKAGE = Path(__file__).resolve().parents[1]


def _secret(name: str, variable: str) -> str:
    given = place.given(variable)
    if given:
        return given
    if not LOCAL:
        raise ImproperlyConfigured(f"正式环境必须设置 {variable}。")
    return str(place.development_secrets()[name])


SECRET_KEY = _secret("secret_key", "HUTONG_SECRET_KEY")
KEY_FILE = place.key_file()
MASTER_KEY = "" if KEY_FILE else _secret("master_key", "HUTONG_MASTER_KEY")
"""64 hex digits from which field keys are derived in development; production names a key file instead."""
FIELD_CIPHER = os.environ.get("HUTONG_FIELD_CIPHER", "SM4-GCM")

ALLOWED_HOSTS = os.environ.get("HUTONG_HOSTS", "localhost,127.0.0.1,testserver,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("HUTONG_ORIGINS", "").split(",") if origin]

# --- database: one process connects as one role (ADR 0002) -------------------------------------------------
DB_AS_OWNER = os.environ.get("HUTONG_DB_ROLE", "web") == "owner"
SCOPE_CHECK = _flag("HUTONG_SCOPE_CHECK", LOCAL)
WEB_ROLE = os.environ.get("HUTONG_WEB_ROLE", "hutong_web")


def web_password() -> str:
    """Password of the web role where only the owner's URL is given: derived, so that nothing more needs storing."""
    return hmac.new(SECRET_KEY.encode(), b"web role", hashlib.sha256).hexdigest()


def _parse(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL 只支持 postgresql://…（PostgreSQL 15 及以上）。")
    return {
        "NAME": parts.path.lstrip("/") or "hutong",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),  # sslmode=verify-full&sslrootcert=…
    }


def _database() -> dict[str, Any]:
    """The login of this process. A URL in the web role's own name is taken as it is; any other is the owner's."""
    url = place.given("DATABASE_URL")
    owner_url = place.given("DATABASE_OWNER_URL")
    if not (url or owner_url):
        if not LOCAL:
            raise ImproperlyConfigured(
                "内置数据库只用于演示和开发：正式环境请用 DATABASE_URL 指定 PostgreSQL 15 及以上。"
            )
        port = VAR / "postgres" / "port"
        secrets = place.development_secrets()
        role = "owner" if DB_AS_OWNER else "web"
        return {
            "NAME": "hutong",
            "USER": f"hutong_{role}",
            "PASSWORD": secrets[role],
            "HOST": "127.0.0.1",
            "PORT": port.read_text() if port.exists() else "1",
            "OPTIONS": {},
        }
    own_web = url if owner_url or (url and _parse(url)["USER"] == WEB_ROLE) else ""
    if DB_AS_OWNER:
        if own_web and not owner_url:
            raise ImproperlyConfigured(
                "DATABASE_URL 是应用角色的登录，不能建表：请用 DATABASE_OWNER_URL 给出所有者。"
            )
        return _parse(owner_url or url)
    return (
        _parse(own_web)
        if own_web
        else _parse(owner_url or url) | {"USER": WEB_ROLE, "PASSWORD": web_password()}
    )


DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "hutong.foundation.access.backend",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        **_database(),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- applications ------------------------------------------------------------------------------------------
OUR_APPS = [
    "hutong.foundation.design",
    "hutong.foundation.accounts",
    "hutong.foundation.audit",
    "hutong.foundation.network",
    "hutong.foundation.access",
    "hutong.foundation.workflow",
    "hutong.foundation.adjustments",
    "hutong.foundation.handovers",
    "hutong.foundation.documents",
    "hutong.foundation.messaging",
    "hutong.domains.registry",
    "hutong.domains.workforce",
    "hutong.domains.policy",
    "hutong.domains.library",
    "hutong.domains.ledgers",
    "hutong.domains.leads",
    "hutong.domains.outreach",
    "hutong.domains.glass",
    "hutong.domains.compartments",
    "hutong.domains.exchange",
    "hutong.delivery.web",
    "hutong.delivery.api",
]
if LOCAL:
    OUR_APPS.append("hutong.demo")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    *OUR_APPS,
]

MIDDLEWARE = [
    "hutong.delivery.web.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "hutong.delivery.api.middleware.NoCookiesAtTheDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hutong.foundation.access.middleware.ScopeMiddleware",
    "hutong.delivery.web.refusals.OnlyByButton",
]

ROOT_URLCONF = "hutong.config.urls"
WSGI_APPLICATION = "hutong.config.wsgi.application"

TEMPLATE_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE.joinpath(*app.split(".")[1:], "templates") for app in OUR_APPS],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "hutong.foundation.design.environment.environment",
            "context_processors": [*TEMPLATE_CONTEXT, "hutong.foundation.access.shell.shell"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": TEMPLATE_CONTEXT},
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- sign-in -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["hutong.foundation.accounts.backend.SignInBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_ADAPTER = "hutong.foundation.accounts.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/15m/key,30/15m/ip",
    "login": "60/m/ip",
    "reauthenticate": "10/m/user",
    "break_glass": "20/h/user",
    "oidc": "120/m/ip",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "hutong.foundation.access.second_steps.SealingAdapter"
MFA_FORMS = {
    "add_webauthn": "hutong.foundation.accounts.passkeys.AddForm",
    "edit_webauthn": "hutong.foundation.accounts.passkeys.EditForm",
    "login_webauthn": "hutong.foundation.accounts.passkeys.SignInForm",
    "authenticate_webauthn": "hutong.foundation.accounts.passkeys.SecondStepForm",
    "reauthenticate_webauthn": "hutong.foundation.accounts.passkeys.ConfirmForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
"""A county signs in from one address; there is nothing to guess."""
MFA_TOTP_ISSUER = "护童"
REQUIRE_MFA = _flag("HUTONG_REQUIRE_MFA", not LOCAL)
"""Roles above the township must set up the second step before they can work."""
USERSESSIONS_TRACK_ACTIVITY = False

OIDC_ISSUER = os.environ.get("HUTONG_OIDC_ISSUER", "").strip()
OIDC_CLIENT = os.environ.get("HUTONG_OIDC_CLIENT", "").strip()
OIDC_NAME = os.environ.get("HUTONG_OIDC_NAME", "").strip()
OIDC_SECRET_FILE = place.credential("HUTONG_OIDC_SECRET_FILE", "oidc-secret")
"""The unit's own identity provider (ADR 0031); off unless all four are given. The secret is read from its file when
it is needed and stands in no setting."""
SOCIALACCOUNT_ADAPTER = "hutong.foundation.accounts.identity.Adapter"
SOCIALACCOUNT_STORE_TOKENS = SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_AUTO_SIGNUP = False

SESSION_ENGINE = "hutong.foundation.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = ["^health", "^metrics$"]
"""Asked on loopback by the watchdog and the collector, which do not come through the proxy."""
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
BEHIND_PROXY = _flag("HUTONG_BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
"""Else everybody would come from the proxy's address, and thirty wrong passwords would lock out the whole county."""
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "hutong.delivery.web.refusals.out_of_date"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    }
}

# rate limits and nothing else: never a child's data
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_cache"}}

# --- the rest ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
if LOCAL:  # whitenoise warns about a missing directory, and in tests a warning is an error
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [directory] if (directory := PACKAGE / "static").exists() else []
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = False

AUDIT_KEY = Path(os.environ.get("HUTONG_AUDIT_KEY") or VAR / "audit" / "signing.json")
"""The key checkpoints of the log are signed with; made when first needed, readable by its owner only."""
AUDIT_ORIGIN = os.environ.get("HUTONG_AUDIT_ORIGIN", "hutong")
WITNESSES = [Path(one) for one in os.environ.get("HUTONG_WITNESS", "").split(os.pathsep) if one]
"""Folders (a mounted share, a stick) to which checkpoints and entries go for others to keep."""

UPLOADS = Path(os.environ.get("HUTONG_UPLOADS") or VAR / "uploads")
"""Outside every web root; served only through ``documents``."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "hutong.foundation.documents.ceiling.Ceiling",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

PROCRASTINATE_ON_APP_READY = "hutong.foundation.workflow.jobs.on_app_ready"

METRICS_TOKEN = place.given("HUTONG_METRICS_TOKEN")
"""What the collector shows to read ``/metrics``; without one that page does not exist."""

LOGGING: dict[str, Any] = logs.configuration(
    level=os.environ.get("HUTONG_LOG", "WARNING"),
    requests=_flag("HUTONG_REQUEST_LOG", not LOCAL),
    plain=not LOCAL,
)
