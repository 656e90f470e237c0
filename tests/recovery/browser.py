"""A person at a browser, without the browser: cookies, forms, the API."""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import requests

TIMEOUT = 30


class Browser:
    """Requests of one signed-in person over HTTP."""

    def __init__(self, url):
        self.url = url
        self.session = requests.Session()

    def sign_in(self, name, password):
        address = "/admin/login/"
        self.get(address)
        page = self.post(address, {"username": name, "password": password})
        assert "/admin/logout/" in page.text, "the password was refused"
        return self

    def get(self, address, **options):
        reply = self.session.get(urljoin(self.url, address), timeout=TIMEOUT, **options)
        reply.raise_for_status()
        return reply

    def text(self, address):
        """A page as a reader sees it: no tags, single spaces."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.get(address).text).split())

    def post(self, address, data=None, method="POST", **options):
        reply = self.session.request(
            method,
            urljoin(self.url, address),
            data=data,
            headers={"X-CSRFToken": self.session.cookies["csrftoken"]},
            timeout=TIMEOUT,
            **options,
        )
        reply.raise_for_status()
        return reply

    def patch(self, address, values):
        return self.post(address, method="PATCH", json=values).json()

    def import_report(self, path, day):
        """Upload a report through the API and let it be imported; its address."""
        with path.open("rb") as file:
            reply = self.post("/api/reports/", {"as_of": day}, files={"file": file})
        address = urlsplit(reply.headers["Location"]).path
        self.post(f"{address}import/")
        return address

    def connect_account(self, owner):
        """Connect an account of a content owner; consent to all that is asked."""
        address = "/admin/youtube_sync/youtubeaccount/add/"
        form = self.get(address).text
        key = re.search(rf'value="(\d+)"[^>]*>{re.escape(owner)}<', form)[1]
        sent = self.post(address, {"content_owner": key}, allow_redirects=False)
        back = consent(sent.headers["Location"])
        assert "is connected." in self.get(back).text

    def plan_push_of_edits(self):
        """Choose every video with unpushed edits and plan their push; its address."""
        address = "/admin/catalog/video/?unpushed=yes"
        keys = re.findall(
            r'name="_selected_action" value="(\d+)"', self.get(address).text
        )
        chosen = {"action": "push_to_youtube", "_selected_action": keys}
        return urlsplit(self.post(address, chosen).url).path


def consent(address):
    """Press "Allow" on the consent page; where it sends the browser."""
    query = parse_qs(urlsplit(address).query)
    form = {name: values[0] for name, values in query.items()}
    form |= {"decision": "allow", "granted": form["scope"].split()}
    reply = requests.post(
        address.split("?")[0], data=form, allow_redirects=False, timeout=TIMEOUT
    )
    return reply.headers["Location"]
