"""All settings in one file: the environment first, defaults that run on a laptop.

A wrong value stops the start with its name. Secrets have no default when DEBUG is off, except the
signing key, which a machine makes once and keeps under `var/`.
"""

import errno
import os
import re
import secrets
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from quizgame import private_redis

BASE_DIR = Path(__file__).resolve().parent.parent


def flag(name: str, default: bool) -> bool:
    """A yes-or-no variable of the environment."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if value == "" else value in {"1", "true", "yes", "on"}
    raise ImproperlyConfigured(f"{name} must be yes or no, not “{value}”.")


def whole_number(name: str, default: int, low: int, high: int) -> int:
    """A whole number of the environment, within bounds."""
    value = os.environ.get(name, "").strip() or str(default)
    if value.isdecimal() and low <= int(value) <= high:
        return int(value)
    raise ImproperlyConfigured(
        f"{name} must be a whole number from {low} to {high}, not “{value}”."
    )


def one_of(name: str, default: str, allowed: Collection[str]) -> str:
    """A variable of the environment with few good values."""
    value = os.environ.get(name, "").strip() or default
    if value in allowed:
        return value
    examples = ", ".join(sorted(allowed)[:5])
    raise ImproperlyConfigured(f"{name} can't be “{value}”; it may be, for example, {examples}.")


def addresses(name: str) -> list[str]:
    """A variable of the environment that lists web addresses, with commas."""
    given = [part.strip().rstrip("/") for part in os.environ.get(name, "").split(",")]
    for address in filter(None, given):
        if not address.startswith(("http://", "https://")):
            raise ImproperlyConfigured(
                f"{name} must start with http:// or https://, not “{address}”."
            )
    return [address for address in given if address]


def networks(name: str, default: str) -> list[IPv4Network | IPv6Network]:
    """A variable of the environment that lists addresses of machines or networks, with commas."""
    given = os.environ.get(name, "").strip() or default
    try:
        return [ip_network(part.strip()) for part in given.split(",")]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} must list addresses such as 10.0.0.5 or 10.0.0.0/8: {error}."
        ) from error


def together(*names: str) -> list[str]:
    """Variables of the environment that need each other; [] where none is set."""
    given = {name: os.environ.get(name, "").strip() for name in names}
    missing = [name for name, value in given.items() if not value]
    if missing and len(missing) < len(names):
        raise ImproperlyConfigured(
            f"{', '.join(names[:-1])} and {names[-1]} need each other: {' and '.join(missing)}"
            f" {'is' if len(missing) == 1 else 'are'} missing."
        )
    return [] if missing else list(given.values())


def sign_in_servers() -> list[dict[str, object]]:
    """Who else may say who somebody is: servers of OpenID Connect, as allauth wants them told.

    `provider_id` is a part of the address that a server sends people back to.
    """
    school = together("OIDC_SERVER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    microsoft = together("MICROSOFT_TENANT", "MICROSOFT_CLIENT_ID", "MICROSOFT_CLIENT_SECRET")
    google = together("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET")
    found: list[tuple[str, str, str, list[str]]] = []
    if school:
        name = os.environ.get("OIDC_NAME", "").strip() or "the school’s account"
        found.append(("school", name, encrypted_address("OIDC_SERVER"), school[1:]))
    if microsoft:
        if microsoft[0] in {"common", "consumers", "organizations"}:
            raise ImproperlyConfigured(
                f"MICROSOFT_TENANT must be your own organisation’s id, not “{microsoft[0]}”."
            )
        address = f"https://login.microsoftonline.com/{microsoft[0]}/v2.0"
        found.append(("microsoft", "Microsoft", address, microsoft[1:]))
    if google:
        found.append(("google", "Google", "https://accounts.google.com", google))
    return [
        {
            "provider_id": key,
            "name": name,
            "client_id": client_id,
            "secret": secret,
            "settings": {"server_url": address},
        }
        for key, name, address, (client_id, secret) in found
    ]


def encrypted_address(name: str) -> str:
    """A web address whose server is believed because TLS says who it is; this machine always is."""
    [address] = addresses(name)
    if address.startswith("https://") or urlsplit(address).hostname in {"localhost", "127.0.0.1"}:
        return address
    raise ImproperlyConfigured(f"{name} must start with https://, not “{address}”.")


def secret_key() -> str:
    """`SECRET_KEY`, else one made at the first start and kept, readable by its owner alone."""
    if given := os.environ.get("SECRET_KEY"):
        if len(given) < 32:
            raise ImproperlyConfigured("SECRET_KEY must have at least 32 characters.")
        return given
    kept = DATA_DIR / "secret_key"
    try:
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return kept.read_text()


DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    if not os.access(DATA_DIR, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    SECRET_KEY = secret_key()
except OSError as error:
    raise ImproperlyConfigured(
        f"DATA_DIR {DATA_DIR} can't be written: {error.strerror}."
    ) from error

DEBUG = flag("DEBUG", default=False)
# A classroom reaches the laptop by whatever address it has today, so any name is served unless
# ALLOWED_HOSTS says otherwise.
ALLOWED_HOSTS = [h.strip() for h in os.environ.get("ALLOWED_HOSTS", "*").split(",") if h.strip()]
CSRF_TRUSTED_ORIGINS = addresses("CSRF_TRUSTED_ORIGINS")
# Whose X-Forwarded-For is believed. A proxy elsewhere has to be named.
TRUSTED_PROXIES = networks("TRUSTED_PROXIES", "127.0.0.0/8,::1")

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "django_vite",
    "csp",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "lessons",
    "lessons.study",
    "lessons.authoring",
    "lessons.podcast",
    "games",
]
MIDDLEWARE = [
    "quizgame.logs.RequestId",
    "quizgame.operations.ForMachines",
    "django.middleware.security.SecurityMiddleware",
    "quizgame.headers.Fences",
    # A lesson with its pictures is 150 KB, and 30 in this way. Django pads against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lessons.second_factor.StaffHaveOne",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "games.study_lock.StudyLock",  # asks who the user is
    "lessons.study.learners.LearnerCookie",
]
ROOT_URLCONF = "quizgame.urls"
ASGI_APPLICATION = "quizgame.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "quizgame" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quizgame.context.site",
            ],
        },
    },
]

try:
    DATABASES = {
        "default": dj_database_url.parse(
            os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'quizgame.sqlite3'}",
            conn_max_age=60,
            conn_health_checks=True,
        )
    }
except (ValueError, KeyError) as error:
    raise ImproperlyConfigured(f"DATABASE_URL isn't a database address: {error}") from error
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Computed pictures, named by their content: they never go stale.
    "pictures": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "pictures",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

# Unset, `manage.py play` starts a private Redis on a socket in DATA_DIR.
REDIS_URL = os.environ.get("REDIS_URL") or private_redis.socket_url(DATA_DIR)
if not re.match(r"(unix|rediss?|rediss?\+(cluster|sentinel))://", REDIS_URL):
    raise ImproperlyConfigured(
        "REDIS_URL must start with redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://."
    )
REDIS_PREFIX = os.environ.get("REDIS_PREFIX", "quizgame")
# Where phones reach this server, for join links when the host's own browser says “localhost”.
# Unset, that is this machine's address in its network, which inside a container is the wrong one.
PUBLIC_URL = next(iter(addresses("PUBLIC_URL")), "")
ROOM_CAPACITY = whole_number("ROOM_CAPACITY", 2000, low=1, high=100_000)
ROOM_LIFETIME_S = 24 * 60 * 60

# Any server that speaks OpenAI's chat completions; unset, the study side does without a model.
LLM_BASE_URL = next(iter(addresses("LLM_BASE_URL")), "")
LLM_MODEL = os.environ.get("LLM_MODEL", "").strip()
LLM_API_KEY = os.environ.get("LLM_API_KEY", "").strip()
if bool(LLM_BASE_URL) != bool(LLM_MODEL):
    raise ImproperlyConfigured("LLM_BASE_URL and LLM_MODEL need each other: set both or neither.")
LLM_DAILY_TOKENS = whole_number("LLM_DAILY_TOKENS", 1_000_000, low=0, high=10**12)  # 0: no limit

# Any server that speaks OpenAI's `/audio/speech`, for the podcast; unset, this machine's own voices.
TTS_BASE_URL = next(iter(addresses("TTS_BASE_URL")), "")
TTS_MODEL = os.environ.get("TTS_MODEL", "").strip()
TTS_API_KEY = os.environ.get("TTS_API_KEY", "").strip()
TTS_VOICES = [name.strip() for name in os.environ.get("TTS_VOICES", "").split(",") if name.strip()]
if not bool(TTS_BASE_URL) == bool(TTS_MODEL) == bool(TTS_VOICES):
    raise ImproperlyConfigured(
        "TTS_BASE_URL, TTS_MODEL and TTS_VOICES need each other: set all of them or none."
    )
if TTS_VOICES and len(TTS_VOICES) != 2:
    raise ImproperlyConfigured("TTS_VOICES must name two voices, such as “alloy,onyx”.")
# The function that says who speaks a podcast in a language, or that nobody can.
PODCAST_VOICES = "lessons.podcast.voices.voices_for"

# A worker does one task at a time: what takes minutes has a queue, and a worker, of its own.
TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]},
}

SIGN_UP_OPEN = flag("SIGN_UP_OPEN", default=True)
LOGIN_URL = "log_in"
LOGIN_REDIRECT_URL = "lesson_list"
LOGOUT_REDIRECT_URL = "landing"
STAFF_NEEDS_SECOND_FACTOR = flag("STAFF_NEEDS_SECOND_FACTOR", default=False)

SIGN_IN_SERVERS = sign_in_servers()
# With SIGN_UP_OPEN=no and this yes, only those get an account whom one of these servers knows.
SIGN_UP_BY_SERVER = flag("SIGN_UP_BY_SERVER", default=SIGN_UP_OPEN)

# A school's laptop has no mail server: accounts are names, and no mail is sent.
ACCOUNT_ADAPTER = "lessons.sign_in.Accounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = False
# Ours are lessons.throttles: they hold over all processes, and say when to try again.
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "lessons.sign_in.SecondFactors"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "lessons.second_factor.CodeForm",
    "reauthenticate": "lessons.second_factor.CodeAgainForm",
    "activate_totp": "lessons.second_factor.FirstCodeForm",
}
MFA_TOTP_ISSUER = "Quizgame"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
SOCIALACCOUNT_ADAPTER = "lessons.sign_in.AccountsElsewhere"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": SIGN_IN_SERVERS, "OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]

LANGUAGE_CODE = "en"
TIME_ZONE = one_of("TIME_ZONE", "UTC", available_timezones())
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise looks here at its start, `collectstatic` fills it
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
# The browser code's names hold a hash of their content: kept for good, never asked about again.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/[^/]+-[-\w]{8}\.\w+$"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
DJANGO_VITE = {"default": {"manifest_path": BASE_DIR / "frontend" / "dist" / "manifest.json"}}

# A lesson is edited on one page: 200 questions alone are more than Django's 1000 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# And a text pasted into it is a million characters, of three bytes in some scripts.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000

X_FRAME_OPTIONS = "DENY"
# Nothing inline and nothing from elsewhere. `ws:` is spelt out for Safari before 15.4, where 'self'
# means the pages' scheme alone. JSON in <script type="application/json"> is data, not script.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, "ws:", "wss:"],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Without TLS browsers ignore it, with a warning.
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
if flag("HTTPS", default=False):
    SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # Behind a proxy that doesn't say X-Forwarded-Proto visitors would be sent round in circles.
    SECURE_SSL_REDIRECT = flag("HTTPS_REDIRECT", default=True)
    # Asked for inside, by a proxy or a container's own check.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = whole_number("HSTS_DAYS", 30, low=0, high=3650) * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = flag("HSTS_WHOLE_DOMAIN", default=False)
    # To promise TLS for all of a school's names is the school's decision, and hard to take back.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Counts for Prometheus at /metrics. Unset, only this machine itself may read them.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "").strip()

LOG_LEVEL = one_of("LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOG_FORMAT = one_of("LOG_FORMAT", "plain", ("plain", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"whereabouts": {"()": "quizgame.logs.Whereabouts"}},
    "formatters": {
        "plain": {"format": "{levelname} {name}{where}: {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{levelname} {name} {message} {request_id} {room_id}",
            "style": "{",
            "timestamp": True,
        },
    },
    "handlers": {
        name: {
            "class": "logging.StreamHandler",
            "filters": ["whereabouts"],
            "formatter": LOG_FORMAT,
            "level": level,
        }
        for name, level in {"console": LOG_LEVEL, "errors": "ERROR"}.items()
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # The worker announces its start and its end as warnings, whatever level it is told.
    "loggers": {"django_tasks_db": {"handlers": ["errors"], "propagate": False}},
}

# Reports of what failed, to the operator's own Sentry or one like it; without it none leave.
SENTRY_DSN = os.environ.get("SENTRY_DSN", "").strip()
if SENTRY_DSN:
    from quizgame.failures import report_failures_to

    report_failures_to(SENTRY_DSN)
