"""Mail as each person wants it, through a real SMTP server on loopback."""

import socketserver
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_string

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.ytmanager.notifications.test_inbox import browser_of, member
from ytmanager import tasks
from ytmanager.models import MailChoice, NotificationMail
from ytmanager.notifications import mail
from ytmanager.notifications.notify import notify

pytestmark = pytest.mark.django_db


class SmtpServer(socketserver.ThreadingTCPServer):
    """Takes mails; refuses them while told to."""

    daemon_threads = allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mails, self.refuses = [], False
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as Django's backend speaks."""

    def handle(self):
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                self.take()
            elif word == "MAIL" and self.server.refuses:
                self.say("451 try later")
            elif word == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")
        return None

    def take(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        self.server.mails.append(message_from_string("".join(lines)))
        self.say("250 ok")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def post(settings):
    server = SmtpServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.SITE_URL = "https://office.test"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def ada(db):
    return member("ada")


def want(person, pace, kind="conflict"):
    MailChoice.objects.create(user=person, kind=kind, pace=pace)


def tell(title="Two conflicts", kind="conflict", **more):
    return notify(kind=kind, level="warning", title=title, **more)


def text_of(message):
    return message.get_payload(decode=True).decode()


def test_mail_at_once_says_what_and_where(post, ada):
    want(ada, "at_once")
    tell(message="Look at them.", url="/admin/catalog/conflict/")

    tasks.send_mails(timestamp=0)

    (sent,) = post.mails
    assert sent["subject"] == "[YT Manager] Two conflicts"
    assert sent["to"] == "ada@office.test"
    assert "https://office.test/admin/catalog/conflict/" in text_of(sent)


def test_nobody_gets_mail_without_asking(post, ada):
    tell()

    tasks.send_mails(timestamp=0)

    assert post.mails == []


def test_mail_is_sent_once(post, ada):
    want(ada, "at_once")
    tell()

    for _ in range(3):
        tasks.send_mails(timestamp=0)

    assert len(post.mails) == 1


def test_daily_mail_holds_the_whole_day(post, ada):
    want(ada, "daily")
    with time_machine.travel(datetime(2026, 3, 1, 9, tzinfo=UTC), tick=False):
        for number in range(3):
            tell(f"Number {number}")
        tasks.send_mails(timestamp=0)
        before = len(post.mails)
    with time_machine.travel(datetime(2026, 3, 2, 6, 1, tzinfo=UTC), tick=False):
        tasks.send_mails(timestamp=0)

    (sent,) = post.mails
    assert before == 0
    assert sent["subject"] == "[YT Manager] 3 notifications"
    assert all(f"Number {number}" in text_of(sent) for number in range(3))


def test_only_who_may_hear_of_it_gets_mail(post, ada):
    want(ada, "at_once")
    ada.groups.clear()
    tell()

    tasks.send_mails(timestamp=0)

    assert post.mails == []


def test_ones_own_job_is_mailed_to_that_person_alone(post, ada):
    bob = member("bob")
    for person in (ada, bob):
        want(person, "at_once", kind="job")
    tell("Your import", kind="job", user_pk=bob.pk)

    tasks.send_mails(timestamp=0)

    assert [sent["to"] for sent in post.mails] == ["bob@office.test"]


@pytest.mark.parametrize(
    "change", [{"email": ""}, {"is_active": False}], ids=["no address", "inactive"]
)
def test_who_cannot_be_reached_gets_no_mail(post, ada, change):
    want(ada, "at_once")
    type(ada).objects.filter(pk=ada.pk).update(**change)
    tell()

    tasks.send_mails(timestamp=0)

    assert post.mails == []
    assert not NotificationMail.objects.exists()


def test_refused_mail_is_tried_again_and_not_doubled(post, ada):
    want(ada, "at_once")
    tell()
    post.refuses = True
    tasks.send_mails(timestamp=0)
    post.refuses = False

    tasks.send_mails(timestamp=0)
    early = len(post.mails)
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        tasks.send_mails(timestamp=0)

    assert (early, len(post.mails)) == (0, 1)


def test_mail_that_never_goes_is_dropped(post, ada):
    want(ada, "at_once")
    tell()
    post.refuses = True

    moment = timezone.now()
    for _ in range(mail.MAX_ATTEMPTS):
        moment += 2 * mail.LONGEST_WAIT
        with time_machine.travel(moment):
            tasks.send_mails(timestamp=0)

    assert not NotificationMail.objects.exists()


def test_server_that_is_away_fails_no_job(post, ada, settings):
    want(ada, "at_once")
    tell()
    settings.EMAIL_PORT = 9

    tasks.send_mails(timestamp=0)

    assert NotificationMail.objects.get().attempt_count == 1


def test_line_breaks_in_a_title_cannot_add_headers(post, ada):
    want(ada, "at_once")
    tell("Report\r\nBcc: eve@office.test")

    tasks.send_mails(timestamp=0)

    (sent,) = post.mails
    assert sent["bcc"] is None
    assert sent["subject"] == "[YT Manager] Report Bcc: eve@office.test"


def test_person_chooses_on_the_page(ada):
    address = reverse("admin:ytmanager_notification_mail")
    browser = browser_of(ada)
    want(ada, "daily", kind="quota")

    browser.post(address, {"conflict": "at_once", "quota": "", "job": "daily"})

    chosen = dict(ada.mail_choices.values_list("kind", "pace"))
    assert chosen == {"conflict": "at_once", "job": "daily"}
    assert browser.get(address).context["form"]["conflict"].initial == "at_once"


def test_page_offers_only_kinds_that_the_person_may_hear_of(ada):
    form = (
        browser_of(ada)
        .get(reverse("admin:ytmanager_notification_mail"))
        .context["form"]
    )

    assert "conflict" in form.fields
    assert "system" not in form.fields
