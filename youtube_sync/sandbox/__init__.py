"""A local stand-in for Google's endpoints: OAuth, Data API, Content ID API.

`python -m youtube_sync.sandbox --port P --state FILE [--seed FILE]` runs it
alone; tests use `SandboxServer` as a context manager. It imports nothing of the
rest of the project, so that a mistake there cannot hide here.
"""

from youtube_sync.sandbox.oauth import CLIENT_ID, CLIENT_SECRET
from youtube_sync.sandbox.server import SandboxServer

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "SandboxServer"]
