"""The sandbox as a process listens to it: on loopback only, in a thread for tests, in the foreground for people."""

from __future__ import annotations

import json
import socket
import threading
from datetime import date
from pathlib import Path
from typing import Self

import uvicorn
from uvicorn.protocols.http import h11_impl

from linkedin_pipelines.sandbox.app import create_app
from linkedin_pipelines.sandbox.scenarios import world_of
from linkedin_pipelines.sandbox.site import Site
from linkedin_pipelines.sandbox.world import World

HOST = "127.0.0.1"

# The status by which LinkedIn denies a request is registered nowhere; without a phrase for it nothing would be sent.
h11_impl.STATUS_PHRASES.setdefault(999, b"Request denied")


class SandboxServer:
    """The site for a world, run in a thread between `__enter__` and `__exit__`.

    `port` 0 takes a free one; `url` says which. `site` is there for tests that want to look inside.

    Raises:
        OSError: the port is in use, or the state file cannot be used or is another sandbox's.
        ValueError: the state file is damaged.
    """

    def __init__(self, world: World, port: int = 0, state: Path | None = None) -> None:
        self._socket = listen(port)
        try:
            self._app = create_app(world, state)
        except BaseException:
            self._socket.close()
            raise
        self.site: Site = self._app.state.site
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self._server = uvicorn.Server(_config(self._app))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="sandbox", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        with socket.create_connection((HOST, self.port), timeout=10):
            return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def run(self) -> None:
        """Serve in this thread until a signal ends it."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()
            self.site.close()

    def stop(self) -> None:
        """Stop listening and wait until the thread has ended; hanging requests are let go."""
        self._server.should_exit = True
        self.site.stop()
        self._thread.join(timeout=20)
        self._socket.close()
        self.site.close()


def listen(port: int) -> socket.socket:
    """A listening socket on loopback.

    Raises:
        OSError: the port is in use or not allowed; the message names it.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise OSError(
            error.errno, f"port {port} on {HOST} cannot be used ({error.strerror}); choose another with --port"
        ) from error
    return listening


def run_forever(port: int, scenario: str = "demo", state: Path | None = None) -> None:
    """Run the sandbox in the foreground until it is interrupted (Ctrl-C, SIGTERM).

    `scenario` is the name of one in `scenarios`, or the path of a world's JSON file.

    Raises:
        OSError: port or state file cannot be used.
        ValueError: no such scenario, a wrong world, or a damaged state file.
    """
    server = SandboxServer(world_of(scenario, date.today()), port, state)  # noqa: DTZ011 - the machine's own day
    server.run()


def _config(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=h11_impl.H11Protocol,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
    )


def describe(world: World) -> str:
    """The world as JSON, to start a file of one's own from."""
    return json.dumps(world.model_dump(mode="json"), ensure_ascii=False, indent=1)
