"""Ports that are reserved, and servers on sockets that were handed over."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from linkedin_pipelines.errors import ConfigurationError
from linkedin_pipelines.runtime.listening import port_of, reserve

_SERVING = """
import sys
from linkedin_pipelines.runtime.listening import serve

async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        await send({"type": "http.response.body", "body": b"hello"})

serve(app, "127.0.0.1", 1, int(sys.argv[1]), lifespan="off", log_level="error")
"""


def test_a_port_is_reserved_as_it_is_and_zero_reserves_one() -> None:
    with reserve("127.0.0.1", 0) as bound:
        port = port_of(bound)
        assert port > 0
    with reserve("127.0.0.1", port) as bound:
        assert port_of(bound) == port


def test_a_reserved_port_is_nobody_elses() -> None:
    with reserve("127.0.0.1", 0) as bound, socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port_of(bound)))


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            ConfigurationError, match=f"port {port} on 127.0.0.1 is in use: choose another with --there"
        ):
            reserve("127.0.0.1", port, "--there")


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="cannot be used"):
        reserve("192.0.2.1", 0)


def test_a_socket_handed_over_is_served_until_sigterm() -> None:
    with reserve("127.0.0.1", 0) as bound:
        address, descriptor = ("127.0.0.1", port_of(bound)), bound.fileno()
        serving = subprocess.Popen([sys.executable, "-c", _SERVING, str(descriptor)], pass_fds=(descriptor,))
    try:
        answer = b""
        while serving.poll() is None and not answer:
            with socket.socket() as asking:
                if asking.connect_ex(address) == 0:
                    asking.sendall(b"GET / HTTP/1.0\r\n\r\n")
                    answer = asking.makefile("rb").read()
        assert answer.endswith(b"hello")
    finally:
        serving.terminate()
    assert serving.wait() == 0
