"""Sample files: the same for the same seed, matching, with known problems."""

import csv
import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from catalog.validators import check_upc
from reports.kinds import KINDS
from reports.samples import write_samples
from reports.samples.videos import upc_of
from reports.services.identify import identify

pytestmark = pytest.mark.unit

KIND_OF_FILE = {
    "video_report": "video_report",
    "asset_report": "asset_report",
    "claim_report": "claim_report",
    "conflict_report": "asset_conflict_report",
    "shorts_report": "shorts_ads_report",
}


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    return write_samples(videos=500, seed=1, folder=folder, with_claims=True)


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_same_seed_writes_the_same_bytes(samples, tmp_path):
    again = write_samples(videos=500, seed=1, folder=tmp_path, with_claims=True)

    for name in (*KIND_OF_FILE, "sandbox"):
        assert getattr(again, name).read_bytes() == getattr(samples, name).read_bytes()


def test_other_seed_has_no_video_in_common(samples, tmp_path):
    other = write_samples(videos=500, seed=2, folder=tmp_path)

    ids = {row["video_id"] for row in rows_of(samples.video_report)} - {""}
    assert not ids & {row["video_id"] for row in rows_of(other.video_report)}


@pytest.mark.parametrize(("name", "kind"), KIND_OF_FILE.items())
def test_files_are_known_without_a_warning(samples, name, kind):
    path = getattr(samples, name)
    header = list(rows_of(path)[0])

    identity = identify(outer_name=path.name, inner_name=path.name, header=header)

    owner = "" if name == "shorts_report" else "Aurora_Music"
    assert (identity.kind, identity.owner_name) == (KINDS[kind], owner)
    assert identity.warnings == ()


def test_claims_name_the_videos_and_assets_of_the_other_reports(samples):
    videos = {row["video_id"]: row for row in rows_of(samples.video_report)}
    assets = {row["asset_id"] for row in rows_of(samples.asset_report)}

    claims = rows_of(samples.claim_report)

    assert {row["asset_id"] for row in claims} <= assets
    ours = [row for row in claims if row["content_type"] == "PARTNER_UPLOADED"]
    assert {row["video_id"] for row in ours} <= set(videos)
    others = [row for row in claims if row["content_type"] == "UGC"]
    assert not {row["video_id"] for row in others} & (set(videos) - {""})
    assert any(row["video_id"] == "" and row["custom_id"] for row in others)
    assert any(row["claim_status"] == "INACTIVE" for row in others)


def test_conflicts_and_shorts_are_about_the_same_catalogue(samples):
    assets = {row["asset_id"] for row in rows_of(samples.asset_report)}
    lengths = {
        row["video_id"]: int(row["video_length"])
        for row in rows_of(samples.video_report)
    }

    conflicts, shorts = (
        rows_of(samples.conflict_report),
        rows_of(samples.shorts_report),
    )

    assert {row["asset_id"] for row in conflicts} <= assets
    assert len(conflicts) == samples.counts["conflict_rows"] > 10
    ours = [row for row in shorts if row["Video ID"] in lengths]
    assert len(ours) > 20
    assert all(lengths[row["Video ID"]] <= 60 for row in ours)


def test_counts_are_those_of_the_rows(samples):
    rows = rows_of(samples.video_report)

    ids = Counter(row["video_id"] for row in rows)
    assert ids.pop("") == samples.counts["deleted_video_row"]
    assert len(ids) == samples.counts["videos"]
    assert len({row["channel_id"] for row in rows}) == samples.counts["channels"] == 12
    assert sum(name.startswith("-") for name in ids) >= 10
    assert sum("\n" in row["video_title"] for row in rows) >= 6


def test_assets_of_the_video_report_are_in_the_asset_report(samples):
    claimed = {
        asset_id
        for row in rows_of(samples.video_report)
        for asset_id in row["asset_id"].split("|")
        if asset_id
    }
    rows = rows_of(samples.asset_report)

    assert {row["asset_id"] for row in rows} == claimed
    assert len(rows) == len(claimed)
    damaged = [row for row in rows if row["upc"] == "1.9E+11"]
    assert len(damaged) == samples.counts["damaged_upc"]


def test_sandbox_shows_the_same_videos_with_the_counted_differences(samples):
    data = json.loads(samples.sandbox.read_text("utf-8"))
    titles = {doc["id"]: doc["snippet"]["title"] for doc in data["videos"]}
    reported = {
        row["video_id"]: row["video_title"].replace("\n", " ")
        for row in rows_of(samples.video_report)
    }
    reported.pop("")

    edited = [
        name for name in titles.keys() & reported if titles[name] != reported[name]
    ]
    assert len(edited) == samples.counts["title_edited_in_studio"]
    assert len(reported.keys() - titles) == samples.counts["deleted_on_youtube"]
    assert len(titles.keys() - reported) == samples.counts["uploaded_since_the_report"]


def test_sandbox_takes_the_sample(samples, sandbox):
    taken = sandbox.sandbox.catalogue.seed(
        json.loads(samples.sandbox.read_text("utf-8"))
    )

    assert taken["channels"] == 12


def test_nights_change_every_counter_and_nothing_else(samples, tmp_path):
    later = write_samples(videos=500, seed=1, folder=tmp_path, nights=1)

    for before, after in zip(
        rows_of(samples.video_report), rows_of(later.video_report), strict=True
    ):
        assert int(after["views"]) > int(before["views"])
        counters = {"views", "comments", "engaged_views"}
        assert all(after[name] == before[name] for name in before.keys() - counters)


@pytest.mark.parametrize("release", [0, 1, 9, 1234567])
def test_upcs_have_the_right_check_digit(release):
    assert check_upc(upc_of(release)) == []


def test_command_prints_files_and_counts(tmp_path, capsys):
    call_command(
        "make_sample_reports", "--videos", "10", "--out", str(tmp_path), "--no-sandbox"
    )

    told = json.loads(capsys.readouterr().out)
    assert told["counts"]["videos"] == 10
    assert set(told["files"]) == set(KIND_OF_FILE)


@pytest.mark.parametrize("count", ["0", "-5", "many"])
def test_command_refuses_an_impossible_count(tmp_path, count):
    with pytest.raises(CommandError, match="at least 1"):
        call_command("make_sample_reports", f"--videos={count}", f"--out={tmp_path}")


def test_command_tells_that_a_folder_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(CommandError, match="cannot be written"):
        call_command("make_sample_reports", "--videos=1", f"--out={tmp_path / 'file'}")
