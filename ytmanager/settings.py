"""Every setting of the project; values come through one environment schema.

The README lists each variable. With DEBUG off a missing secret stops the start
and names the variable. `NAME_FILE` may hold the path of a file with the value.
"""

from pathlib import Path
from typing import Any

import environ

from ytmanager.api_schema_settings import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from ytmanager.error_reports import send_errors
from ytmanager.jobs import hold_job
from ytmanager.observability import bind_job, configure_structlog, logging_config
from ytmanager.security_headers import content_security_policy
from ytmanager.store_settings import stores
from ytmanager.unfold_settings import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv(
    APP_ENV=(str, "production"),
    ALLOWED_HOSTS=(list, []),
    CSRF_TRUSTED_ORIGINS=(list, []),
    SITE_URL=(str, "http://127.0.0.1:8000"),
    LOG_LEVEL=(str, "INFO"),
    MONITOR_TOKEN=(str, ""),
    SENTRY_DSN=(str, ""),
    MAINTENANCE_FILE=(str, ""),
    API_READS=(int, 600),
    API_WRITES=(int, 120),
    MAX_QUEUE_MINUTES=(int, 15),
    ROW_ERRORS_KEPT_DAYS=(int, 180),
    LOGINS_KEPT_DAYS=(int, 365),
    JOBS_KEPT_DAYS=(int, 30),
    API_DATA_KEPT_DAYS=(int, 0),
    POSTGRES_PROGRAMS=(str, ""),
    BACKUP_BUCKET=(str, ""),
    BACKUP_PREFIX=(str, ""),
    BACKUP_FOLDER=(str, ""),
    BACKUP_HOURS=(int, 24),
    BACKUPS_KEPT=(int, 14),
    BACKUP_DRILL_DAYS=(int, 7),
    BACKUP_GPG_RECIPIENT=(str, ""),
    BACKUP_GPG_PASSPHRASE=(str, ""),
    DB_POOL_MIN=(int, 1),
    DB_POOL_MAX=(int, 10),
    DB_POOL_TIMEOUT=(float, 10.0),
    DB_POOL_LIFETIME=(float, 3600.0),
    REPORT_FOLDER=(str, ""),
    S3_BUCKET=(str, ""),
    S3_PREFIX=(str, ""),
    AWS_S3_ENDPOINT_URL=(str, ""),
    AWS_S3_REGION_NAME=(str, ""),
    AWS_ACCESS_KEY_ID=(str, ""),
    AWS_SECRET_ACCESS_KEY=(str, ""),
    GOOGLE_CLIENT_ID=(str, ""),
    GOOGLE_CLIENT_SECRET=(str, ""),
    GOOGLE_PROJECT=(str, "default"),
    GOOGLE_AUTH_URI=(str, "https://accounts.google.com/o/oauth2/v2/auth"),
    GOOGLE_TOKEN_URI=(str, "https://oauth2.googleapis.com/token"),
    GOOGLE_REVOKE_URI=(str, "https://oauth2.googleapis.com/revoke"),
    YOUTUBE_API_BASE=(str, "https://youtube.googleapis.com"),
    CONTENT_ID_API_BASE=(str, "https://youtubepartner.googleapis.com"),
    CONTENT_ID_ENABLED=(bool, True),
    SHORTS_PROBE_ENABLED=(bool, False),
    SHORTS_PROBE_BASE=(str, "https://www.youtube.com"),
    SHORTS_PROBE_SECONDS=(float, 3.0),
    YOUTUBE_DAILY_QUOTA=(int, 10_000),
    REPORT_LAG_HOURS=(int, 48),
    MAX_BAD_ROW_PERCENT=(int, 20),
    MAX_SHRINKAGE_PERCENT=(int, 5),
    VIEWS_MOVED_FACTOR=(int, 3),
    VIEWS_MOVED_MINIMUM=(int, 1000),
    HIGHLIGHTS_KEPT=(int, 10_000),
    PLANS_KEPT_DAYS=(int, 30),
    PUSH_GRACE_MINUTES=(int, 60),
    REFRESH_QUOTA_PERCENT=(int, 20),
    CONTENT_MANAGER_ROWS=(int, 2000),
    CLEAN_CUSTOM_IDS_DAILY=(bool, False),
    CLEAN_CUSTOM_IDS_UNSEEN=(bool, False),
    CLEAN_CUSTOM_IDS_WITH_LABEL=(bool, False),
    WEBHOOK_PRIVATE_TARGETS=(bool, False),
    RESPONSE_CACHE_SECONDS=(int, 300),
    EMAIL_URL=(str, ""),
    MAIL_FROM=(str, "YT Manager <noreply@localhost>"),
)
environ.Env.read_env(BASE_DIR / ".env")

APP_ENV = env("APP_ENV")
IS_DEVELOPMENT = APP_ENV in {"development", "test"}
DEBUG = env.bool("DEBUG", default=False)
DEFAULT_EXCEPTION_REPORTER_FILTER = "ytmanager.debug_pages.NoLocalValues"
# Secrets have no default: without one the start fails and names the variable.
SECRET_KEY = env("SECRET_KEY")
SALT_KEY = env.list("TOKEN_ENCRYPTION_KEYS")
ALLOWED_HOSTS = env("ALLOWED_HOSTS") or (
    ["localhost", "127.0.0.1", "[::1]"] if IS_DEVELOPMENT else []
)
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")
SITE_URL = env("SITE_URL")

INSTALLED_APPS = [
    "ytmanager",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "procrastinate.contrib.django",
    "pgtrigger",
    "import_export",
    "axes",
    "django_structlog",
    "catalog",
    "reports",
    "youtube_sync",
    "webhooks",
]

MIDDLEWARE = [
    "ytmanager.probes.ProbeMiddleware",
    "ytmanager.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ytmanager.security_headers.PermissionsPolicyMiddleware",
    "ytmanager.maintenance.MaintenanceMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "ytmanager.audit.ExportMiddleware",
    "axes.middleware.AxesMiddleware",
    "ytmanager.unavailable.UnavailableMiddleware",
]

ROOT_URLCONF = "ytmanager.urls"
ASGI_APPLICATION = "ytmanager.asgi.application"
WSGI_APPLICATION = "ytmanager.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# DATABASE
DATABASES: dict[str, dict[str, Any]] = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    CONN_MAX_AGE=0,  # the pool keeps connections, not Django's threads
    CONN_HEALTH_CHECKS=True,  # none from before a restart of the server is lent
    ATOMIC_REQUESTS=False,
    OPTIONS={
        "pool": {
            "min_size": env("DB_POOL_MIN"),
            "max_size": env("DB_POOL_MAX"),
            "timeout": env("DB_POOL_TIMEOUT"),
            "max_lifetime": env("DB_POOL_LIFETIME"),
        },
        # Works behind a transaction pooler such as PgBouncer.
        "prepare_threshold": None,
    },
    DISABLE_SERVER_SIDE_CURSORS=True,
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# CACHE, CHANNEL LAYER
REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "ytmanager",
        # A page without the cache is quicker than one that waits for it.
        "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3},
    }
}
RESPONSE_CACHE_SECONDS = env("RESPONSE_CACHE_SECONDS")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "socket_connect_timeout": 2}],
            "prefix": "ytmanager",
        },
    }
}

# STORES
STORAGES = stores(env, BASE_DIR, is_development=IS_DEVELOPMENT)
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = IS_DEVELOPMENT
WHITENOISE_AUTOREFRESH = IS_DEVELOPMENT  # a style may be edited under `make run`
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# PEOPLE
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "ytmanager.signing_in.PeopleBackend",
    "django.contrib.auth.backends.ModelBackend",  # sessions begun before it
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "ytmanager.signing_in.locked_out"

# SECURITY
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = SITE_URL.startswith("https://")
SECURE_HSTS_SECONDS = 31_536_000 if SITE_URL.startswith("https://") else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = content_security_policy(env("YOUTUBE_API_BASE"))

# LANGUAGE AND TIME
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "ytmanager.formats"

# API
REST_FRAMEWORK = {
    # Tokens first: their challenge turns "nobody" into a 401 instead of a 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ytmanager.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["ytmanager.permissions.ModelPermissions"],
    "DEFAULT_THROTTLE_CLASSES": ["ytmanager.throttles.WindowThrottle"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "ytmanager.lists.ListPagination",
    "DEFAULT_FILTER_BACKENDS": ["ytmanager.lists.ListFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "ytmanager.api_schema.ApiSchema",
    "EXCEPTION_HANDLER": "ytmanager.exception_handler.handle_exception",
    "SCHEMA_COERCE_PATH_PK": False,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Requests a minute of one person or token.
API_READS = env("API_READS")
API_WRITES = env("API_WRITES")
KNOX_TOKEN_MODEL = "ytmanager.ApiToken"
# Its own table would stay empty, and no test could empty the database around it.
MIGRATION_MODULES = {"knox": None}
# A prefix that scanners for leaked secrets can look for.
REST_KNOX = {"TOKEN_PREFIX": "ytm_", "TOKEN_LIMIT_PER_USER": None}

# JOBS
PROCRASTINATE_WORKER_DEFAULTS = {
    "task_middleware": [bind_job, hold_job],
    # What failed stays for people to see; what worked is in the logs.
    "delete_jobs": "successful",
    "listen_notify": True,
}

# REPORTS
S3_BUCKET = env("S3_BUCKET")
REPORT_LAG_HOURS = env("REPORT_LAG_HOURS")
MAX_BAD_ROW_PERCENT = env("MAX_BAD_ROW_PERCENT")
MAX_SHRINKAGE_PERCENT = env("MAX_SHRINKAGE_PERCENT")
VIEWS_MOVED_FACTOR = env("VIEWS_MOVED_FACTOR")
VIEWS_MOVED_MINIMUM = env("VIEWS_MOVED_MINIMUM")
HIGHLIGHTS_KEPT = env("HIGHLIGHTS_KEPT")
PLANS_KEPT_DAYS = env("PLANS_KEPT_DAYS")

# CATALOGUE
CLEAN_CUSTOM_IDS_DAILY = env("CLEAN_CUSTOM_IDS_DAILY")
CLEAN_CUSTOM_IDS_UNSEEN = env("CLEAN_CUSTOM_IDS_UNSEEN")
CLEAN_CUSTOM_IDS_WITH_LABEL = env("CLEAN_CUSTOM_IDS_WITH_LABEL")

# YOUTUBE
GOOGLE_CLIENT_ID = env("GOOGLE_CLIENT_ID")
GOOGLE_CLIENT_SECRET = env("GOOGLE_CLIENT_SECRET")
GOOGLE_PROJECT = env("GOOGLE_PROJECT")
GOOGLE_AUTH_URI = env("GOOGLE_AUTH_URI")
GOOGLE_TOKEN_URI = env("GOOGLE_TOKEN_URI")
GOOGLE_REVOKE_URI = env("GOOGLE_REVOKE_URI")
YOUTUBE_API_BASE = env("YOUTUBE_API_BASE")
CONTENT_ID_API_BASE = env("CONTENT_ID_API_BASE")
CONTENT_ID_ENABLED = env("CONTENT_ID_ENABLED")
SHORTS_PROBE_ENABLED = env("SHORTS_PROBE_ENABLED")
SHORTS_PROBE_BASE = env("SHORTS_PROBE_BASE")
SHORTS_PROBE_SECONDS = env("SHORTS_PROBE_SECONDS")
YOUTUBE_DAILY_QUOTA = env("YOUTUBE_DAILY_QUOTA")
PUSH_GRACE_MINUTES = env("PUSH_GRACE_MINUTES")
REFRESH_QUOTA_PERCENT = env("REFRESH_QUOTA_PERCENT")
CONTENT_MANAGER_ROWS = env("CONTENT_MANAGER_ROWS")

# MAIL
HAS_MAIL = bool(env("EMAIL_URL"))
_MAIL = env.email_url_config(env("EMAIL_URL") or "dummymail://")
EMAIL_BACKEND, EMAIL_TIMEOUT = _MAIL["EMAIL_BACKEND"], 20
EMAIL_HOST, EMAIL_PORT = _MAIL["EMAIL_HOST"], _MAIL["EMAIL_PORT"]
EMAIL_HOST_USER = _MAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_SSL", False)
MAIL_FROM = env("MAIL_FROM")

# WEBHOOKS
WEBHOOK_PRIVATE_TARGETS = env("WEBHOOK_PRIVATE_TARGETS")

# OPERATIONS
MONITOR_TOKEN = env("MONITOR_TOKEN")
MAX_QUEUE_MINUTES = env("MAX_QUEUE_MINUTES")
ROW_ERRORS_KEPT_DAYS = env("ROW_ERRORS_KEPT_DAYS")
LOGINS_KEPT_DAYS = env("LOGINS_KEPT_DAYS")
JOBS_KEPT_DAYS = env("JOBS_KEPT_DAYS")
API_DATA_KEPT_DAYS = env("API_DATA_KEPT_DAYS")
MAINTENANCE_FILE = env("MAINTENANCE_FILE") or str(BASE_DIR / ".local" / "maintenance")
send_errors(dsn=env("SENTRY_DSN"), environment=APP_ENV)
POSTGRES_PROGRAMS = env("POSTGRES_PROGRAMS")
BACKUP_BUCKET = env("BACKUP_BUCKET")
BACKUP_HOURS = env("BACKUP_HOURS")
BACKUPS_KEPT = env("BACKUPS_KEPT")
BACKUP_DRILL_DAYS = env("BACKUP_DRILL_DAYS")
BACKUP_GPG_PASSPHRASE = env("BACKUP_GPG_PASSPHRASE")
DBBACKUP_GPG_RECIPIENT = env("BACKUP_GPG_RECIPIENT") or None
DBBACKUP_GPG_ALWAYS_TRUST = True  # the key is in the ring because we put it there

# LOGS
LOGGING = logging_config(level=env("LOG_LEVEL") or "INFO", is_console=False)
configure_structlog()
