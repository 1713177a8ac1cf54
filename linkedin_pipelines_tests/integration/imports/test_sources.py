"""Address books and calendars of a real CardDAV and CalDAV server, which is Radicale."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.importers import dav
from linkedin_pipelines.importers.dav import SourceUnreadableError
from linkedin_pipelines.runtime.listening import port_of, reserve
from linkedin_pipelines.services.contacts import sources
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.imports.importing import NOW, birthdays, imported
from linkedin_pipelines_tests.member_files import CONNECTIONS, DATA, connection, table, written

ADA = connection("Ada Moss", "ada-moss")
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART;VALUE=DATE:19850415\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Ada Moss's birthday\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@dataclass(frozen=True)
class Server:
    """A server with one user, `ada`, whose password is `secret`."""

    url: str
    folder: Path

    def database(self, collection: str, kind: str, items: dict[str, str]) -> str:
        """Make a collection and put items into it, as another program would; its address."""
        with httpx.Client(auth=("ada", "secret"), trust_env=False) as client:
            url = f"{self.url}/ada/{collection}/"
            what = {"book": "<c:addressbook/>", "calendar": "<c:calendar/>"}[kind]
            name = {"book": "urn:ietf:params:xml:ns:carddav", "calendar": "urn:ietf:params:xml:ns:caldav"}[kind]
            body = (
                f'<d:mkcol xmlns:d="DAV:" xmlns:c="{name}"><d:set><d:prop><d:resourcetype><d:collection/>{what}'
                "</d:resourcetype></d:prop></d:set></d:mkcol>"
            )
            assert client.request("MKCOL", url, content=body).status_code == 201
            for item, content in items.items():
                answer = client.put(url + item, content=content.encode())
                assert answer.status_code == 201, (item, answer.text)
        return url

    def everything(self) -> dict[str, bytes]:
        """All that the server keeps of its collections."""
        kept = [path for path in self.folder.rglob("*") if path.is_file() and ".Radicale" not in str(path)]
        return {str(path): path.read_bytes() for path in kept}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "radicale"
    folder.mkdir()
    (folder / "users").write_text("ada:secret\n")
    with ExitStack() as stack:
        port = port_of(stack.enter_context(reserve("127.0.0.1", 0)))
        command = [
            *(sys.executable, "-m", "radicale", "--server-hosts", f"127.0.0.1:{port}", "--auth-type", "htpasswd"),
            *("--auth-htpasswd-filename", str(folder / "users"), "--auth-htpasswd-encryption", "plain"),
            *("--auth-delay", "0", "--storage-filesystem-folder", str(folder / "data"), "--logging-level", "info"),
        ]
        process = stack.enter_context(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        assert process.stderr is not None
        assert any("server ready" in line for line in process.stderr), "Radicale did not start"
        draining = threading.Thread(target=process.stderr.read)  # a full pipe would stop the server
        draining.start()
        try:
            yield Server(f"http://127.0.0.1:{port}", folder / "data")
        finally:
            process.terminate()
            draining.join()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({}, home=tmp_path / "home")


def _cards() -> list[str]:
    whole = (DATA / "contacts.vcf").read_text("utf-8").replace("\r\n", "\n").replace("\n", "\r\n")
    return [card + "END:VCARD\r\n" for card in whole.split("END:VCARD\r\n")][:-1]


def test_a_server_gives_the_same_birthdays_as_the_file_export_of_the_same_cards(
    sqlite: Database, server: Server, settings: Settings, tmp_path: Path
) -> None:
    an_account(sqlite)
    clock = ManualClock(NOW)
    archives = sorted(DATA.glob("*.zip"))
    cards = {
        f"{number}.vcf": card.replace("BEGIN:VCARD\r\n", f"BEGIN:VCARD\r\nUID:card-{number}\r\n")
        for number, card in enumerate(_cards())
        if "FN" in card and "UID" not in card and "VERSION:2.1" not in card
    }
    assert len(cards) > 100
    by_file = Database(f"sqlite:///{tmp_path / 'by-file.db'}")
    by_file.upgrade()
    an_account(by_file)
    imported(by_file, *archives, written(tmp_path / "book.vcf", "".join(cards.values())))
    imported(sqlite, *archives)
    assert birthdays(sqlite) == {}

    server.database("friends", "book", cards)
    found = sources.add_source(sqlite, settings, clock, "demo", "home", server.url, "ada", "secret")
    assert [collection.kind for collection in found] == [FileKind.VCARD]
    before = server.everything()
    report, *_ = sources.sync(sqlite, settings, clock, "demo")
    assert report.failure is None
    assert birthdays(sqlite) == birthdays(by_file)
    assert len(birthdays(sqlite)) > 50
    assert server.everything() == before

    again, *_ = sources.sync(sqlite, settings, clock, "demo")
    assert [file.outcome for file in again.files] == ["already_imported"]
    by_file.dispose()


def test_calendars_are_read_and_the_password_is_sealed(
    database: Database, server: Server, settings: Settings, tmp_path: Path
) -> None:
    an_account(database)
    clock = ManualClock(NOW)
    imported(database, written(tmp_path / "Connections.csv", table(CONNECTIONS, ADA)))
    url = server.database("days", "calendar", {"1.ics": CALENDAR})
    sources.add_source(database, settings, clock, "demo", "days", url, "ada", "secret")
    with database.reading() as session:
        stored = session.execute(text("SELECT * FROM sources")).one()
    assert "secret" not in repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in stored])
    sources.sync(database, settings, clock, "demo")
    assert birthdays(database) == {"ada-moss": [4, 15, 1985]}
    (kept,) = sources.list_sources(database, "demo")
    assert (kept.synced_at, kept.failure) == (NOW, None)
    sources.remove_source(database, "demo", "days")
    assert sources.list_sources(database, "demo") == []
    assert birthdays(database) == {"ada-moss": [4, 15, 1985]}


def test_a_source_that_cannot_be_read_says_why_and_holds_up_no_other(
    sqlite: Database, server: Server, settings: Settings, tmp_path: Path
) -> None:
    an_account(sqlite)
    clock = ManualClock(NOW)
    imported(sqlite, written(tmp_path / "Connections.csv", table(CONNECTIONS, ADA)))
    url = server.database("days", "calendar", {"1.ics": CALENDAR})
    with pytest.raises(SourceUnreadableError, match="user or password"):
        sources.add_source(sqlite, settings, clock, "demo", "days", url, "ada", "wrong")
    gone = server.database("a-gone", "calendar", {"1.ics": CALENDAR})
    for name, address in (("a-gone", gone), ("days", url)):
        sources.add_source(sqlite, settings, clock, "demo", name, address, "ada", "secret")
    httpx.delete(gone, auth=("ada", "secret"), trust_env=False)
    failed, read = sources.sync(sqlite, settings, clock, "demo")
    assert "a-gone" in (failed.failure or "")
    assert read.failure is None
    assert birthdays(sqlite) == {"ada-moss": [4, 15, 1985]}
    assert [source.synced_at for source in sources.list_sources(sqlite, "demo")] == [None, NOW]


@pytest.mark.parametrize(
    ("url", "fact"),
    [
        ("http://dav.example.org/", "without encryption"),
        ("https://ada:secret@dav.example.org/", "holds credentials"),
        ("file:///etc/passwd", "no web address"),
        ("http://127.0.0.1:1/", "cannot be reached"),
    ],
)
def test_an_address_that_would_give_the_password_away_is_refused(url: str, fact: str) -> None:
    with pytest.raises(SourceUnreadableError, match=fact) as caught, dav.DavReader(url, "ada", "secret") as reader:
        reader.collections()
    assert "secret" not in str(caught.value).replace("//ada:secret@", "")
