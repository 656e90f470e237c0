"""Factories of reports and of what they rejected."""

import factory
from factory.django import DjangoModelFactory

from reports.models import Report, ReportRowError, ReportSource
from tests.factories.catalog import AS_OF, ContentOwnerFactory, ObservationFactory


class ReportSourceFactory(DjangoModelFactory):
    class Meta:
        model = ReportSource

    name = factory.Sequence("Source {}".format)


class ReportFactory(DjangoModelFactory):
    """A video report that nobody imported yet; `imported=True`: a finished one."""

    class Meta:
        model = Report

    source = factory.SubFactory(ReportSourceFactory)
    content_owner = factory.SubFactory(ContentOwnerFactory)
    name = factory.Sequence("video_report_Label_V_v1-4_{}.csv".format)
    key = factory.SelfAttribute("name")
    etag = factory.Sequence("{:032x}".format)
    size = 4_096
    bytes_total = 4_096
    kind = "video_report"
    version = "v1-4"
    last_modified = AS_OF

    class Params:
        imported = factory.Trait(
            state=Report.State.COMPLETED,
            observation=factory.SubFactory(ObservationFactory),
            as_of=AS_OF,
            started_at=AS_OF,
            finished_at=AS_OF,
            bytes_read=4_096,
            rows_read=10,
            rows_imported=10,
            videos_new=10,
        )


class ReportRowErrorFactory(DjangoModelFactory):
    class Meta:
        model = ReportRowError

    report = factory.SubFactory(ReportFactory)
    line = factory.Sequence(lambda n: n + 2)
    column = "video_id"
    value = "not an ID"
    reason = "A video ID has 11 characters."
