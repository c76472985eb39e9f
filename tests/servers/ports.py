"""Ports that nobody listens on."""

import socket


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
