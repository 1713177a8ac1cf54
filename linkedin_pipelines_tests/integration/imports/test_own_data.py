"""LinkedIn's Member Data Portability API as it is documented, by a stand-in: the real one was never asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.importers import portability
from linkedin_pipelines.importers.dav import SourceUnreadableError
from linkedin_pipelines.services.contacts import sources
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.imports.importing import NOW, contact, wished_by_hand
from linkedin_pipelines_tests.member_files import connection, sent


class StandIn(BaseHTTPRequestHandler):
    """Two rows a page, with the paging, headers and the 404 without data that are documented."""

    data: ClassVar[dict[str, list[dict[str, str]]]] = {}
    events: ClassVar[list[dict[str, Any]]] = []
    asked: ClassVar[list[str]] = []
    next_link: ClassVar[str] = ""

    def do_GET(self) -> None:
        self.asked.append(self.path)
        parts, query = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
        if self.headers["Authorization"] != "Bearer good" or self.headers["LinkedIn-Version"] != "202312":
            return self._answer(401, {"message": "Invalid access token"})
        if parts.path == "/rest/memberSnapshotData" and query["q"] == ["criteria"]:
            domain, start = query["domain"][0], int(query.get("start", ["0"])[0])
            rows = self.data.get(domain, [])
            if not rows:
                return self._answer(404, {"message": "No data found for this memberId"})
            href = self.next_link or f"/rest/memberSnapshotData?count=10&domain={domain}&q=criteria&start={start + 1}"
            links = [{"type": "application/json", "rel": "next", "href": href}]
            more = 2 * (start + 1) < len(rows)
            element = {"snapshotData": rows[2 * start : 2 * start + 2], "snapshotDomain": domain}
            paging = {"start": start, "count": 10, "links": links if more else [], "total": (len(rows) + 1) // 2}
            return self._answer(200, {"paging": paging, "elements": [element]})
        if parts.path == "/rest/memberChangeLogs" and query["q"] == ["memberAndApplication"]:
            events = [event for event in self.events if event["processedAt"] >= int(query["startTime"][0])]
            return self._answer(200, {"paging": {"start": 0, "count": 50, "links": []}, "elements": events[:50]})
        return self._answer(400, {})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the interface's name
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    StandIn.data = {
        "CONNECTIONS": [connection(f"Jo Doe{number}", f"jo-{number}", company="ACME") for number in range(5)],
        "INBOX": [sent("jo-1"), sent("jo-2", "See you tomorrow")],
    }
    StandIn.events, StandIn.asked, StandIn.next_link = [], [], ""
    with ThreadingHTTPServer(("127.0.0.1", 0), StandIn) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({}, home=tmp_path / "home")


def test_connections_and_messages_come_in_as_from_the_archive(
    sqlite: Database, service: str, settings: Settings
) -> None:
    an_account(sqlite)
    clock = ManualClock(NOW)
    sources.add_own_data(sqlite, settings, clock, "demo", "linkedin", "good", service)
    (report,) = sources.sync(sqlite, settings, clock, "demo")
    assert report.failure is None
    assert [(part.file, part.rows_new) for part in report.files[0].parts] == [
        ("Connections.csv", 5),
        ("messages.csv", 1),
    ]
    assert contact(sqlite, "jo-4").company == "ACME"
    assert contact(sqlite, "jo-4").facts_as_of == NOW.date()
    assert wished_by_hand(sqlite) == {("jo-1", 2026)}
    assert {path.split("domain=")[1].split("&")[0] for path in StandIn.asked if "domain=" in path} == {
        "CONNECTIONS",
        "INBOX",
    }


def test_a_snapshot_is_read_again_once_something_changed_or_a_week_has_passed(
    sqlite: Database, service: str, settings: Settings
) -> None:
    an_account(sqlite)
    clock = ManualClock(NOW)
    sources.add_own_data(sqlite, settings, clock, "demo", "linkedin", "good", service)
    sources.sync(sqlite, settings, clock, "demo")
    StandIn.data["CONNECTIONS"].append(connection("New One", "new-one"))
    clock.advance(timedelta(days=1))
    (unchanged,) = sources.sync(sqlite, settings, clock, "demo")
    assert (unchanged.files, unchanged.notes) == ((), ("LinkedIn logged no change since the last snapshot",))
    at = int(clock.now().timestamp() * 1000)
    StandIn.events = [
        {"id": number, "resourceName": "messages", "method": "CREATE", "processedAt": at + number, "activity": {}}
        for number in range(120)
    ]
    (changed,) = sources.sync(sqlite, settings, clock, "demo")
    assert changed.notes == ("120 changes of messages since the last time",)
    assert contact(sqlite, "new-one").full_name == "New One"
    StandIn.events = []
    StandIn.data["CONNECTIONS"].append(connection("Other One", "other-one"))
    clock.advance(timedelta(days=8))
    sources.sync(sqlite, settings, clock, "demo")
    assert contact(sqlite, "other-one").full_name == "Other One"


def test_a_token_that_is_not_accepted_is_not_kept(sqlite: Database, service: str, settings: Settings) -> None:
    an_account(sqlite)
    with pytest.raises(SourceUnreadableError, match="the token is not accepted"):
        sources.add_own_data(sqlite, settings, ManualClock(NOW), "demo", "linkedin", "bad", service)
    assert sources.list_sources(sqlite, "demo") == []


@pytest.mark.parametrize(
    "url",
    [
        "https://api.linkedin.com.example.org",
        "https://linkedin.example.org",
        "http://api.linkedin.com",
        "https://api.linkedin.com:8443",
        "https://me@api.linkedin.com",
        "http://10.0.0.1",
        "http://localhost.example.org",
    ],
)
def test_the_token_goes_to_linkedin_alone(url: str) -> None:
    with pytest.raises(SourceUnreadableError, match=r"the token is for https://api\.linkedin\.com alone"):
        portability.PortabilityReader(url, "good")
    assert portability.check_base("https://api.linkedin.com/rest") == portability.OFFICIAL


def test_a_page_that_leads_elsewhere_is_not_followed(service: str) -> None:
    StandIn.next_link = "https://elsewhere.example.org/rest/memberSnapshotData"
    with (
        portability.PortabilityReader(service, "good") as reader,
        pytest.raises(SourceUnreadableError, match="the token is for"),
    ):
        list(reader.snapshot("CONNECTIONS"))
