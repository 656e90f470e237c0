"""Rows that repeat the last report are left out, and nobody can tell."""

import random
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from catalog.choices import Source
from catalog.models import Asset, ContentOwner, Video, VideoStatistics
from catalog.observations import fingerprints
from catalog.observations.observe import observe
from catalog.services.assets import choose_primary_asset
from catalog.services.videos import update_video
from reports.models import Report
from reports.services import rows
from tests.factories.catalog import UserFactory
from tests.recovery.digest import account_of, digest_of
from tests.reports.conftest import (
    CHANNEL,
    VIDEO_COLUMNS,
    asset_file,
    asset_row,
    video_file,
    video_row,
)

pytestmark = pytest.mark.django_db

OTHER_CHANNEL = "UCzzzzzzzzzzzzzzzzzzzzzz"
CELLS = {
    "video_title": ["Song", "Tune", "", "Lied ohne Worte"],
    "channel_id": [CHANNEL, CHANNEL, OTHER_CHANNEL],
    "channel_display_name": ["Aurora Music", "Aurora"],
    "video_privacy_status": ["Public", "Private", "secret"],
    "effective_policy": ["Monetize in all countries", "Block in all countries", ""],
    "asset_id": ["A000000000000001", "A000000000000002", "", "A000000000000003|A1"],
    "claim_id": ["claim1", "claim2", ""],
    "custom_id": ["C-1", "C-2", ""],
    "isrc": ["QZABC2500001", "QZABC2500002", "", "wrong"],
    "content_type": ["PARTNER_UPLOADED", "UGC"],
}


@pytest.fixture
def judged(monkeypatch):
    """The number of rows that each import judged cell by cell."""
    counts = []

    def changed_rows(raw):
        part = real(raw)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {part.name}")
            counts.append(cursor.fetchone()[0])
        return part

    real = rows.changed_rows
    monkeypatch.setattr("reports.services.facts.rows.changed_rows", changed_rows)
    return lambda: counts[-1]


def night(number, **changes):
    """Four videos; only views move from night to night."""
    return video_file(
        *(
            video_row(n, **{"views": str(100 + number), **changes.get(f"v{n}", {})})
            for n in range(1, 5)
        )
    )


def video(number=1):
    return Video.objects.select_related("statistics").get(video_id=f"video{number:06d}")


def refresh(number=1, day=2, **facts):
    observe(
        content_owner=ContentOwner.objects.get(),
        source=Source.REFRESH,
        as_of=datetime(2026, 6, day, tzinfo=UTC),
        videos=[{"video_id": f"video{number:06d}", "channel_id": CHANNEL, **facts}],
    )


def test_rows_of_which_only_counters_moved_are_not_judged_again(run, judged):
    run(night(1))
    assert judged() == 4

    report = run(night(2), day=2)

    assert judged() == 0
    assert (report.videos_counters_only, report.rows_imported) == (4, 4)
    assert video().statistics.view_count == 102
    assert video().statistics.claims_as_of == report.as_of


def test_row_with_another_cell_is_judged(run, judged):
    run(night(1))

    report = run(night(2, v3={"video_title": "Renamed"}), day=2)

    assert judged() == 1
    assert (report.videos_changed, report.videos_counters_only) == (1, 3)
    assert video(3).title == "Renamed"


def test_video_that_changed_is_looked_at_once_more(run, judged):
    run(night(1))
    run(night(2, v3={"video_title": "Renamed"}), day=2)
    run(night(3, v3={"video_title": "Renamed"}), day=3)
    assert judged() == 1

    run(night(4, v3={"video_title": "Renamed"}), day=4)

    assert judged() == 0


def test_what_a_refresh_moved_is_set_back_by_the_same_row(run, judged):
    run(night(1))
    refresh(title="From YouTube", day=2)

    run(night(2), day=3)

    assert judged() == 1
    assert video().title == "Song 1"


def test_chosen_asset_makes_the_row_speak_again(run, judged):
    several = {"v1": {"asset_id": "A000000000000001|A000000000000009"}}
    run(night(1, **several))
    choose_primary_asset(
        video=video(1),
        asset=Asset.objects.get(asset_id="A000000000000009"),
        actor=UserFactory(),
    )

    run(night(2, **several), day=2)

    assert judged() == 1


def test_videos_of_one_asset_are_known_in_whatever_order_they_stand(run, judged):
    shared = {"asset_id": "A000000000000007"}
    lines = [video_row(n, **shared) for n in (2, 1)] + [video_row(3), video_row(4)]
    run(video_file(*lines))
    assert Asset.objects.get(asset_id="A000000000000007").isrc == "QZABC2500001"

    run(video_file(*reversed(lines)), day=2)
    assert judged() == 0
    run(video_file(*lines, video_row(5, **shared)), day=3)

    assert judged() == 3
    assert Asset.objects.get(asset_id="A000000000000007").isrc == "QZABC2500001"


def test_cell_that_says_nothing_is_listed_in_every_report(run, judged):
    changes = {"v2": {"isrc": "wrong"}}
    run(night(1, **changes))

    report = run(night(2, **changes), day=2)

    assert report.values_rejected == 1
    assert judged() == 1


def test_counter_that_says_nothing_is_listed(run):
    run(night(1))

    report = run(night(2, v2={"views": "many"}), day=2)

    assert report.values_rejected == 1
    assert video(2).statistics.view_count == 101


def test_repeated_rows_are_known_together(run, judged):
    both = [
        video_row(1),
        video_row(1, claim_id="claim9", asset_id="A000000000000009"),
        video_row(2),
        video_row(3),
    ]
    run(video_file(*both))

    run(video_file(*[row.replace(",100,", ",101,") for row in both]), day=2)
    assert judged() == 0
    turned = [both[1], both[0], both[2], both[3]]
    run(video_file(*[row.replace(",100,", ",102,") for row in turned]), day=3)

    assert judged() == 2


def test_another_header_makes_every_row_speak(run, judged):
    run(night(1))
    names = VIDEO_COLUMNS.split(",")
    turned = ",".join([names[0], names[1], *reversed(names[2:])])
    lines = [video_row(n).split(",") for n in range(1, 5)]
    body = [",".join([c[0], c[1], *reversed(c[2:])]) for c in lines]

    run(video_file(*body, header=turned), day=2)

    assert judged() == 4


def test_rows_that_moved_between_look_and_merge_are_judged(run, monkeypatch, judged):
    run(night(1))
    real = rows.set_known_apart

    def then_somebody_refreshes(raw):
        real(raw)
        refresh(title="From YouTube", day=2)

    monkeypatch.setattr(rows, "set_known_apart", then_somebody_refreshes)

    report = run(night(2), day=3)

    assert report.state == Report.State.COMPLETED
    assert judged() == 4
    assert video().title == "Song 1"


def test_counters_that_moved_between_look_and_merge_are_judged(
    run, monkeypatch, judged
):
    run(night(1))
    real = rows.set_known_apart

    def then_somebody_counts(raw):
        real(raw)
        VideoStatistics.objects.filter(video__video_id="video000001").update(
            view_count=999, counters_as_of=datetime(2026, 7, 9, tzinfo=UTC)
        )

    monkeypatch.setattr(rows, "set_known_apart", then_somebody_counts)

    report = run(night(2), day=3)

    assert judged() == 4
    assert (report.videos_counters_only, report.videos_older) == (3, 1)
    assert video().statistics.view_count == 999


def test_repeated_rows_of_an_older_report_count_as_older(run):
    run(night(1), day=5)

    report = run(night(2), day=2)

    assert report.videos_older == 4
    assert video().statistics.view_count == 101


def test_older_report_leaves_the_fingerprint_alone(run):
    run(night(1), day=5)
    before = video().statistics.fingerprint

    run(night(2, v1={"video_title": "Old"}), day=2)

    assert before is not None
    assert video().statistics.fingerprint == before


def sequence(seed, run):
    """Reports, refreshes, choices and edits in an order that `seed` decides."""
    dice = random.Random(seed)
    cells = {n: {} for n in range(1, 6)}
    accounts = []
    for step in range(7):
        day = min(28, max(1, step * 3 + dice.choice([0, 0, 0, -4])))
        _move_cells(dice, cells)
        accounts += _step(dice, cells, step, day, run)
    return accounts


def _move_cells(dice, cells):
    for row in cells.values():
        if dice.random() < 0.4:
            name = dice.choice(sorted(CELLS))
            row[name] = dice.choice(CELLS[name])


def _step(dice, cells, step, day, run):
    kind = dice.random() if step else 1.0
    known = list(Video.objects.order_by("video_id"))
    if kind < 0.15 and known:
        chosen = dice.choice(known)
        refresh(int(chosen.video_id[5:]), day, title=dice.choice(CELLS["video_title"]))
    elif kind < 0.25 and known:
        asset = Asset.objects.order_by("asset_id").first()
        if asset and not dice.choice(known).is_asset_chosen:
            update_video(
                video=dice.choice(known),
                values={"title": f"Edit {step}"},
                actor=UserFactory(),
            )
    elif kind < 0.4:
        report = run(
            asset_file(asset_row(1, isrc=dice.choice(CELLS["isrc"][:3]))),
            "asset_full_report_Aurora_L_v1-2.csv",
            day=day,
        )
        return [account(report)]
    return [_night(dice, cells, step, day, run)]


def _night(dice, cells, step, day, run):
    listed = [n for n in cells if dice.random() < 0.9] or [1]
    lines = [video_row(n, views=str(100 + step * 9), **cells[n]) for n in listed]
    if dice.random() < 0.3:
        lines.append(video_row(listed[0], **{**cells[listed[0]], "claim_id": "other"}))
    if dice.random() < 0.3:
        dice.shuffle(lines)
    report = run(video_file(*lines), day=day)
    return account(report)


def account(report):
    """What the import says of itself, without the message, which names keys."""
    return account_of(query, report.pk)[0][:-1]


def query(sql, value):
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        return cursor.fetchall()


def outcome(seed, run):
    """Accounts and end state; everything is taken back."""
    with transaction.atomic():
        accounts = sequence(seed, run)
        VideoStatistics.objects.update(fingerprint=None)
        state = [digest_of(query, o.name) for o in ContentOwner.objects.all()]
        transaction.set_rollback(True)
    return accounts, state


def test_known_rows_change_nothing_about_the_outcome(run, budget, monkeypatch):
    for seed in range(budget(2, 300)):
        with_known = outcome(seed, run)
        with monkeypatch.context() as patch:
            patch.setattr(rows, "has_fingerprints", lambda raw: False)
            patch.setattr(fingerprints, "are_kept", lambda run: False)
            without = outcome(seed, run)

        assert with_known == without, f"seed {seed}"
