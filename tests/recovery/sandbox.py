"""The sandbox of a running system, by its control endpoints."""

import requests

TIMEOUT = 30


class RemoteSandbox:
    """Load it, let calls hang, look at what it holds."""

    def __init__(self, url):
        self.url = f"{url}/sandbox"

    def get(self, name, **query):
        reply = requests.get(f"{self.url}/{name}", params=query, timeout=TIMEOUT)
        reply.raise_for_status()
        return reply.json()

    def post(self, name, **values):
        reply = requests.post(f"{self.url}/{name}", json=values, timeout=TIMEOUT)
        reply.raise_for_status()

    def call_count(self, operation):
        log = self.get("requests")["requests"]
        return sum(call["operation"] == operation for call in log)

    def videos(self):
        """Every video as it is stored, with all its parts."""
        return self.get("state", kinds="video")["videos"]

    def units_spent(self):
        return self.get("state", kinds="content_owner")["units_spent"]
