"""Who may call which operation of the API: every role on every operation.

An operation that is missing from the table fails the test, so that nobody adds
one without saying whom it is for.
"""

import re

import pytest
from django.contrib.auth.models import Group
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from tests.factories.catalog import UserFactory
from ytmanager.models import ApiToken

pytestmark = [pytest.mark.security, pytest.mark.django_db]

ROLES = ("nobody", "outsider", "Viewer", "Editor", "Publisher", "Administrator")
# The least of the roles for which an operation is.
SIGNED_IN, VIEWER, EDITOR, PUBLISHER, ADMINISTRATOR = ROLES[1:]
LEAST = {
    "assets_list": VIEWER,
    "assets_retrieve": VIEWER,
    "change_sets_apply": EDITOR,
    "change_sets_cancel": EDITOR,
    "change_sets_changes": VIEWER,
    "change_sets_create": EDITOR,
    "change_sets_discard": EDITOR,
    "change_sets_drift": VIEWER,
    "change_sets_leave_out": EDITOR,
    "change_sets_list": VIEWER,
    "change_sets_resume": EDITOR,
    "change_sets_retrieve": VIEWER,
    "change_sets_revert": EDITOR,
    "change_sets_take_in": EDITOR,
    "channels_destroy": EDITOR,
    "channels_history": VIEWER,
    "channels_list": VIEWER,
    "channels_partial_update": EDITOR,
    "channels_restore": EDITOR,
    "channels_retrieve": VIEWER,
    "claims_list": VIEWER,
    "claims_retrieve": VIEWER,
    "column_mappings_destroy": EDITOR,
    "column_mappings_list": VIEWER,
    "conflicts_list": VIEWER,
    "conflicts_resolve": EDITOR,
    "conflicts_resolve_many": EDITOR,
    "conflicts_retrieve": VIEWER,
    "conflicts_summary": VIEWER,
    "content_owners_list": VIEWER,
    "custom_id_clean_up_outlook": EDITOR,
    "custom_id_clean_up_plan": EDITOR,
    "events_retrieve": SIGNED_IN,
    "me_show": SIGNED_IN,
    "never_split_names_create": EDITOR,
    "never_split_names_destroy": EDITOR,
    "never_split_names_list": VIEWER,
    "notifications_change_mail": SIGNED_IN,
    "notifications_list": SIGNED_IN,
    "notifications_mail": SIGNED_IN,
    "notifications_read": SIGNED_IN,
    "notifications_read_all": SIGNED_IN,
    "notifications_retrieve": SIGNED_IN,
    "notifications_unread": SIGNED_IN,
    "ownership_conflicts_list": VIEWER,
    "ownership_conflicts_retrieve": VIEWER,
    "people_list": ADMINISTRATOR,
    "people_retrieve": ADMINISTRATOR,
    "push_plans_cancel": PUBLISHER,
    "push_plans_confirm": PUBLISHER,
    "push_plans_create": PUBLISHER,
    "push_plans_items": VIEWER,
    "push_plans_leave_out": PUBLISHER,
    "push_plans_list": VIEWER,
    "push_plans_pause": PUBLISHER,
    "push_plans_put_back": PUBLISHER,
    "push_plans_put_first": PUBLISHER,
    "push_plans_resume": PUBLISHER,
    "push_plans_retrieve": VIEWER,
    "push_plans_retry": PUBLISHER,
    "push_plans_take_in": PUBLISHER,
    "push_plans_undo": PUBLISHER,
    "quota_retrieve": VIEWER,
    "refresh_runs_cancel": PUBLISHER,
    "refresh_runs_create": PUBLISHER,
    "refresh_runs_list": VIEWER,
    "refresh_runs_retrieve": VIEWER,
    "release_lists_columns": EDITOR,
    "release_lists_create": EDITOR,
    "release_lists_list": VIEWER,
    "release_lists_match": EDITOR,
    "release_lists_retrieve": VIEWER,
    "release_matches_accept": EDITOR,
    "release_matches_fill": EDITOR,
    "release_matches_list": VIEWER,
    "release_matches_refuse": EDITOR,
    "release_matches_reopen": EDITOR,
    "release_matches_retrieve": VIEWER,
    "releases_list": VIEWER,
    "report_sources_check": ADMINISTRATOR,
    "report_sources_create": ADMINISTRATOR,
    "report_sources_destroy": ADMINISTRATOR,
    "report_sources_list": VIEWER,
    "report_sources_look": ADMINISTRATOR,
    "report_sources_look_into_all": EDITOR,
    "report_sources_partial_update": ADMINISTRATOR,
    "report_sources_retrieve": VIEWER,
    "reports_answer": EDITOR,
    "reports_cancel": EDITOR,
    "reports_changes": VIEWER,
    "reports_changes_channels": VIEWER,
    "reports_changes_summary": VIEWER,
    "reports_create": EDITOR,
    "reports_errors": VIEWER,
    "reports_list": VIEWER,
    "reports_retrieve": VIEWER,
    "reports_start_import": EDITOR,
    "shorts_verdicts_decide": EDITOR,
    "shorts_verdicts_decide_many": EDITOR,
    "shorts_verdicts_list": VIEWER,
    "shorts_verdicts_probe": EDITOR,
    "shorts_verdicts_retrieve": VIEWER,
    "shorts_verdicts_run_rules": EDITOR,
    "spellings_groups": EDITOR,
    "spreadsheets_columns": EDITOR,
    "spreadsheets_compare": EDITOR,
    "spreadsheets_create": EDITOR,
    "spreadsheets_encoding": EDITOR,
    "spreadsheets_findings": VIEWER,
    "spreadsheets_list": VIEWER,
    "spreadsheets_retrieve": VIEWER,
    "sync_records_list": VIEWER,
    "sync_records_retrieve": VIEWER,
    "tokens_create": SIGNED_IN,
    "tokens_destroy": SIGNED_IN,
    "tokens_list": SIGNED_IN,
    "videos_bulk": EDITOR,
    "videos_choose_asset": EDITOR,
    "videos_conflicts": VIEWER,
    "videos_create": EDITOR,
    "videos_destroy": EDITOR,
    "videos_export": VIEWER,
    "videos_history": VIEWER,
    "videos_list": VIEWER,
    "videos_partial_update": EDITOR,
    "videos_preview": PUBLISHER,
    "videos_push": PUBLISHER,
    "videos_restore": EDITOR,
    "videos_retrieve": VIEWER,
    "videos_update": EDITOR,
    "webhook_deliveries_list": ADMINISTRATOR,
    "webhook_deliveries_replay": ADMINISTRATOR,
    "webhook_deliveries_replay_many": ADMINISTRATOR,
    "webhook_deliveries_retrieve": ADMINISTRATOR,
    "webhook_endpoints_create": ADMINISTRATOR,
    "webhook_endpoints_destroy": ADMINISTRATOR,
    "webhook_endpoints_list": ADMINISTRATOR,
    "webhook_endpoints_partial_update": ADMINISTRATOR,
    "webhook_endpoints_retrieve": ADMINISTRATOR,
    "webhook_endpoints_rotate": ADMINISTRATOR,
    "webhook_endpoints_switch_off": ADMINISTRATOR,
    "webhook_endpoints_switch_on": ADMINISTRATOR,
    "webhook_endpoints_test": ADMINISTRATOR,
    "youtube_accounts_list": VIEWER,
    "youtube_accounts_retrieve": VIEWER,
}
READS = {"get"}


def operations():
    """Operation id, method and address of the whole API, with made-up IDs."""
    schema = SchemaGenerator().get_schema(public=True)
    return [
        (row["operationId"], method, re.sub(r"{\w+}", "1", path))
        for path, methods in schema["paths"].items()
        for method, row in methods.items()
    ]


def person(role):
    user = UserFactory()
    if role in ROLES[2:]:
        user.groups.add(Group.objects.get(name=role))
    return user


def status_of(client, method, address):
    return getattr(client, method)(address, {}, format="json").status_code


def is_let_in(status):
    """What comes after the permission: found or not, valid or not."""
    return status not in {401, 403}


def test_table_names_every_operation_and_no_other():
    assert {name for name, _, _ in operations()} == set(LEAST)


@pytest.mark.parametrize("role", ROLES)
def test_role_may_do_what_is_its_part(role):
    client = APIClient()
    if role != "nobody":
        client.force_login(person(role))

    let_in = {
        name: is_let_in(status_of(client, method, address))
        for name, method, address in operations()
    }

    rank = ROLES.index(role)
    assert let_in == {name: rank >= ROLES.index(least) for name, least in LEAST.items()}


@pytest.mark.parametrize("access", ["read", "write"])
def test_token_may_do_what_its_owner_may_if_it_is_read_write(access):
    _, token = ApiToken.objects.create(person("Publisher"), access=access)
    client = APIClient(headers={"authorization": f"Token {token}"})

    refused = {
        name
        for name, method, address in operations()
        if not is_let_in(status_of(client, method, address))
    }

    writes = {name for name, method, _ in operations() if method not in READS}
    above = {name for name, least in LEAST.items() if least == ADMINISTRATOR}
    # A token never makes tokens.
    kept_back = writes if access == "read" else {"tokens_create"}
    assert refused == kept_back | above


def test_nobody_is_told_to_sign_in_and_the_others_that_they_may_not():
    outsider = APIClient()
    outsider.force_login(person("outsider"))

    for name, method, address in operations():
        if LEAST[name] != SIGNED_IN:
            told = [status_of(one, method, address) for one in (APIClient(), outsider)]
            assert told == [401, 403], name
