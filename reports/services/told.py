"""What a report says to whom: no text names an owner whose rows they do not see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from catalog.models import ContentOwner, Video
from catalog.querysets import AnyUser, ContentOwnerQuerySet, is_scoped
from reports.models import Report
from reports.services.owners import TOPIC

UNNAMED = "another content owner"


class Wording:
    """Texts as one person may read them; who sees everything reads them as they are.

    Costs a query for a person with a scope, once for each object.
    """

    def __init__(self, user: AnyUser) -> None:
        self.user = user
        self.is_whole = not is_scoped(user)

    @cached_property
    def owners(self) -> list[str]:
        """The content owners that the person sees, by name."""
        seen = ContentOwner.objects.visible_to(self.user).order_by("name")
        return list(seen.values_list("name", flat=True))

    @cached_property
    def _names(self) -> Names:
        return Names(ContentOwner.objects.visible_to(self.user))

    def text(self, text: str) -> str:
        return text if self.is_whole or not text else self._names.hidden_in(text)

    def texts(self, texts: Iterable[str]) -> list[str]:
        return [self.text(text) for text in texts]

    def question(self, question: dict[str, Any] | None) -> dict[str, Any] | None:
        """Offers the seen owners, and counts rows of the seen ones by name."""
        if self.is_whole or not question or question["topic"] != TOPIC:
            return question
        rows = question.get("rows") or {}
        seen = {name: rows[name] for name in rows if name in self.owners}
        known = {"rows": seen} if "rows" in question else {}
        return {**question, "options": self.owners, **known}

    def sample(self, sample: dict[str, Any] | None) -> dict[str, Any] | None:
        """Of a dry run: a file may have rows about the videos of others."""
        if self.is_whole or not sample:
            return sample
        videos = sample.get("videos", [])
        keys = [video["video_id"] for video in videos]
        found = Video.objects.visible_to(self.user).filter(video_id__in=keys)
        seen = set(found.order_by().values_list("video_id", flat=True))
        return {**sample, "videos": [v for v in videos if v["video_id"] in seen]}


class Names:
    """Finds names of content owners in texts, as words and within file names."""

    def __init__(self, seen: ContentOwnerQuerySet) -> None:
        self.seen = set(seen.order_by().values_list("name", flat=True))
        found = ContentOwner.objects.order_by().values_list("name", "content_owner_id")
        names = {name for row in found for name in row if name} - {""}
        self.seen |= {key for name, key in found if name in self.seen and key}
        self.known = {name.replace(" ", "_"): name for name in names}
        # The longest first: a name may be a part of another one.
        longest = sorted(names, key=len, reverse=True)
        words = "|".join(re.escape(n).replace(r"\ ", "[ _]") for n in longest)
        self.pattern = re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])")

    def hidden_in(self, text: str) -> str:
        return self.pattern.sub(self._shown, text) if self.known else text

    def _shown(self, found: re.Match[str]) -> str:
        name = self.known.get(found[0].replace(" ", "_"), "")
        return found[0] if name in self.seen else UNNAMED


def told_to_everybody(report: Report) -> str:
    """The error without any owner's name but the report's own: for events."""
    if not report.error_message:
        return ""
    own = [] if report.content_owner is None else [report.content_owner.pk]
    return Names(ContentOwner.objects.filter(pk__in=own)).hidden_in(
        report.error_message
    )
