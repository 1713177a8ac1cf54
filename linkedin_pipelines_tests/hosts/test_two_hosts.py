"""A short form with every test run; `make hosts` plays all steps, a minute each, and clocks that are off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from linkedin_pipelines_tests.hosts.namespaces import Network, two_hosts, why_not_here
from linkedin_pipelines_tests.hosts.rounds import HostsRound
from linkedin_pipelines_tests.hosts.scenes import SHORT
from linkedin_pipelines_tests.hosts.stage import SharedPostgres

NOT_HERE = why_not_here()
pytestmark = pytest.mark.skipif(NOT_HERE is not None, reason=str(NOT_HERE))


@pytest.fixture
def hosts() -> Iterator[tuple[SharedPostgres, Network]]:
    with two_hosts() as network:
        postgres = SharedPostgres(network)
        try:
            yield postgres, network
        finally:
            postgres.stop()


@pytest.mark.timeout(900)
def test_a_host_cut_off_around_its_click_and_another_one_send_once(hosts: tuple[SharedPostgres, Network]) -> None:
    played = HostsRound(0, "short", *hosts).play_scene(SHORT)
    assert played.wrong == [], played.folder
    assert played.kills.total() == 1, "the run never came to the click"
    assert played.books.deliveries == 3, "the campaign did not go on"
