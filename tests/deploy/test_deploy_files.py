"""The files for production name what the product has."""

import re
import subprocess

import pytest
import yaml
from django.conf import settings as running

from ytmanager.local.paths import PROJECT
from ytmanager.system_status import QUEUES

ALERTS = PROJECT / "deploy" / "prometheus" / "alerts.yml"
UNITS = PROJECT / "deploy" / "systemd"
NAMES = re.compile(r"\bytm_[a-z_]+")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"]


@pytest.mark.django_db
def test_alerts_use_figures_that_exist(client, settings):
    settings.MONITOR_TOKEN = "t" * 32
    headers = {"Authorization": f"Bearer {settings.MONITOR_TOKEN}"}
    client.get("/admin/login/")

    served = set(NAMES.findall(client.get("/metrics", headers=headers).text))

    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    used = {name for rule in rules for name in NAMES.findall(rule["expr"])}
    assert len(rules) > 10
    assert used - served == set()


@pytest.mark.unit
def test_every_alert_says_what_happened_and_how_bad_it_is():
    groups = yaml.safe_load(ALERTS.read_text())["groups"]

    for rule in groups[0]["rules"]:
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["labels"]["severity"] in {"warning", "critical"}


@pytest.mark.unit
def test_image_holds_every_app():
    copied = re.findall(r"^COPY (\w+) ", (PROJECT / "Dockerfile").read_text(), re.M)
    apps = [name.split(".")[0] for name in running.INSTALLED_APPS]
    own = {name for name in apps if (PROJECT / name).is_dir()}

    assert own <= {*copied}
    assert {"templates", "static"} <= {*copied}
    assert all((PROJECT / name).is_dir() for name in copied)


@pytest.mark.unit
def test_image_does_not_run_as_root():
    text = (PROJECT / "Dockerfile").read_text()

    assert re.search(r"^USER (?!root)\w+$", text, re.M)
    assert "HEALTHCHECK" in text


@pytest.mark.unit
def test_compose_runs_two_of_everything_that_works(compose):
    assert compose["web"]["deploy"]["replicas"] == 2
    for queue in QUEUES:
        worker = compose[f"worker-{queue}"]
        assert worker["command"] == ["python", "manage.py", "work", queue]
        assert worker["deploy"]["replicas"] == 2


@pytest.mark.unit
def test_compose_waits_for_the_migrations(compose):
    for name, service in compose.items():
        if name == "web" or name.startswith("worker"):
            waited = service["depends_on"]["migrate"]["condition"]
            assert waited == "service_completed_successfully"


@pytest.mark.unit
def test_compose_holds_no_secret(compose):
    text = (PROJECT / "compose.yaml").read_text()

    assert "${POSTGRES_PASSWORD:?}" in text
    assert "SECRET_KEY" not in text


@pytest.mark.unit
@pytest.mark.parametrize("instance", ["imports", "imports:2"])
def test_unit_of_a_worker_starts_its_queue(instance):
    text = (UNITS / "ytmanager-worker@.service").read_text()
    line = re.search(r"^ExecStart=/bin/sh -c '(.+)' worker %i$", text, re.M)[1]
    script = line.replace("$$", "$").replace("%%", "%").replace("exec ", "echo ", 1)

    done = subprocess.run(
        ["/bin/sh", "-c", script, "worker", instance], capture_output=True, text=True
    )

    assert done.stdout.split()[-2:] == ["work", "imports"]


@pytest.mark.unit
def test_web_believes_the_proxy_who_is_asking(compose):
    assert compose["web"]["environment"]["FORWARDED_ALLOW_IPS"] == "*"
    assert compose["web"]["environment"]["APP_ENV"] == "production"
    # Nobody but the proxy gets there.
    assert "ports" not in compose["web"]


@pytest.mark.unit
def test_example_of_variables_can_be_read_by_a_shell():
    """`manage` of docs/operating.md sources the file that systemd reads too."""
    text = (PROJECT / ".env.example").read_text()
    active = re.sub(r"^#(?=[A-Z_]+=)", "", text, flags=re.M)

    done = subprocess.run(
        ["/bin/sh", "-c", "set -eu; " + active + '\necho "$MAIL_FROM"'],
        capture_output=True,
        text=True,
    )

    assert done.stderr == ""
    assert done.stdout == "YT Manager <noreply@localhost>\n"


@pytest.mark.unit
def test_restoring_needs_no_other_database_address_than_a_name(compose):
    """The walk-through for containers in docs/operating.md sets DATABASE_NAME."""
    text = (PROJECT / "docs" / "operating.md").read_text()
    every_app = [each for each in compose.values() if each.get("image") == "ytmanager"]

    assert "DATABASE_NAME=ytmanager_restored" in text
    assert len(every_app) == 2 + len(QUEUES)
    for each in every_app:
        address = each["environment"]["DATABASE_URL"]
        assert address.endswith("/${DATABASE_NAME:-ytmanager}")
