import io
import json
import logging
import logging.config
from types import SimpleNamespace

import pytest
import structlog

from ytmanager.observability import bind_job, logging_config


@pytest.fixture
def log_line(monkeypatch):
    """Write one line through a handler of our configuration and parse it."""
    formatter = logging_config(level="INFO", is_console=False)["formatters"]
    structured = dict(formatter["structured"])
    factory = structured.pop("()")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(factory(**structured))
    standard = logging.getLogger("tests.lines")
    standard.propagate = False
    standard.setLevel("INFO")
    standard.addHandler(handler)

    def write(work):
        work()
        return json.loads(stream.getvalue().splitlines()[-1])

    yield write
    standard.removeHandler(handler)


def structured_logger():
    return structlog.get_logger("tests.lines")


@pytest.mark.unit
def test_line_is_json_with_level_time_and_facts(log_line):
    line = log_line(lambda: structured_logger().info("report_imported", report_pk=7))

    assert line["event"] == "report_imported"
    assert line["report_pk"] == 7
    assert line["level"] == "info"
    assert line["logger"] == "tests.lines"
    assert line["timestamp"].endswith("Z")


@pytest.mark.unit
def test_line_of_a_library_is_json_too(log_line):
    line = log_line(lambda: logging.getLogger("tests.lines").info("took %s s", 3))

    assert line["event"] == "took 3 s"


@pytest.mark.unit
def test_exception_is_one_line(log_line):
    def fail():
        try:
            raise RuntimeError("broken")
        except RuntimeError:
            structured_logger().exception("import_failed")

    line = log_line(fail)

    assert "RuntimeError: broken" in line["exception"]


@pytest.mark.unit
def test_value_that_json_does_not_know_is_written_as_text(log_line):
    line = log_line(lambda: structured_logger().info("kept", path=io))

    assert "module 'io'" in line["path"]


@pytest.mark.security
@pytest.mark.unit
@pytest.mark.parametrize(
    "address",
    [
        "GET /accounts/callback?state=s3cret&code=s3cret",
        "https://store.test/a.csv?X-Amz-Signature=s3cret&X-Amz-Credential=s3cret",
        "POST /token?client_secret=s3cret&refresh_token=s3cret",
    ],
)
def test_secrets_in_addresses_are_masked(log_line, address):
    in_fact = log_line(
        lambda: structured_logger().info("request_started", request=address)
    )
    in_message = log_line(lambda: logging.getLogger("tests.lines").info(address))

    assert "s3cret" not in json.dumps([in_fact, in_message])
    assert "***" in in_fact["request"]


@pytest.mark.unit
def test_ordinary_filters_stay_readable(log_line):
    address = "GET /admin/catalog/video/?q=caf\u00e9&privacy=public"

    line = log_line(
        lambda: structured_logger().info("request_started", request=address)
    )

    assert line["request"] == address


@pytest.mark.unit
def test_console_lines_are_not_json():
    settings = logging_config(level="INFO", is_console=True)

    processors = settings["formatters"]["structured"]["processors"]

    assert isinstance(processors[-1], structlog.dev.ConsoleRenderer)


@pytest.mark.unit
def test_job_binds_its_ids_to_every_line_and_only_its_own(log_line):
    job = SimpleNamespace(id=12, task_name="reports.tasks.run_import", attempts=1)
    context = SimpleNamespace(job=job)

    inside = log_line(
        lambda: bind_job(lambda: structured_logger().info("read"), context, None)
    )
    outside = log_line(lambda: structured_logger().info("idle"))

    assert inside["job_id"] == 12
    assert inside["task"] == "reports.tasks.run_import"
    assert "job_id" not in outside


@pytest.mark.unit
def test_job_passes_its_result_and_its_error_on():
    context = SimpleNamespace(job=SimpleNamespace(id=1, task_name="t", attempts=0))

    def fail():
        raise KeyError("gone")

    assert bind_job(lambda: 42, context, None) == 42
    with pytest.raises(KeyError, match="gone"):
        bind_job(fail, context, None)
