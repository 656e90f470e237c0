"""The stand-in for Google's endpoints, run as a child."""

import os
import sys
from pathlib import Path

from youtube_sync.sandbox.oauth import CLIENT_ID, CLIENT_SECRET
from ytmanager.local.children import Child
from ytmanager.local.paths import PROJECT
from ytmanager.local.ports import LOOPBACK, find_free_port, is_listening


class Sandbox:
    """A running `youtube_sync.sandbox`; its state and its port outlive a restart."""

    def __init__(self, *, folder: Path, logs: Path) -> None:
        self.state, self.port_file = folder / "sandbox.sqlite3", folder / "sandbox.port"
        self.port = find_free_port(self._last_port())
        command = [sys.executable, "-m", "youtube_sync.sandbox"]
        command += ["--port", str(self.port), "--state", str(self.state)]
        self.child = Child(
            name="sandbox",
            command=command,
            log=logs / "sandbox.log",
            environment=dict(os.environ),
            folder=PROJECT,
        )

    def _last_port(self) -> int:
        try:
            return int(self.port_file.read_text())
        except (OSError, ValueError):
            return 0

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Start the sandbox and wait until it accepts connections."""
        self.state.parent.mkdir(parents=True, exist_ok=True)
        self.port_file.write_text(str(self.port))
        self.child.start()
        self.child.wait_until(lambda: is_listening(self.port), timeout=20)

    def stop(self) -> None:
        self.child.stop()


def environment_for(url: str) -> dict[str, str]:
    """Name the variables that turn the product from Google to a sandbox.

    The last two let OAuth use plain http and accept the scopes that a person
    granted one by one; they are for loopback only.
    """
    return {
        "GOOGLE_CLIENT_ID": CLIENT_ID,
        "GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
        "GOOGLE_AUTH_URI": f"{url}/o/oauth2/v2/auth",
        "GOOGLE_TOKEN_URI": f"{url}/token",
        "GOOGLE_REVOKE_URI": f"{url}/revoke",
        "YOUTUBE_API_BASE": url,
        "CONTENT_ID_API_BASE": url,
        "CONTENT_ID_ENABLED": "true",
        "GOOGLE_PROJECT": "sandbox",
        "OAUTHLIB_INSECURE_TRANSPORT": "1",
        "OAUTHLIB_RELAX_TOKEN_SCOPE": "1",
    }
