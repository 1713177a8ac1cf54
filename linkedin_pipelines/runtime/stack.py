"""The product's processes on one machine: Dagster's code server, web server and daemon, and the status server, as one.

One code server serves both others, which a machine with little memory is glad of. The stack ends them in order: the
daemon first, so that nothing new is launched; then the runs, which finish or roll back the person they are at; then
the rest.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import yaml

from linkedin_pipelines.db.core.clocks import require_clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.runtime.daemons import require_no_daemon
from linkedin_pipelines.runtime.home import StackError, UpNote, make_home, only_stack
from linkedin_pipelines.runtime.listening import port_of, reserve
from linkedin_pipelines.runtime.processes import Process
from linkedin_pipelines.settings import Settings

LOCATION = "linkedin_pipelines"
MODULE = "linkedin_pipelines.definitions"
DAEMON: tuple[str, ...] = ("dagster-daemon",)
"""Program and first arguments of Dagster's daemon."""
WEB_SERVER = "linkedin_pipelines.orchestrator.web_server"
START_SECONDS = 180.0
"""How long a process may take to answer; a Raspberry Pi needs a third of it."""
RUNS_SECONDS = 90.0
"""How long the runs may take to finish the person they are at."""
STOP_SECONDS = 15.0
"""How long a process may take to end before it is killed."""
_POLL_SECONDS = 0.1
_FEW_ARENAS = {"MALLOC_ARENA_MAX": "1"}
"""glibc keeps memory apart for each thread; these processes have many threads and little to do: 20 MB less at rest."""


class Stack:
    """Starts on entry, stops on exit; `url` answers in between."""

    def __init__(
        self,
        settings: Settings,
        ended: threading.Event,
        *,
        host: str = "127.0.0.1",
        port: int = 3000,
        status_port: int = 8787,
        logs: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare a stack for the settings' home, which becomes Dagster's home.

        Args:
            settings: the installation.
            ended: set by whoever wants the stack stopped, while it starts too.
            host: address that the web server listens on.
            port: TCP port of the web server; 0 takes a free one.
            status_port: TCP port of the status server; 0 takes a free one.
            logs: folder for the processes' output, a file each; None relays it to our own stderr.
            environment: what the processes' environment is made from; None: our own.
        """
        self._settings = settings
        self._ended = ended
        self._host = host
        self._port = port
        self._status_port = status_port
        self._logs = logs
        self._environment = {**_FEW_ARENAS, **settings.child_environment(environment)}
        self._processes: list[Process] = []
        self._open = ExitStack()
        self._socket: Path | None = None

    @property
    def url(self) -> str:
        """Where the web server answers."""
        return self._address_of(self._port)

    @property
    def status_url(self) -> str:
        """Where the status server answers."""
        return self._address_of(self._status_port)

    def _address_of(self, port: int) -> str:
        return f"http://{f'[{self._host}]' if ':' in self._host else self._host}:{port}"

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait(self) -> None:
        """Stay until `ended` is set.

        Raises:
            StackError: one of the processes ended by itself.
        """
        while not self._ended.wait(_POLL_SECONDS):
            self.require_alive()

    def stop(self) -> None:
        """End everything that was started; calling it again does nothing."""
        servers = {process.name: process for process in self._processes}
        if daemon := servers.pop("daemon", None):
            daemon.stop(STOP_SECONDS)
        code = servers.get("code server")
        if self._socket is not None and code is not None and code.exit_code is None:
            from linkedin_pipelines.orchestrator.runs import end_runs_of

            end_runs_of(self._settings.home, self._socket, RUNS_SECONDS)
        for process in servers.values():
            process.ask_to_stop()
        for process in servers.values():
            process.stop(STOP_SECONDS)
        self._processes.clear()
        self._open.close()

    def _start(self) -> None:
        make_home(self._settings)
        self._open.enter_context(only_stack(self._settings.home))
        require_no_daemon(self._settings.home)
        web = self._open.enter_context(reserve(self._host, self._port))
        status = self._open.enter_context(reserve(self._host, self._status_port, "--status-port"))
        self._port, self._status_port = port_of(web), port_of(status)
        database = Database(self._settings.database_url)
        try:
            database.upgrade()
            require_clock(database)
        finally:
            database.dispose()
        folder = self._scratch()
        self._socket = folder / "code.sock"
        workspace = folder / "workspace.yaml"
        server = {"socket": str(self._socket), "location_name": LOCATION}
        workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": server}]}))

        calm = ["--log-level", "warning", "--log-format", "json" if self._settings.log_format == "json" else "colored"]
        code = ["dagster", "api", "grpc", "-m", MODULE, "-d", str(self._settings.home), "--location-name", LOCATION]
        self._launch("code server", *code, "--socket", str(self._socket), *calm)
        self._await("code server", self._code_answers)
        # Not Dagster's own command: anything that the member's browser shows could give orders to that.
        served = ["--workspace", str(workspace), "--host", self._host, *calm]
        self._launch("web server", "python", "-P", "-m", WEB_SERVER, *served, listens_on=web)
        self._launch("daemon", *DAEMON, "run", "-w", str(workspace), *calm)
        watched = ["--host", self._host, "--web-server", self.url]
        self._launch("status server", "python", "-m", "linkedin_pipelines.status_server", *watched, listens_on=status)
        self._await("web server", self._web_answers)
        self._await("status server", self._status_answers)
        note = UpNote(self.url, os.getpid(), self.status_url)
        note.write(self._settings.home)
        self._open.callback(note.remove, self._settings.home)

    def _scratch(self) -> Path:
        """A folder for everything that is to go with the stack; what an earlier one that was killed left there is gone.

        Browsers keep their profiles in it, and these hold a signed-in session. It is not in the home, since the path of
        a socket has 107 bytes, and it is the home's own, so that the next stack finds it.
        """
        home = hashlib.sha256(os.fsencode(self._settings.home.resolve())).hexdigest()
        folder = Path(tempfile.gettempdir()) / f"linkedin-pipelines-{home[:12]}"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise StackError(f"the folder {folder} cannot be made anew ({error.strerror}): remove it") from error
        self._open.callback(shutil.rmtree, folder, ignore_errors=True)
        self._environment["TMPDIR"] = str(folder)
        return folder

    def _launch(self, name: str, *command: str, listens_on: socket.socket | None = None) -> None:
        """Start a process; the socket is its own from then on, so that a port nobody serves refuses."""
        if listens_on is not None:
            command = (*command, "--fd", str(listens_on.fileno()))
        log = self._logs / f"{name.replace(' ', '-')}.log" if self._logs is not None else None
        as_json = self._settings.log_format == "json"
        started = Process(name, command, self._environment, log, as_json=as_json, handed_over=listens_on)
        self._processes.append(started)
        if listens_on is not None:
            listens_on.close()

    def _await(self, name: str, answers: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers():
            self.require_alive()
            if time.monotonic() > deadline:
                raise StackError(f"the {name} does not answer after {START_SECONDS:g} s")
            if self._ended.wait(_POLL_SECONDS):
                raise KeyboardInterrupt

    def require_alive(self) -> None:
        """Raise `StackError` if one of the processes ended by itself."""
        for process in self._processes:
            if (code := process.exit_code) is not None:
                raise StackError(f"the {process.name} ended by itself with exit code {code}; {process.last_output()}")

    def _code_answers(self) -> bool:
        """The code server listens once the definitions are loaded."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            return probe.connect_ex(str(self._socket)) == 0

    def _web_answers(self) -> bool:
        return self._answers(f"{self.url}/server_info")

    def _status_answers(self) -> bool:
        return self._answers(f"{self.status_url}/health")

    @staticmethod
    def _answers(address: str) -> bool:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - our own address
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False
