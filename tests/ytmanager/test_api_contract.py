"""The schema tells the truth: requests made of it are answered as it says.

Each operation gets valid and broken requests, within a small budget; with large
budgets also chains of requests against a live server.
"""

import json

import pytest
import schemathesis
from django.core import signals
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from hypothesis import HealthCheck, settings
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    GenerationConfig,
    PhasesConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.specs.openapi.checks import negative_data_rejection

from catalog.models import NeverSplitName, ReleaseList, Spreadsheet
from catalog.releases.uploads import receive_list
from catalog.spreadsheets.uploads import receive_sheet
from tests.conftest import is_deep
from tests.factories.catalog import (
    AssetFactory,
    ChangeFactory,
    ChangeSetFactory,
    ChannelFactory,
    ClaimFactory,
    ConflictFactory,
    ContentOwnerFactory,
    OwnershipConflictFactory,
    ShortsVerdictFactory,
    UserFactory,
    VideoFactory,
)
from tests.factories.reports import ReportSourceFactory
from webhooks.models import WebhookDelivery, WebhookEndpoint
from ytmanager.models import ApiToken, Notification

EXAMPLES = 100 if is_deep() else 3
# A rule may speak against a value of the right shape, or a row have moved.
ANSWERS = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"]
# No sequence comes so far: another row with this key would end a request with 500.
PK = 700_000_007
FORM = "multipart/form-data"
KNOWN = {
    "path.video_id": "-abc_DEF123",
    "path.channel_id": f"UC{7:022d}",
    "path.asset_id": f"A{7:015d}",
    "path.claim_id": "C7",
    "path.message_id": "msg_7",
    "path.pk": str(PK),
}


def configuration():
    """All checks; texts with NUL are tried by tests of their own."""
    return SchemathesisConfig(
        projects=ProjectsConfig(
            default=ProjectConfig(
                parameters=KNOWN,
                checks=ChecksConfig(
                    positive_data_acceptance=PositiveDataAcceptanceConfig(
                        expected_statuses=ANSWERS
                    )
                ),
                phases=PhasesConfig(coverage=CoveragePhaseConfig(enabled=is_deep())),
                generation=GenerationConfig(
                    allow_x00=False,
                    deterministic=not is_deep(),
                    max_examples=EXAMPLES,
                ),
            )
        )
    )


def contract(app=None):
    """The schema as other systems get it, and what answers for it."""
    described = SchemaGenerator().get_schema(public=True)
    raw = json.loads(OpenApiJsonRenderer().render(described))
    schema = schemathesis.openapi.from_dict(raw, config=configuration())
    schema.app = app
    return schema


PROJECT = get_wsgi_application()


def within_a_test(environ, start_response):
    """Answer without ending the connection, and with it the test's transaction."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    try:
        answer = PROJECT(environ, start_response)
        body = list(answer)
        answer.close()
    finally:
        for end in ends:
            end.connect(close_old_connections)
    return body


CONTRACT = contract(within_a_test)


@pytest.fixture
def token(db, settings, report_store):
    """A token of somebody who may do everything, and rows to do it with."""
    settings.API_READS = settings.API_WRITES = 10**9
    settings.WEBHOOK_PRIVATE_TARGETS = True  # or names would be looked up
    user = UserFactory(is_superuser=True)
    fill()
    upload(user)
    return ApiToken.objects.create(user, access="write")[1]


def fill():
    """One row of each kind under the keys that requests name."""
    channel = ChannelFactory(channel_id=KNOWN["path.channel_id"])
    asset = AssetFactory(asset_id=KNOWN["path.asset_id"])
    video_id = KNOWN["path.video_id"]
    video = VideoFactory(video_id=video_id, channel=channel, primary_asset=asset)
    ClaimFactory(claim_id=KNOWN["path.claim_id"], video_id=video_id, asset=asset)
    ShortsVerdictFactory(video=video)
    ConflictFactory(pk=PK, video=video)
    OwnershipConflictFactory(pk=PK, asset=asset)
    ChangeFactory(video=video, change_set=ChangeSetFactory(pk=PK))
    ReportSourceFactory(pk=PK)
    NeverSplitName.objects.create(pk=PK, name="Earth, Wind & Fire")
    Notification.objects.create(pk=PK, kind="conflict", level="info", title="Two")
    endpoint = WebhookEndpoint.objects.create(
        pk=PK,
        name="Royalties",
        url="https://royalties.test/",
        event_types=["video.changed"],
        secret="whsec_c2VjcmV0",
    )
    WebhookDelivery.objects.create(
        endpoint=endpoint,
        message_id=KNOWN["path.message_id"],
        type="video.changed",
        body={"type": "video.changed"},
    )


def upload(user):
    """A sheet and a list of releases, whose columns nobody confirmed yet."""
    sheet = receive_sheet(file=csv_file("ISRC,Song title"), actor=user)
    Spreadsheet.objects.filter(pk=sheet.pk).update(id=PK)
    owner = ContentOwnerFactory()
    file = csv_file("ISRC,Title,Artist")
    made = receive_list(file=file, content_owner=owner, actor=user)
    ReleaseList.objects.filter(pk=made.pk).update(id=PK)


def csv_file(header):
    return SimpleUploadedFile("sheet.csv", f"{header}\r\nUSRC17600001,\r\n".encode())


def left_out(case):
    """In a form everything is text: a broken value cannot be told from a good one."""
    return [negative_data_rejection] if case.media_type == FORM else []


# The server of the product reads a download asynchronously; this one cannot.
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
@CONTRACT.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_operation_answers_as_the_schema_says(case, token):
    headers = {"Authorization": f"Token {token}"}
    case.call_and_validate(headers=headers, excluded_checks=left_out(case))


@pytest.mark.django_db(transaction=True)
def test_chains_of_requests_find_no_fault(live_server, token):
    # Or the chain would revoke the token with which it signs in.
    described = contract().exclude(operation_id="tokens_destroy")

    class Chain(described.as_state_machine()):
        def get_call_kwargs(self, case):
            return {
                "base_url": live_server.url,
                "headers": {"Authorization": f"Token {token}"},
            }

        def validate_response(self, response, case, *args, **options):
            case.validate_response(
                response, excluded_checks=left_out(case), recorder=self.recorder
            )

    Chain.run(
        settings=settings(
            max_examples=200 if is_deep() else 2,
            stateful_step_count=10 if is_deep() else 4,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=not is_deep(),
        )
    )
