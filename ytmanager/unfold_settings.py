"""The admin theme: name, colours, badge of the environment, navigation.

Settings import this module, so it may not touch models or the admin site.
"""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

ENVIRONMENT_COLOURS = {
    "development": "info",
    "test": "info",
    "staging": "warning",
    "production": "danger",
}


def environment(request: HttpRequest) -> list[str]:
    """The badge that tells which system this is."""
    name = settings.APP_ENV
    return [name.capitalize(), ENVIRONMENT_COLOURS.get(name, "warning")]


def title_prefix(request: HttpRequest) -> str:
    """Browser tabs of other systems than production name their environment."""
    return "" if settings.APP_ENV == "production" else f"[{settings.APP_ENV}]"


def asset(path: str, request: HttpRequest) -> str:
    return static(path)


def page(model: str, request: HttpRequest) -> str:
    """The address of a model's list; '' where the model has no page."""
    try:
        return reverse(f"admin:{model.replace('.', '_')}_changelist")
    except NoReverseMatch:
        return ""


def may_view(model: str, request: HttpRequest) -> bool:
    """Whether the model has a list and this person may open it."""
    app_label, model_name = model.split(".")
    needed = [f"{app_label}.{verb}_{model_name}" for verb in ("view", "change")]
    return bool(page(model, request)) and any(map(request.user.has_perm, needed))


def item(title: str, icon: str, model: str) -> dict[str, Any]:
    """A line of the navigation."""
    return {
        "title": title,
        "icon": icon,
        "link": partial(page, model),
        "permission": partial(may_view, model),
    }


def group(title: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(items)}


def start_page(request: HttpRequest) -> str:
    return reverse("admin:index")


def system_page(request: HttpRequest) -> str:
    return reverse("system_status")


def may_see_system(request: HttpRequest) -> bool:
    return request.user.has_perm("ytmanager.view_backup")


NAVIGATION = [
    {
        "items": [
            {"title": "Start", "icon": "home", "link": start_page},
            {
                "title": "Notifications",
                "icon": "notifications",
                "link": partial(page, "ytmanager.notification"),
            },
        ]
    },
    group(
        "Catalogue",
        item("Videos", "movie", "catalog.video"),
        item("Channels", "tv", "catalog.channel"),
        item("Assets", "album", "catalog.asset"),
        item("Claims", "verified", "catalog.claim"),
        item("Ownership conflicts", "gavel", "catalog.ownershipconflict"),
        item("YouTube Shorts", "bolt", "catalog.youtubeshorts"),
        item("Not Shorts", "block", "catalog.nonyoutubeshorts"),
        item("Shorts review", "rule", "catalog.shortsverdict"),
        item("Conflicts", "call_split", "catalog.conflict"),
        item("Release matches", "join", "catalog.releasematch"),
        item("Spreadsheets", "table_view", "catalog.spreadsheet"),
        item("Change sets", "history", "catalog.changeset"),
        item("History", "manage_history", "catalog.change"),
        item("Content owners", "domain", "catalog.contentowner"),
    ),
    group(
        "Reports",
        item("Reports", "description", "reports.report"),
        item("Sources", "inventory_2", "reports.reportsource"),
    ),
    group(
        "YouTube",
        item("Accounts", "account_circle", "youtube_sync.youtubeaccount"),
        item("Refreshes", "refresh", "youtube_sync.refreshrun"),
        item("Push plans", "publish", "youtube_sync.pushplan"),
        item("Sync records", "sync", "youtube_sync.metadatasync"),
        item("Quota", "speed", "youtube_sync.quotaentry"),
    ),
    group(
        "Other systems",
        item("Webhooks", "webhook", "webhooks.webhookendpoint"),
        item("Webhook deliveries", "outbox", "webhooks.webhookdelivery"),
        {
            "title": "API tokens",
            "icon": "key",
            "link": partial(page, "ytmanager.apitoken"),
        },
    ),
    group(
        "Operations",
        {
            "title": "System status",
            "icon": "monitor_heart",
            "link": system_page,
            "permission": may_see_system,
        },
        item("Backups", "backup", "ytmanager.backup"),
    ),
    group(
        "People",
        item("Users", "person", "auth.user"),
        item("Groups", "group", "auth.group"),
        item("Audit", "policy", "ytmanager.auditentry"),
    ),
]

# A calm blue: red stays free for what is wrong.
PRIMARY = {
    "50": "oklch(97% .014 254)",
    "100": "oklch(93% .032 255)",
    "200": "oklch(88% .059 254)",
    "300": "oklch(81% .105 252)",
    "400": "oklch(72% .15 254)",
    "500": "oklch(65% .19 258)",
    "600": "oklch(52% .2 261)",
    "700": "oklch(46% .19 262)",
    "800": "oklch(40% .16 263)",
    "900": "oklch(35% .13 264)",
    "950": "oklch(27% .09 266)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "YT Manager",
    "SITE_HEADER": "YT Manager",
    "SITE_SUBHEADER": "YouTube metadata office",
    "SITE_SYMBOL": "smart_display",
    "SITE_URL": "/",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "ytmanager.unfold_settings.environment",
    "ENVIRONMENT_TITLE_PREFIX": "ytmanager.unfold_settings.title_prefix",
    "DASHBOARD_CALLBACK": "ytmanager.dashboard.add_figures",
    "COLORS": {"primary": PRIMARY},
    "BORDER_RADIUS": "6px",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": partial(asset, "ytmanager/favicon.svg"),
        }
    ],
    "STYLES": [
        partial(asset, "ytmanager/admin.css"),
        partial(asset, "ytmanager/live.css"),
    ],
    "SCRIPTS": [
        partial(asset, "ytmanager/admin.js"),
        partial(asset, "ytmanager/live.js"),
        partial(asset, "ytmanager/toasts.js"),
        partial(asset, "ytmanager/presence.js"),
        partial(asset, "ytmanager/lists.js"),
    ],
    "SIDEBAR": {
        "show_search": False,
        "command_search": False,
        "show_all_applications": False,
        "navigation": NAVIGATION,
    },
}
