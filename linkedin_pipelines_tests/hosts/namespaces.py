"""Two hosts on one machine: a network namespace each, joined to this one by a pair of virtual cables (veth).

What belongs here: the network alone. A process becomes one of a host's by `enter`; its children are the host's as well.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

HOSTS = ("a", "b")
_NAMESPACES = Path("/run/netns")
_CLONE_NEWNET = 0x40000000
_numbers = itertools.count()
_T = TypeVar("_T")

_WATCH = """
read -r _
for name in "$@"; do "$IP" netns delete "$name" 2>/dev/null; done
"""
"""Waits for the end of its standard input, which the kernel closes however the harness dies, then clears up."""


def why_not_here() -> str | None:
    """Why this machine can play no two hosts; None if it can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if (ip := _ip()) is None:
        return "network namespaces need the command ip (Debian package iproute2)"
    probe = f"lp{os.getpid()}probe"
    tried = subprocess.run([ip, "netns", "add", probe], capture_output=True, text=True, check=False)
    if tried.returncode:
        return f"this machine allows no network namespaces: {tried.stderr.strip()}"
    try:
        linked = subprocess.run(
            [ip, "-n", probe, "link", "add", "one", "type", "veth", "peer", "name", "two"],
            capture_output=True,
            text=True,
            check=False,
        )
        return f"this machine makes no veth: {linked.stderr.strip()}" if linked.returncode else None
    finally:
        subprocess.run([ip, "netns", "delete", probe], check=False)


class Network:
    """The cables between this namespace and those of the two hosts; removed by `close`, or when this process dies."""

    def __init__(self) -> None:
        ip = _ip()
        assert ip is not None  # `why_not_here` was asked
        self._ip = ip
        number = next(_numbers)
        self._stem = f"lp{os.getpid()}{chr(97 + number % 26)}"
        # A /30 of the range kept for tests of networks for each cable, by the process, since several may play at once.
        first = (os.getpid() * 16 + 2 * number) % 32768
        self._subnets = dict(zip(HOSTS, (first, first + 1), strict=True))
        self._watch = subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, "watch", *(self.namespace(host) for host in HOSTS)],
            stdin=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "IP": ip},
        )
        try:
            for host in HOSTS:
                self._join(host)
        except BaseException:
            self.close()
            raise

    def namespace(self, host: str) -> str:
        """The name of a host's namespace, as `ip netns list` shows it."""
        return f"{self._stem}{host}"

    def address(self, host: str) -> str:
        """Where the host reaches this side."""
        return self._of_subnet(host, 1)

    def cut(self, host: str) -> None:
        """Pull the host's cable: what either side sends is lost, and nobody is told."""
        self._run("link", "set", self._cable(host), "down")

    def mend(self, host: str) -> None:
        """Put the cable back."""
        self._run("link", "set", self._cable(host), "up")

    def close(self) -> None:
        """Remove both namespaces, and their cables with them."""
        assert self._watch.stdin is not None
        self._watch.stdin.close()
        self._watch.wait()

    def _join(self, host: str) -> None:
        name, inside = self.namespace(host), f"{self._cable(host)}h"
        self._run("netns", "add", name)
        self._run("link", "add", self._cable(host), "type", "veth", "peer", "name", inside, "netns", name)
        self._run("addr", "add", f"{self._of_subnet(host, 1)}/30", "dev", self._cable(host))
        self._run("link", "set", self._cable(host), "up")
        self._run("-n", name, "addr", "add", f"{self._of_subnet(host, 2)}/30", "dev", inside)
        self._run("-n", name, "link", "set", inside, "up")
        self._run("-n", name, "link", "set", "lo", "up")

    def _cable(self, host: str) -> str:
        return f"{self._stem}{host}"

    def _of_subnet(self, host: str, number: int) -> str:
        place = self._subnets[host] * 4 + number
        return f"198.{18 + place // 65536}.{place // 256 % 256}.{place % 256}"

    def _run(self, *arguments: str) -> None:
        subprocess.run([self._ip, *arguments], check=True, capture_output=True)


@contextmanager
def two_hosts() -> Iterator[Network]:
    """A network for the length of the block."""
    network = Network()
    try:
        yield network
    finally:
        network.close()


def enter(namespace: str) -> None:
    """Make the calling thread, and whatever it starts, a part of that host."""
    with (_NAMESPACES / namespace).open() as file:
        _set(file.fileno())


def within(namespace: str, do: Callable[[], _T]) -> _T:
    """Do something on that host, then come back; a socket stays where it was made."""
    with Path("/proc/thread-self/ns/net").open() as home:
        enter(namespace)
        try:
            return do()
        finally:
            _set(home.fileno())


def listening_on(namespace: str, port: int) -> socket.socket:
    """A socket that listens on that host's own loopback, for a server of this process."""
    return within(namespace, lambda: socket.create_server(("127.0.0.1", port), backlog=128))


def _set(descriptor: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "the network namespace cannot be entered")


def _ip() -> str | None:
    return shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
