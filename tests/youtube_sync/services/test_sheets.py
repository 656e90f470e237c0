"""The route by spreadsheets: what is written, what cannot be, results read back."""

import csv
import io

import pytest

from catalog import fields
from catalog.models import Asset, Video
from tests.factories.catalog import UserFactory
from tests.youtube_sync.services.conftest import ASSET_ID, VIDEO_ID
from youtube_sync import content_manager
from youtube_sync.exceptions import PlanStateError, SheetResultError
from youtube_sync.models import MetadataSync, PlanItem, PushPlan
from youtube_sync.services import plans, sheets, undo
from youtube_sync.services.sheet_results import NO_MESSAGE, read_results

pytestmark = pytest.mark.django_db
State, ItemState = PushPlan.State, PlanItem.State


@pytest.fixture
def make_draft(account, publisher):
    def make():
        return plans.create_plan(
            videos=Video.objects.all(), account=account, actor=publisher
        )

    return make


@pytest.fixture
def no_content_id(account):
    account.has_content_id = False
    account.save(update_fields=["has_content_id"])


def cells(plan, template, number=1):
    text = b"".join(sheets.sheet(plan, template, number)).decode()
    return list(csv.reader(io.StringIO(text)))


def status_file(*rows, header="Row number,Status,Video ID,Asset ID"):
    return "\n".join([header, *rows]).encode()


def test_video_is_written_with_blanks_for_what_stays(make_video, make_draft):
    make_video(title="=New, title", tags=["a b", "c"], made_for_kids=True)

    header, row = cells(make_draft(), content_manager.WEB_VIDEO_UPDATE)

    written = dict(zip(header, row, strict=True))
    assert written.pop("video_id") == VIDEO_ID
    assert {name: value for name, value in written.items() if value} == {
        "title": "=New, title", "keywords": "a b|c", "is_made_for_kids": "yes",
    }  # fmt: skip


def test_category_is_written_by_its_name(make_video, make_draft):
    make_video(category_id="24")

    header, row = cells(make_draft(), content_manager.WEB_VIDEO_UPDATE)

    assert row[header.index("category")] == "Entertainment"


def test_asset_without_content_id_goes_by_spreadsheet(
    make_asset_video, make_draft, no_content_id
):
    make_asset_video(label="New label", artist=["Ada", "Bo"])
    Asset.objects.update(asset_type="SOUND_RECORDING")
    plan = make_draft()

    header, row = cells(plan, content_manager.SOUND_RECORDING)

    written = {n: v for n, v in zip(header, row, strict=True) if v}
    assert written == {"asset_id": ASSET_ID, "artist": "Ada|Bo", "label": "New label"}
    assert plan.items.get().state == ItemState.BLOCKED


def test_custom_id_alone_takes_the_asset_update(make_asset_video, make_draft):
    make_asset_video(custom_id="LBL-2")

    rows = cells(make_draft(), content_manager.ASSET_UPDATE)

    assert rows == [["asset_id", "custom_id"], [ASSET_ID, "LBL-2"]]


def test_what_no_file_can_carry_is_named(make_video, make_asset_video, make_draft):
    make_video("other000000", description="", embeddable=True, tags=["a|b"], title="N")
    make_asset_video(label="New label")
    Asset.objects.update(asset_type="music_video")

    found = sheets.overview(make_draft())

    assert found.problems == {
        ("description", content_manager.NO_CLEARING): 1,
        ("embedding allowed", content_manager.NO_COLUMN): 1,
        ("tags", content_manager.NO_SEPARATOR): 1,
        ("label", content_manager.NO_TEMPLATE): 1,
    }
    assert found.rows == {"web_video_update": 1}


def test_files_are_split_at_the_limit(make_video, make_draft, settings):
    settings.CONTENT_MANAGER_ROWS = 2
    for number in range(5):
        make_video(f"video{number:06}", title=f"New {number}")
    plan, template = make_draft(), content_manager.WEB_VIDEO_UPDATE

    files = [(number, rows) for _, number, rows in sheets.overview(plan).files]

    assert files == [(1, 2), (2, 2), (3, 1)]
    ids = [row[0] for n, _ in files for row in cells(plan, template, n)[1:]]
    assert ids == [f"video{number:06}" for number in range(5)]


def test_every_column_is_one_of_youtubes_template():
    web = {"video_id", "title", "description", "keywords", "spoken_language",
           "category", "privacy", "start_time", "is_made_for_kids"}  # fmt: skip
    sound = {"asset_id", "custom_id", "isrc", "upc", "artist", "album", "genre",
             "label"}  # fmt: skip

    assert set(content_manager.WEB_VIDEO_UPDATE.header) == web
    assert set(content_manager.SOUND_RECORDING.header) == sound


# Results


@pytest.fixture
def sent(make_video, make_draft):
    for number in range(3):
        make_video(f"video{number:06}", title=f"New {number}")
    return make_draft()


def test_results_settle_the_items(sent, publisher):
    report = status_file(
        "1,Successful,video000000,", "2,Errors,video000001,", "3,Errors,video000002,"
    )
    errors = (
        b"Error code,Severity,Error message,Location\n"
        b"17,PERMANENT_ERROR,The title is too long.,row 2\n"
    )

    told = read_results(plan=sent, actor=publisher, report=report, errors=errors)

    sent.refresh_from_db()
    items = dict(sent.items.values_list("target_id", "message"))
    assert (told.done, told.failed, told.unknown) == (1, 2, [])
    assert items["video000001"] == "The title is too long."
    assert items["video000002"] == NO_MESSAGE
    assert (sent.state, sent.done_count) == (State.COMPLETED_WITH_ERRORS, 1)
    assert MetadataSync.objects.filter(state="success").get().units == 0


def test_rows_of_others_are_listed(sent, publisher):
    report = status_file("1,Successful,unknown0000,")

    told = read_results(plan=sent, actor=publisher, report=report)

    sent.refresh_from_db()
    assert (told.unknown, sent.state) == (["unknown0000"], State.DRAFT)


def test_results_that_are_read_twice_change_nothing(sent, publisher):
    report = status_file(*(f"{n + 1},Successful,video{n:06}," for n in range(3)))
    read_results(plan=sent, actor=publisher, report=report)

    told = read_results(plan=sent, actor=publisher, report=report)

    sent.refresh_from_db()
    assert (told.done, sent.done_count, sent.state) == (0, 3, State.COMPLETED)


def test_what_went_by_spreadsheet_can_be_taken_back(sent, publisher):
    report = status_file(*(f"{n + 1},Successful,video{n:06}," for n in range(3)))

    read_results(plan=sent, actor=publisher, report=report)

    # YouTube has not shown the new values yet, so nothing can go back so far.
    assert undo.preview_undo(sent).moved_count == 3


def test_row_of_a_video_says_nothing_of_its_asset(
    make_asset_video, make_draft, publisher
):
    make_asset_video(title="New", custom_id="LBL-2")
    plan = make_draft()
    report = status_file(f"1,Successful,{VIDEO_ID},{ASSET_ID}")

    read_results(plan=plan, actor=publisher, report=report)
    again = read_results(plan=plan, actor=publisher, report=report)

    states = dict(plan.items.values_list("target_id", "state"))
    assert states == {VIDEO_ID: ItemState.SUCCESS, ASSET_ID: ItemState.PENDING}
    assert again.unknown == [VIDEO_ID]


def test_row_of_a_recording_names_its_asset_among_others(
    make_asset_video, make_draft, publisher
):
    make_asset_video(label="New label")
    Asset.objects.update(asset_type="sound_recording")
    plan = make_draft()
    header = "Row number,Status,Composition asset ID,Recording asset ID"
    report = status_file(f"1,Successful,A999999999999999,{ASSET_ID}", header=header)

    told = read_results(plan=plan, actor=publisher, report=report)

    assert (told.done, told.unknown) == (1, [])
    assert plan.items.get().state == ItemState.SUCCESS


def test_row_without_an_id_is_listed_by_its_number(sent, publisher):
    told = read_results(plan=sent, actor=publisher, report=status_file("7,Errors,,"))

    assert told.unknown == ["row 7"]


@pytest.mark.parametrize(
    "report", [b"a,b\n1,2\n", b"Status,Channel\nSuccessful,x\n", b"\xff\xfe", b""]
)
def test_file_of_another_kind_is_refused(sent, publisher, report):
    with pytest.raises(SheetResultError):
        read_results(plan=sent, actor=publisher, report=report)

    assert sent.items.pending().count() == 3


def test_plan_that_is_being_pushed_takes_no_results(sent, publisher):
    plans.confirm_plan(plan=sent, actor=publisher)

    with pytest.raises(PlanStateError):
        read_results(plan=sent, actor=publisher, report=status_file())


def test_page_offers_the_files_and_reads_the_answer(client, sent, publisher):
    rights = ["catalog.push_video", "youtube_sync.view_pushplan"]
    client.force_login(UserFactory(permissions=rights))
    address = f"/admin/youtube_sync/pushplan/{sent.pk}/sheets/"
    report = status_file("1,Successful,video000000,")

    page = client.get(address).content.decode()
    file = client.get(f"{address}web_video_update/1.csv")
    data = {"report_file": io.BytesIO(report)}
    after = client.post(address, data, follow=True).content.decode()

    assert f"plan-{sent.pk}-web_video_update-1.csv" in page
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert client.get(f"{address}nonsense/1.csv").status_code == 404
    assert "1 taken in, 0 refused." in after


def test_page_names_what_no_file_can_carry(client, make_video, make_draft):
    make_video("other000000", embeddable=True, title="New")
    plan = make_draft()
    rights = ["catalog.push_video", "youtube_sync.view_pushplan"]
    client.force_login(UserFactory(permissions=rights))

    page = client.get(f"/admin/youtube_sync/pushplan/{plan.pk}/sheets/")

    text = page.content.decode()
    assert "What no file can carry" in text
    assert "Embedding allowed, 1 ×: Content Manager" in text


def test_every_field_of_a_video_has_a_column_or_is_known_to_have_none():
    # Content Manager's template has no columns for these.
    without = {"default_language", "embeddable", "license", "public_stats_viewable"}

    assert set(content_manager.WEB_VIDEO_UPDATE.columns) | without == set(
        fields.VIDEO_PART
    )


def test_files_are_for_publishers(client, sent):
    client.force_login(UserFactory(permissions=["youtube_sync.view_pushplan"]))

    reply = client.get(f"/admin/youtube_sync/pushplan/{sent.pk}/sheets/")

    assert reply.status_code == 403
