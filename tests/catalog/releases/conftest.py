"""Lists of releases that are uploaded, loaded and matched as a worker would."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import ReleaseMatch
from catalog.releases import runs, uploads
from tests.factories.catalog import ContentOwnerFactory, UserFactory, VideoFactory

HEADER = ("ISRC", "UPC", "Artist", "Title", "Album", "Label", "Genre", "Duration")


@pytest.fixture
def owner(db):
    return ContentOwnerFactory()


@pytest.fixture
def video(owner):
    """Make a video of the owner; nothing is known of its recording unless given."""

    def make(**values):
        nothing = {"isrc": "", "upc": "", "album": "", "label": "", "genre": []}
        channel = {"channel__content_owner": owner, "channel__name": "Channel"}
        return VideoFactory(**{**channel, **nothing, "artist": [], **values})

    return make


@pytest.fixture
def loaded(report_store, owner):
    """Upload a list, confirm its suggested columns, load and match it."""

    def load(content, name="releases.csv", **options):
        data = content.encode() if isinstance(content, str) else content
        made = uploads.receive_list(
            file=SimpleUploadedFile(name, data),
            content_owner=options.pop("content_owner", owner),
            actor=options.pop("actor", None) or UserFactory(),
        )
        separator = options.pop("list_separator", made.list_separator)
        uploads.confirm_columns(made, made.columns, list_separator=separator)
        runs.run_list(release_list=made)
        made.refresh_from_db()
        return made

    return load


def list_of(*rows, header=HEADER):
    """A CSV file of these rows, each a dictionary by header."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def release(**values):
    """A row of a list; any column can be given by its header in lower case."""
    usual = {
        "isrc": "GBAYE6800001",
        "upc": "036000291452",
        "artist": "Ada Lovelace",
        "title": "Night Engine",
        "album": "First Notes",
        "label": "Analytical Records",
        "genre": "Pop",
        "duration": "3:35",
    }
    return {
        ("ISRC" if n == "isrc" else "UPC" if n == "upc" else n.title()): value
        for n, value in {**usual, **values}.items()
    }


def match_of(video):
    return ReleaseMatch.objects.get(video=video)
