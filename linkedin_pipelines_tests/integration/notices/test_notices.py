"""Notices: told once to a person who can do something, by a mail server and a webhook that are really there."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from linkedin_pipelines.cli.context import CliContext
from linkedin_pipelines.cli.notices import command
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import NoticeNotSentError
from linkedin_pipelines.services.accounts.registry import resume
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.services.notices.causes import causes
from linkedin_pipelines.services.notices.channels import channels_of
from linkedin_pipelines.services.notices.messages import Message
from linkedin_pipelines.services.notices.telling import Told, tell
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account, contacts, edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.lists.building import TODAY
from linkedin_pipelines_tests.mailbox import Mailbox, own_certificate, posted_to, receiving

MEMBER, OPERATOR = "member@example.org", "operator@example.org"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with receiving() as mailbox:
        yield mailbox


def installed(settings: Settings, database: Database, **more: str) -> Settings:
    """The test's home with a mail server and an operator."""
    given = {"LINKEDIN_HOME": str(settings.home), "LINKEDIN_DATABASE_URL": database.url, **more}
    return Settings.from_environment(given | {"LINKEDIN_NOTICE_EMAIL": OPERATOR})


def probe(database: Database, settings: Settings, clock: ManualClock) -> Told:
    return tell(database, settings, clock, channels_of(settings, clock), causes(database, settings, clock))


def stop(database: Database, clock: ManualClock, account: int) -> None:
    """What the site session does when the site shows a challenge."""
    with database.writing() as session:
        breakers.record_stop_sign(session, account, clock.now(), "challenge", "A challenge.")


def test_a_stop_sign_is_told_once_a_day_and_its_end_once(
    database: Database, settings: Settings, clock: ManualClock, mailbox: Mailbox
) -> None:
    account = an_account(database, notices={"email": MEMBER})
    contacts(database, account, ["anna-arendt", "bert-brecht"])
    build_list(database, clock, "demo", TODAY, "run-1")
    settings = installed(settings, database, LINKEDIN_SMTP_URL=mailbox.url)
    assert probe(database, settings, clock).sent == 1  # the operator's: no backup yet
    assert mailbox.mails.pop()["To"] == OPERATOR

    stop(database, clock, account)
    assert probe(database, settings, clock).sent == 1
    assert probe(database, settings, clock).sent == 0
    [mail] = mailbox.mails
    assert (mail["To"], mail["Subject"]) == (
        MEMBER,
        "[LinkedIn Pipelines] demo: the site told the account to stop",
    )
    text = mail.get_content().replace("\r\n", "\n")
    for part in ("What stopped", "What was not sent\n  2 wishes of today", "What to do", "accounts resume demo"):
        assert part in text
    assert "Anna" not in text

    clock.advance(timedelta(hours=24))
    probe(database, settings, clock)
    assert len([each for each in mailbox.mails if each["To"] == MEMBER]) == 2
    assert len({each["Message-ID"] for each in mailbox.mails}) == len(mailbox.mails)

    resume(database, clock, "demo", "looked at it", "test")
    mailbox.mails.clear()
    probe(database, settings, clock)
    clock.advance(timedelta(minutes=5))
    probe(database, settings, clock)
    assert mailbox.subjects == []  # it may come back
    clock.advance(timedelta(minutes=11))
    probe(database, settings, clock)
    probe(database, settings, clock)
    assert mailbox.subjects == ["[LinkedIn Pipelines] demo: over: the site told the account to stop"]


def test_what_comes_back_within_minutes_is_the_same_notice(
    sqlite: Database, settings: Settings, clock: ManualClock, mailbox: Mailbox
) -> None:
    account = an_account(sqlite, notices={"email": MEMBER}, columns={"created_at": clock.now()})
    settings = installed(settings, sqlite, LINKEDIN_SMTP_URL=mailbox.url)
    for _ in range(3):
        stop(sqlite, clock, account)
        probe(sqlite, settings, clock)
        resume(sqlite, clock, "demo", "looked at it", "test")
        probe(sqlite, settings, clock)
        clock.advance(timedelta(minutes=2))
    assert len(mailbox.mails) == 1


def test_two_daemons_tell_it_once(database: Database, settings: Settings, clock: ManualClock, mailbox: Mailbox) -> None:
    stop(database, clock, an_account(database, notices={"email": MEMBER}, columns={"created_at": clock.now()}))
    settings = installed(settings, database, LINKEDIN_SMTP_URL=mailbox.url)
    ready = threading.Barrier(4)
    sent: list[int] = []

    def daemon() -> None:
        own = Database(database.url)
        ready.wait()
        sent.append(probe(own, settings, clock).sent)
        own.dispose()

    threads = [threading.Thread(target=daemon) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(sent), len(mailbox.mails)) == (1, 1)


def test_a_message_that_was_not_taken_is_tried_again_and_later_each_time(
    sqlite: Database, settings: Settings, clock: ManualClock, mailbox: Mailbox
) -> None:
    stop(sqlite, clock, an_account(sqlite, notices={"email": MEMBER}, columns={"created_at": clock.now()}))
    settings = installed(settings, sqlite, LINKEDIN_SMTP_URL=mailbox.url)
    mailbox.full = True
    [why] = probe(sqlite, settings, clock).failures
    assert why == "the mail server 127.0.0.1 did not take it: SMTPDataError 452"
    assert probe(sqlite, settings, clock).failures == ()  # not due yet
    clock.advance(timedelta(minutes=5))
    assert len(probe(sqlite, settings, clock).failures) == 1
    clock.advance(timedelta(minutes=5))
    mailbox.full = False
    assert probe(sqlite, settings, clock).sent == 0
    clock.advance(timedelta(minutes=5))
    assert probe(sqlite, settings, clock).sent == 1
    assert len(mailbox.mails) == 1


def test_wishes_that_were_approved_and_not_sent_are_told_when_the_hours_are_over(
    sqlite: Database, settings: Settings, clock: ManualClock, mailbox: Mailbox
) -> None:
    columns = {"created_at": clock.now()}
    account = an_account(sqlite, notices={"email": MEMBER}, hours="07:00-19:00", approval="manual", columns=columns)
    contacts(sqlite, account, ["anna-arendt"])
    build_list(sqlite, clock, "demo", TODAY, "run-1")
    settings = installed(settings, sqlite, LINKEDIN_SMTP_URL=mailbox.url)
    assert probe(sqlite, settings, clock).lasting == ()
    clock.advance(timedelta(hours=9))  # 19:00 in Paris
    probe(sqlite, settings, clock)
    assert "Today's list was not approved." in mailbox.mails[-1].get_content()
    approve(sqlite, clock, "demo", TODAY, "member", "run-2")
    [cause] = causes(sqlite, settings, clock)
    assert "the hours ended before it was sent" in cause.stopped
    edit_account(sqlite, account, mode="rehearsal")
    assert causes(sqlite, settings, clock) == []


def test_a_webhook_and_apprise_are_told_the_facts_without_names(
    sqlite: Database, settings: Settings, clock: ManualClock
) -> None:
    stop(sqlite, clock, an_account(sqlite, columns={"created_at": clock.now()}))
    with posted_to() as (hook, bodies), posted_to() as (other, of_apprise):
        more = {
            "LINKEDIN_NOTICE_WEBHOOK": hook,
            "LINKEDIN_NOTICE_APPRISE": other.replace("http://", "json://"),
        }
        assert probe(sqlite, installed(settings, sqlite, **more), clock).sent == 2
    [body] = bodies
    assert (body["account"], body["cause"], body["state"]) == ("demo", "stop_sign:challenge", "lasts")
    assert of_apprise[0]["title"] == body["title"]


def test_a_password_is_given_to_a_server_with_a_right_certificate_alone(
    settings: Settings, sqlite: Database, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered, certificate = own_certificate(tmp_path)
    with receiving(tls_context=offered, require_starttls=True, auth_required=True) as mailbox:
        address = mailbox.url.replace("smtp://", "smtp://me%40example.org:pass%20word@")
        [channel] = channels_of(installed(settings, sqlite, LINKEDIN_SMTP_URL=address), clock)
        message = Message("key", "subject", "text", MEMBER)
        with pytest.raises(NoticeNotSentError, match=r"did not take it: .*certificate verify failed") as refused:
            channel.send(message)
        assert "pass" not in str(refused.value)
        assert mailbox.logins == []
        trusted = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(ssl, "create_default_context", lambda: trusted)
        channel.send(message)
        assert mailbox.logins == [(b"me@example.org", b"pass word")]
        assert len(mailbox.mails) == 1


def test_the_command_line_tries_every_channel(settings: Settings, clock: ManualClock, mailbox: Mailbox) -> None:
    database = Database(settings.database_url)
    database.upgrade()
    an_account(database, notices={"email": MEMBER})
    settings = installed(settings, database, LINKEDIN_SMTP_URL=mailbox.url)
    around = CliContext(settings, clock, debug=False)
    done = CliRunner().invoke(command, ["--test"], obj=around)
    assert (done.exit_code, sorted(str(mail["To"]) for mail in mailbox.mails)) == (0, [MEMBER, OPERATOR])
    mailbox.full = True
    clock.advance(timedelta(seconds=1))
    assert CliRunner().invoke(command, ["--test"], obj=around).exit_code == 1
    stop(database, clock, 1)
    probe(database, settings, clock)
    assert "the site told the account to stop" in CliRunner().invoke(command, [], obj=around).output
    database.dispose()
