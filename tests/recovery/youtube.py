"""One content owner's videos in the catalogue and on the sandbox, and an account."""

from datetime import date

from django.core.management import call_command

from reports.samples.sandbox import (
    CONTENT_OWNER,
    asset_docs,
    channel_docs,
    claim_docs,
    differences_of,
    video_docs,
)
from reports.samples.videos import SampleCatalogue
from tests.recovery.machine import wait_until

OWNER = "Borealis_Sound"
DAY = date(2026, 7, 1)
CATALOGUE = SampleCatalogue(videos=540, seed=11)
CHANNELS_READ = "SELECT count(*) FROM catalog_observation WHERE source = 'refresh'"
LEDGER = (
    "SELECT coalesce(sum(units) FILTER (WHERE state = 'spent'), 0), "
    "count(*) FILTER (WHERE state = 'reserved') FROM youtube_sync_quotaentry"
)


def fill_sandbox(sandbox):
    """Put every video of the report on YouTube; returns those that are as told."""
    videos = [video for video in CATALOGUE if not video.problems]
    sandbox.post(
        "seed",
        content_owners=[{"id": CONTENT_OWNER, "name": OWNER.replace("_", " ")}],
        channels=list(channel_docs(CATALOGUE)),
        videos=[
            with_more_parts(doc) for v in videos for doc in video_docs(CATALOGUE, v)
        ],
        assets=[doc for video in videos for doc in asset_docs(CATALOGUE, video)],
        claims=[doc for video in videos for doc in claim_docs(CATALOGUE, video)],
    )
    return [video for video in videos if not differences_of(video.number)]


def with_more_parts(doc):
    """What a careless update would wipe."""
    doc["snippet"] |= {"defaultLanguage": "en", "defaultAudioLanguage": "tr"}
    doc["localizations"] = {"de": {"title": "Deutsch", "description": "Lied"}}
    doc["recordingDetails"] = {"recordingDate": "2024-02-29T00:00:00Z"}
    return doc


def import_and_connect(machine, person, folder):
    """Bring the videos into the catalogue and connect an account that may push."""
    sizes = {"videos": CATALOGUE.count, "seed": CATALOGUE.seed}
    options = {"owner": OWNER, "no_sandbox": True}
    call_command("make_sample_reports", out=folder, **sizes, **options)
    report = person.import_report(next(folder.glob("video_report*.csv")), DAY)
    wait_until(lambda: person.get(report).json()["finished_at"], timeout=120)
    person.connect_account(OWNER)
    # What the connection asks of YouTube by itself is not part of any test.
    wait_until(lambda: machine.value(CHANNELS_READ))


def units_in_ledger(machine, column, key):
    """Units of a plan or a refresh run, and how many entries are still open."""
    [row] = machine.rows(f"{LEDGER} WHERE {column} = %s", key)
    return row
