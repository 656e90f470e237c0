"""Connections of people who see a part of the catalogue."""

import pytest

from tests.factories.reports import ReportFactory
from tests.security.worlds import person_with
from tests.ytmanager.realtime.test_consumers import (
    in_thread,
    lose,
    open_page,
    progress,
    record,
)
from ytmanager.realtime.events import EVERYONE, Event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ours(db):
    return ReportFactory()


@pytest.fixture
def theirs(db):
    return ReportFactory()


@pytest.fixture
def person(ours):
    return person_with(content_owner=ours.content_owner)


def of(report):
    return progress(report=report.pk)


async def test_events_of_others_are_not_delivered(person, ours, theirs):
    async with open_page(person) as page:
        for report in (theirs, ours):
            await record(of(report), [EVERYONE, f"report.{report.pk}"])

        heard = await page.hear()

        assert heard["payload"]["report"] == ours.pk
        assert heard["groups"] == [EVERYONE]
        assert await page.hear_nothing()


async def test_rooms_of_others_are_not_entered(person, ours, theirs):
    async with open_page(person) as page:
        rooms = [f"report.{report.pk}" for report in (ours, theirs)]
        await page.say(subscribe=rooms)

        assert (await page.hear())["groups"] == [rooms[0]]


async def test_missed_events_of_others_are_not_caught_up(person, ours, theirs):
    async with open_page(person) as page:
        for report in (theirs, ours):
            await lose(of(report), [EVERYONE])

        await page.say(since=page.position)

        assert (await page.hear())["payload"]["report"] == ours.pk
        assert await page.hear_nothing()


async def test_batch_that_names_no_row_is_told_without_its_count(person):
    everything = await in_thread(person_with)()
    async with open_page(person) as part, open_page(everything) as whole:
        await record(Event("video.changed", {"count": 500}), [EVERYONE])

        assert (await whole.hear())["payload"] == {"count": 500}
        assert (await part.hear())["payload"] == {"is_hint": True}
