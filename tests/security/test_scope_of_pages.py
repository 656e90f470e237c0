"""Every page and every operation of the API, asked by somebody with a scope."""

import re

import pytest
from asgiref.sync import async_to_sync
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from tests.security.test_api_roles import operations

pytestmark = [pytest.mark.security, pytest.mark.django_db]

NOT_THERE = {302, 403, 404, 405}


def lists_of_the_admin():
    """Addresses of the admin that need no key."""
    found = []
    for pattern in patterns_of(get_resolver().url_patterns, ""):
        if pattern.startswith("admin/") and "<" not in pattern:
            found.append("/" + pattern)
    return found


def patterns_of(patterns, prefix):
    for one in patterns:
        route = prefix + re.sub(r"[\^$\\]", "", str(one.pattern))
        if isinstance(one, URLResolver):
            yield from patterns_of(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


def pages_of(theirs):
    """Addresses of the admin about one row, filled in with what the others have."""
    for pattern in patterns_of(get_resolver().url_patterns, ""):
        match = re.match(r"admin/(\w+)/(\w+)/<", pattern)
        if match and match[2] in theirs.rows:
            key = str(theirs[match[2]].pk)
            yield "/" + re.sub(r"<[^>]+>", key, pattern)


def body_of(reply):
    if reply.streaming and reply.is_async:
        return async_to_sync(joined)(reply).decode(errors="replace")
    return reply.getvalue().decode(errors="replace")


async def joined(reply):
    return b"".join([part async for part in reply])


LEFT = re.compile(r"logout|password_change|autocomplete|jsi18n|sample|backup")


def test_pages_without_a_key_show_nothing_of_others(client, person, theirs):
    client.force_login(person)

    shown = {}
    for address in lists_of_the_admin():
        if not LEFT.search(address):
            reply = client.get(address)
            found = re.findall(r".{0,60}Theirs.{0,40}", body_of(reply))
            if found:
                shown[address] = found[:2]

    assert shown == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_of_rows_of_others_are_not_there(client, person, theirs, method):
    client.force_login(person)

    replies = {
        address: getattr(client, method)(address) for address in pages_of(theirs)
    }

    there = {
        address: reply.status_code
        for address, reply in replies.items()
        if reply.status_code not in NOT_THERE or "Theirs" in body_of(reply)
    }
    assert len(replies) > 60
    assert there == {}


def keys_of(theirs):
    """What stands in the address of each resource for its row."""
    return {
        "assets": theirs["asset"].asset_id,
        "change-sets": theirs["changeset"].pk,
        "channels": theirs["channel"].channel_id,
        "claims": theirs["claim"].pk,
        "conflicts": theirs["conflict"].pk,
        "ownership-conflicts": theirs["ownershipconflict"].pk,
        "push-plans": theirs["pushplan"].pk,
        "refresh-runs": theirs["refreshrun"].pk,
        "release-lists": theirs["releaselist"].pk,
        "release-matches": theirs["releasematch"].pk,
        "report-sources": theirs["reportsource"].pk,
        "reports": theirs["report"].pk,
        "shorts-verdicts": theirs["video"].video_id,
        "spreadsheets": theirs["spreadsheet"].pk,
        "sync-records": theirs["metadatasync"].pk,
        "videos": theirs["video"].video_id,
        "youtube-accounts": theirs["youtubeaccount"].pk,
    }


# Of the office as a whole; what there is of them in events is tested beside.
WHOLE = {"events_retrieve", "quota_retrieve"}

# Nobody's in particular: one's own, or the administrators'.
KEYLESS = {
    "column-mappings",
    "never-split-names",
    "notifications",
    "people",
    "tokens",
    "webhook-deliveries",
    "webhook-endpoints",
}


def addresses(theirs):
    keys = keys_of(theirs)
    for name, method, path in operations():
        resource = path.split("/")[2]
        if name in WHOLE:
            continue
        if "/1/" in path and resource not in KEYLESS:
            yield name, method, path.replace("/1/", f"/{keys[resource]}/", 1)
        elif method == "get" and "/1/" not in path:
            yield name, method, path


def test_api_shows_nothing_of_others(person, theirs):
    client = APIClient()
    client.force_login(person)

    wrong = {}
    for name, method, path in addresses(theirs):
        reply = getattr(client, method)(path, {}, format="json")
        if "Theirs" in body_of(reply):
            wrong[name] = "shown"
        elif name.endswith("_retrieve") and reply.status_code != 404:
            wrong[name] = 200

    assert wrong == {}
