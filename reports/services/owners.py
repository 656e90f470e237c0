"""Whose report a file is."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from catalog.models import ContentOwner
from reports.exceptions import FileProcessingError, QuestionError
from reports.kinds import kind_of_name
from reports.models import Report

TOPIC = "content_owner"
# An answer that begins so names an owner who is not known yet.
NEW = "new:"
NEW_OWNER = "new_owner"  # where the name stands among a report's answers


def find_content_owner(*, report: Report, name: str) -> ContentOwner:
    """Choose a person's owner, the source's, the file name's, or the only one.

    An owner that is mentioned for the first time is returned unsaved; see
    `creating`. Raises QuestionError when nothing tells.
    """
    if report.content_owner:
        return report.content_owner
    if new := report.answers.get(NEW_OWNER):
        return _named(new)
    if report.source and report.source.content_owner:
        return report.source.content_owner
    return _named(name) if name else _only_one()


@contextmanager
def creating(owner: ContentOwner, report: Report) -> Iterator[None]:
    """Give the report its owner; a new one stays only if the block succeeds.

    Raises what the block raises, with the report as it was.
    """
    before, warnings = report.content_owner, list(report.warnings)
    try:
        with transaction.atomic():
            report.content_owner = owner
            if owner._state.adding:
                _create(owner, report)
            yield
    except BaseException:
        report.content_owner, report.warnings = before, warnings
        raise


def _create(owner: ContentOwner, report: Report) -> None:
    """A file at the same time may have done so."""
    report.content_owner = ContentOwner.objects.get_or_create(name=owner.name)[0]
    would_be = "would be" if report.is_dry_run else "was"
    report.warnings.append(
        f"The content owner {owner.name} was not known and {would_be} created with "
        "this import."
    )


def question_of_owner(message: str, name: str = "", **details: object) -> QuestionError:
    """Ask whose report it is: one of the known owners, or a new one."""
    known = ContentOwner.objects.order_by("name").values_list("name", flat=True)
    new = [f"{NEW} {name}"] if name else []
    return QuestionError(
        message, topic=TOPIC, options=[*known, *new], new=name, **details
    )


def owner_within_scope(name: str, actor: AbstractBaseUser) -> ContentOwner:
    """The owner whom a file name tells, among those that a person sees.

    Raises FileProcessingError: whoever sees a part loads nothing into the rest.
    """
    match = kind_of_name(name)
    told = _named(match.owner) if match and match.owner else None
    seen = ContentOwner.objects.visible_to(actor)
    if told is None or not seen.filter(pk=told.pk).exists():
        raise FileProcessingError(
            f"The name of {name} tells no content owner whose reports you may load. "
            "Choose the content owner, or ask an administrator to load the file."
        )
    return told


def _named(name: str) -> ContentOwner:
    """Bulk downloads carry the owner's ID instead of the name."""
    if found := ContentOwner.objects.filter(content_owner_id=name).first():
        return found
    for spelling in (name, name.replace("_", " ")):
        if found := ContentOwner.objects.filter(name__iexact=spelling).first():
            return found
    return ContentOwner(name=name[:200])


def _only_one() -> ContentOwner:
    owners = list(ContentOwner.objects.all()[:2])
    if len(owners) == 1:
        return owners[0]
    raise question_of_owner(
        "The file name does not tell the content owner. Please choose one, or name a "
        "new one."
    )
