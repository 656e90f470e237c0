"""Sheets that are uploaded and compared as a worker would."""

import csv
import io
import re
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Video
from catalog.spreadsheets import export, imports, uploads
from catalog.spreadsheets.columns import VIDEO_COLUMNS
from catalog.spreadsheets.mapping import suggest_mapping
from tests.factories.catalog import UserFactory


@pytest.fixture
def compared(report_store, db):
    """Upload a sheet, confirm its suggested columns, and compare it."""

    def compare(content, name="sheet.csv", **options):
        data = content.encode() if isinstance(content, str) else content
        sheet = uploads.receive_sheet(
            file=SimpleUploadedFile(name, data), actor=UserFactory()
        )
        if sheet.state == "mapping":
            mapping = options.pop("mapping", None) or suggest_mapping(sheet.header)
            uploads.confirm_columns(sheet, mapping, actor=sheet.actor, **options)
        imports.run_comparison(sheet=sheet)
        sheet.refresh_from_db()
        return sheet

    return compare


def exported(name="csv", columns=tuple(VIDEO_COLUMNS), videos=None):
    """The bytes of an export of all videos."""
    chunks = export.export_videos(
        videos=Video.objects.all() if videos is None else videos,
        columns=columns,
        file_format=export.FORMATS[name],
        actor=UserFactory(),
    )
    return b"".join(chunks)


def rows_of(data):
    """Header and rows of an exported CSV file."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheet_of(*rows, delimiter=",", encoding="utf-8", line_end="\r\n"):
    """A CSV file of these rows, as another program would write it."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return text.getvalue().encode(encoding)


def saved_again(data):
    """A workbook that openpyxl opened and saved."""
    file = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(data)).save(file)
    return file.getvalue()


def saved_by_excel(data):
    """The same workbook with its texts in one table, each once, as Excel has it."""
    places, file = {}, io.BytesIO()

    def shared(match):
        place = places.setdefault(match[1], len(places))
        return b't="s"><v>%d</v></c>' % place

    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part = INLINE.sub(shared, part)
            elif name == "[Content_Types].xml":
                part = part.replace(b"</Types>", SHARED_TYPE + b"</Types>")
            new.writestr(name, part)
        texts = b"".join(b"<si>%b</si>" % text for text in places)
        new.writestr("xl/sharedStrings.xml", b"<sst %b>%b</sst>" % (MAIN, texts))
    return file.getvalue()


INLINE = re.compile(rb't="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHARED_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    b'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def planned(sheet):
    """The planned changes of a sheet, as {(video ID, field): new}."""
    changes = sheet.change_set.changes.filter(outcome="planned")
    return {
        (change.video.video_id, change.field): change.new
        for change in changes.select_related("video")
    }


def found(sheet):
    """Kind, line, column and value of what was not taken."""
    rows = sheet.findings.values_list("kind", "line", "column", "value")
    return list(rows)
