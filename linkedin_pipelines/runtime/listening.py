"""TCP ports: one is reserved before the process that will listen on it runs, and handed over to it.

A port that was only looked at may be somebody else's by the time a server has started, seconds later: each connection
that a program makes takes a port too.
"""

from __future__ import annotations

import errno
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

import uvicorn

from linkedin_pipelines.errors import ConfigurationError


def reserve(host: str, port: int, option: str = "--port") -> socket.socket:
    """A socket that is bound to `port` of `host`, to a free one for 0, and does not listen yet.

    While it is open, the system gives the port to nobody who asks for any.

    Args:
        host: an address of this machine, or a name of one.
        port: TCP port.
        option: where another port can be named.

    Raises:
        ConfigurationError: the port is in use, may not be used, or the address is not of this machine.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise _refused(host, port, option, error) from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # `::` is not every address of IPv4 as well
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise _refused(host, port, option, error) from error
    return bound


def _refused(host: str, port: int, option: str, error: OSError) -> ConfigurationError:
    if error.errno == errno.EADDRINUSE:
        return ConfigurationError(f"port {port} on {host} is in use: choose another with {option}")
    return ConfigurationError(f"port {port} on {host} cannot be used: {error.strerror or error}")


def port_of(bound: socket.socket) -> int:
    """The TCP port that the socket is bound to."""
    return int(bound.getsockname()[1])


def serve(app: Any, host: str, port: int, descriptor: int | None, **options: Any) -> None:
    """Serve an ASGI application until SIGTERM, which is no failure.

    Args:
        app: the application.
        host: address to listen on.
        port: TCP port to listen on.
        descriptor: of a socket that is bound already and was handed over; host and port are not looked at then.
        options: uvicorn's own.
    """
    # uvicorn raises the signal again once it has shut down; ended as asked is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_config=None, **options))
    with suppress(KeyboardInterrupt):
        server.run(sockets=None if descriptor is None else [socket.socket(fileno=descriptor)])
    if not server.started:
        sys.exit(1)  # its own lines say why
