"""The counts of an import lead to lists of exactly as many rows."""

import pytest

from catalog.doors import Door, opened
from catalog.models import Change, Channel, Video
from tests.reports.admin.conftest import VIEW, address, signed_in
from tests.reports.conftest import asset_file, asset_row, video_file, video_row
from tests.reports.files import claim_file, claim_row, conflict_file, conflict_row

pytestmark = pytest.mark.django_db
# Each import has a moment of its own only in a transaction of its own.
apart = pytest.mark.django_db(transaction=True)
CONFLICTS = "asset_conflict_report_Aurora_v1-3.csv"
CLAIMS = "claim_report_Aurora_C_v1-2.csv"
ASSETS = "asset_full_report_Aurora_L_v1-2.csv"


def account_of(client, report):
    return client.get(address("change", report)).context["account"]


def figures_of(account):
    videos = account.videos.parts if account.videos else ()
    return {f.label: f for f in (*account.rows.parts, *videos, *account.others)}


def listed(client, figure):
    """How many rows the list behind a count has."""
    page = client.get(figure.address)
    assert page.status_code == 200
    return page.context["cl"].result_count


def wish(number, **values):
    """Somebody wants this of a video."""
    with opened(Door.CHANGE_SET):
        Video.objects.filter(video_id=f"video{number:06d}").update(**values)


@pytest.fixture
def report(run):
    """A report in which everything that can happen to a video happens to one."""
    run(video_file(*map(video_row, range(1, 9))), day=1)
    wish(2, title="Ours")
    wish(3, pinned_fields=["title"])
    wish(4, is_hidden=True)
    wish(8, title="Both say this")
    return run(
        video_file(
            video_row(1, video_title="Followed"),
            video_row(2, video_title="Theirs"),
            video_row(3, video_title="Theirs"),
            video_row(4, effective_policy="Block in all countries"),
            video_row(5, claim_id="another"),
            video_row(6, views="170"),
            video_row(7),
            video_row(8, video_title="Both say this"),
            video_row(9),
            video_row(10, time_uploaded="soon"),
            video_row(11, video_id="broken"),
        ),
        day=2,
    )


@pytest.mark.parametrize(
    ("label", "count"),
    [
        ("new", 2),
        ("changed", 6),
        ("Conflicts", 1),
        ("Pinned values kept", 1),
        ("Values left out", 1),
        ("rejected", 1),
    ],
)
def test_count_leads_to_as_many_rows(admin_client, report, label, count):
    figure = figures_of(account_of(admin_client, report))[label]

    assert (figure.count, listed(admin_client, figure)) == (count, count)


def test_count_of_changed_videos_leads_to_these_videos(admin_client, report):
    figure = figures_of(account_of(admin_client, report))["changed"]

    videos = admin_client.get(figure.address).context["cl"].queryset

    numbers = {int(video_id[5:]) for video_id in videos.values_list("video_id", flat=1)}
    assert numbers == {1, 2, 3, 4, 5, 8}


def test_list_behind_a_count_names_the_report(admin_client, report):
    figure = figures_of(account_of(admin_client, report))["changed"]

    page = admin_client.get(figure.address).content.decode()

    assert "Changed in" in page
    assert report.name in page
    assert (
        "Changed in" not in admin_client.get("/admin/catalog/video/").content.decode()
    )


def test_list_of_an_import_that_is_none_is_refused(admin_client, report):
    reply = admin_client.get("/admin/catalog/video/?changed_in=1%27")

    assert reply.status_code == 302
    assert reply.url.endswith("?e=1")


def test_later_report_leaves_the_lists_of_the_one_before(admin_client, report, run):
    run(
        video_file(
            *(
                video_row(n, video_title="Third", effective_policy="", views="999")
                for n in range(1, 11)
            )
        ),
        day=3,
    )

    figures = figures_of(account_of(admin_client, report))

    for label in ("new", "changed", "Conflicts", "Pinned values kept"):
        assert listed(admin_client, figures[label]) == figures[label].count > 0


def test_history_tells_what_moved_without_being_followed(admin_client, report):
    changes = Change.objects.filter(observation=report.observation_id)

    moved = changes.filter(video__video_id="video000004").get()
    kept = changes.filter(video__video_id="video000003").get()
    agreed = changes.filter(video__video_id="video000008").get()

    assert moved.field == "observed"
    assert moved.new == {
        "effective_policy": "Block in all countries",
        "claims": "changed",
    }
    assert moved.old == {"effective_policy": "Monetize in all countries"}
    assert (kept.field, kept.outcome, kept.new) == ("title", "pinned", "Theirs")
    assert (agreed.outcome, agreed.old) == ("agreed", "Song 8")
    page = admin_client.get(account_of(admin_client, report).history).content.decode()
    assert "effective policy: Monetize in all countries → Block" in page


def test_history_of_a_video_shows_observed_facts(admin_client, report):
    video = Video.objects.get(video_id="video000004")

    page = admin_client.get(f"/admin/catalog/video/{video.pk}/change/")

    line = page.context["history"][0]
    assert line.field == "also on YouTube"
    assert line.firsts == (
        ("effective policy", "Monetize in all countries → Block in all countries"),
        ("claims", "changed"),
    )
    assert line.restore_address == ""


def test_video_that_moves_to_another_channel_is_listed(admin_client, run):
    run(video_file(video_row(1)), day=1)
    other = "UCabcdefghijklmnopqrst99"

    report = run(video_file(video_row(1, channel_id=other)), day=2)

    figure = figures_of(account_of(admin_client, report))["changed"]
    assert (figure.count, listed(admin_client, figure)) == (1, 1)
    assert Channel.objects.get(videos__video_id="video000001").channel_id == other
    assert Change.objects.get(field="observed").new["channel"] == other


def test_video_beside_the_report_is_no_changed_video_of_it(admin_client, run):
    """It shares the asset of a video that the report lists, and follows it."""
    shared = {"asset_id": "A000000000000001"}
    run(video_file(video_row(1, **shared), video_row(2, **shared)), day=1)

    report = run(video_file(video_row(1, isrc="QZABC2599999", **shared)), day=2)

    assert Video.objects.get(video_id="video000002").isrc == "QZABC2599999"
    figure = figures_of(account_of(admin_client, report))["changed"]
    assert (figure.count, listed(admin_client, figure)) == (1, 1)


@apart
def test_counts_of_an_asset_report_lead_to_as_many_rows(admin_client, run):
    run(video_file(*map(video_row, range(1, 4))), day=1)
    run(asset_file(*map(asset_row, range(1, 60))), ASSETS, day=2)
    rows = [asset_row(number) for number in range(3, 61)]

    report = run(asset_file(asset_row(1, label="New"), *rows), ASSETS, day=3)

    figures = figures_of(account_of(admin_client, report))
    for label, count in (
        ("changed", 1),
        ("New assets", 1),
        ("Assets no longer listed", 1),
    ):
        assert figures[label].count == count
        assert listed(admin_client, figures[label]) == count


@apart
def test_counts_of_a_claim_report_lead_to_as_many_rows(admin_client, run):
    run(claim_file(*map(claim_row, range(1, 60))), CLAIMS, day=1)

    report = run(claim_file(*map(claim_row, range(2, 61))), CLAIMS, day=2)

    figures = figures_of(account_of(admin_client, report))
    for label in ("New claims", "Claims that ended"):
        assert (figures[label].count, listed(admin_client, figures[label])) == (1, 1)


@apart
def test_counts_of_a_conflict_report_lead_to_as_many_rows(admin_client, run):
    run(conflict_file(*map(conflict_row, range(1, 60))), CONFLICTS, day=1)

    report = run(conflict_file(*map(conflict_row, range(2, 61))), CONFLICTS, day=2)

    figures = figures_of(account_of(admin_client, report))
    for label in ("New conflicts of ownership", "Conflicts of ownership that ended"):
        assert (figures[label].count, listed(admin_client, figures[label])) == (1, 1)


@pytest.mark.security
def test_account_links_only_to_lists_that_one_may_open(client, report):
    without = account_of(signed_in(client, VIEW), report)
    allowed = [*VIEW, "catalog.view_video", "catalog.view_change"]
    with_videos = account_of(signed_in(client, allowed), report)

    assert not figures_of(without)["changed"].address
    assert not without.history
    assert figures_of(with_videos)["changed"].address
    assert not figures_of(with_videos)["Conflicts"].address
    assert with_videos.history
