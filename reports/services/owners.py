"""Whose report a file is."""

from catalog.models import ContentOwner
from reports.exceptions import QuestionError
from reports.models import Report


def find_content_owner(*, report: Report, name: str) -> ContentOwner:
    """Choose a person's owner, the source's, the file name's, or the only one.

    An owner that a file name mentions for the first time is returned unsaved, and
    a warning says that it is created. Raises QuestionError when nothing tells.
    """
    told = report.content_owner or (report.source and report.source.content_owner)
    return told or (_named(report, name) if name else _only_one())


def saved(owner: ContentOwner) -> ContentOwner:
    """The owner as a row; a file at the same time may have created it."""
    return owner if owner.pk else ContentOwner.objects.get_or_create(name=owner.name)[0]


def _named(report: Report, name: str) -> ContentOwner:
    """Bulk downloads carry the owner's ID instead of the name."""
    if found := ContentOwner.objects.filter(content_owner_id=name).first():
        return found
    for spelling in (name, name.replace("_", " ")):
        if found := ContentOwner.objects.filter(name__iexact=spelling).first():
            return found
    report.warnings.append(
        f"The content owner {name} was not known and "
        f"{'would be' if report.is_dry_run else 'was'} created from the file name."
    )
    return ContentOwner(name=name[:200])


def _only_one() -> ContentOwner:
    names = list(ContentOwner.objects.order_by("name").values_list("name", flat=True))
    if len(names) == 1:
        return ContentOwner.objects.get(name=names[0])
    raise QuestionError(
        "The file name does not tell the content owner. Please choose one.",
        topic="content_owner",
        options=names,
    )
