"""TCP ports on this machine."""

import socket

from ytmanager.local.console import LocalError

LOOPBACK = "127.0.0.1"


def find_free_port(preferred: int = 0) -> int:
    """Name a port that nobody listens on: the preferred one if it is free."""
    if preferred and is_port_free(LOOPBACK, preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_port_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free_port(host: str, port: int) -> int:
    """Return the port to serve on; 0 asks for any. Raise if it is taken."""
    if port == 0:
        return find_free_port()
    if not is_port_free(host, port):
        raise LocalError(
            f"Port {port} on {host} is taken. Choose another: PORT=8123 make run"
        )
    return port


def is_listening(port: int, host: str = LOOPBACK) -> bool:
    """Tell whether somebody accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
