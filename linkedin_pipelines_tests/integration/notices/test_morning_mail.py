"""The morning mail, received by a real mail server, and its link, opened in Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Page

from linkedin_pipelines.browser.launch import running_chromium
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.services.birthdays.approvals import approved_messages, latest_approval
from linkedin_pipelines.services.birthdays.lists import build_list, read_list
from linkedin_pipelines.services.notices.morning import send_morning_mails
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server.app import create_app
from linkedin_pipelines_tests.builders import LONG_AGO, a_contact, an_account, edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.lists.building import TODAY
from linkedin_pipelines_tests.integration.lists.ledger_rows import attempt
from linkedin_pipelines_tests.integration.status_server.listening import listening
from linkedin_pipelines_tests.mailbox import Mailbox, receiving

MEMBER = "member@example.org"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with running_chromium(Settings.from_environment({})) as browser:
        yield browser.new_context().new_page()


@dataclass
class Desk:
    """One account that wants the mail, a mail server, and the status server that its links lead to."""

    database: Database
    settings: Settings
    clock: ManualClock
    mailbox: Mailbox
    account: int

    def mailed(self) -> str:
        """The text of the mail that is sent now; there must be exactly one."""
        self.mailbox.mails.clear()
        assert send_morning_mails(self.database, self.settings, self.clock) == ["demo"]
        [mail] = self.mailbox.mails
        assert mail["To"] == MEMBER
        return str(mail.get_content()).replace("\r\n", "\n")

    def link(self) -> str:
        [link] = re.findall(r"http://\S+/approve/\S+", self.mailed())
        return str(link)

    @property
    def approved(self) -> bool:
        return latest_approval(self.database, "demo", TODAY) is not None


@pytest.fixture
def desk(sqlite: Database, settings: Settings, clock: ManualClock) -> Iterator[Desk]:
    account = an_account(sqlite, approval="manual", notices={"email": MEMBER, "morning_mail": True})
    a_contact(sqlite, account, "anna-arendt", full_name="Anna <b>Arendt</b>")
    a_contact(sqlite, account, "quiet-quinn", do_not_contact_since=LONG_AGO, do_not_contact_reason="asked to")
    a_contact(sqlite, account, "tom-tomorrow", birth_day=19)
    build_list(sqlite, clock, "demo", TODAY, "run-1")
    with receiving() as mailbox, listening(create_app(settings, sqlite, clock)) as url:
        environment = {
            "LINKEDIN_HOME": str(settings.home),
            "LINKEDIN_DATABASE_URL": sqlite.url,
            "LINKEDIN_SMTP_URL": mailbox.url,
            "LINKEDIN_STATUS_URL": url,
        }
        yield Desk(sqlite, Settings.from_environment(environment), clock, mailbox, account)


def text_of(desk: Desk) -> str:
    view = read_list(desk.database, "demo", TODAY)
    assert view is not None
    [body] = [entry.body for entry in view.entries if entry.outcome is EntryOutcome.PLANNED]
    assert body
    return body


def press(page: Page) -> None:
    page.get_by_role("button", name="Approve these 1 messages").click()


def test_the_mail_says_who_what_why_and_what_is_left(desk: Desk) -> None:
    last = LONG_AGO.replace(month=3, day=18)
    old = {"occurrence_year": 2025, "list_date": last.date(), "local_day": last.date()}
    attempt(desk.database, desk.account, 1, claimed_at=last, settled_at=last, sent_at=last, **old)
    text = desk.mailed()
    for part in (
        "To be wished today: 1\n  Anna <b>Arendt</b> (last message 2025-03-18)\n    " + text_of(desk),
        "Left out or waiting, and why\n  Quiet Quinn: ",
        "Tomorrow, Thursday 19 March\n  Tom Tomorrow",
        "Waits for you\n",
        "Left of the limits\n  birthday message: 0 of 15 spent today",
    ):
        assert part in text
    assert send_morning_mails(desk.database, desk.settings, desk.clock) == []  # once a day


def test_it_is_off_by_default_and_waits_for_the_list_and_the_hours(desk: Desk) -> None:
    edit_account(desk.database, desk.account, notices={"email": MEMBER})
    assert send_morning_mails(desk.database, desk.settings, desk.clock) == []
    edit_account(desk.database, desk.account, notices={"email": MEMBER, "morning_mail": True}, hours="11:00-12:00")
    assert send_morning_mails(desk.database, desk.settings, desk.clock) == []
    edit_account(desk.database, desk.account, hours="00:00-24:00")
    desk.clock.advance(timedelta(days=1))
    assert send_morning_mails(desk.database, desk.settings, desk.clock) == []
    assert desk.mailbox.mails == []


def test_looking_approves_nothing_the_button_approves_and_a_second_time_refuses(desk: Desk, page: Page) -> None:
    link = desk.link()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(link)
    page.reload()
    assert page.get_by_role("listitem").first.inner_text().startswith("Anna <b>Arendt</b>")  # escaped
    assert text_of(desk) in page.get_by_role("blockquote").inner_text()
    assert "Quiet Quinn" in page.get_by_role("main").inner_text()
    assert page.evaluate("getComputedStyle(document.querySelector('blockquote')).whiteSpace") == "pre-wrap"
    assert not desk.approved
    press(page)
    assert page.get_by_role("status").inner_text() == f"1 message for {TODAY}, account demo."
    [message] = approved_messages(desk.database, "demo", TODAY).messages
    assert message.body == text_of(desk)
    approval = latest_approval(desk.database, "demo", TODAY)
    assert approval is not None
    assert (approval.approved_by, approval.run_id, approval.covers_list) == ("member", "link:1", True)
    page.goto(link)
    assert "it works once" in page.get_by_role("status").inner_text()
    assert httpx.post(link, headers={"Origin": link.split("/approve")[0]}).status_code == 409
    assert [each for each in errors if "409" not in each] == []


def test_a_list_that_changed_is_refused_and_so_is_a_text_that_changed_behind_the_page(desk: Desk, page: Page) -> None:
    link = desk.link()
    page.goto(link)
    a_contact(desk.database, desk.account, "new-nina")
    build_list(desk.database, desk.clock, "demo", TODAY, "run-2")
    press(page)
    assert "has changed since this link was made" in page.get_by_role("status").inner_text()
    page.goto(link)
    assert "has changed since this link was made" in page.get_by_role("status").inner_text()
    assert not desk.approved


def test_a_link_ends_with_its_day_and_others_are_unknown(desk: Desk) -> None:
    link = desk.link()
    own = {"Origin": link.split("/approve")[0]}
    number, signature = link.rsplit("/", 1)[1].split(".")
    for forged in (f"{number}.{'0' * len(signature)}", f"9.{signature}", number, "x.y", "\u0661.1"):
        assert httpx.get(f"{own['Origin']}/approve/{forged}").status_code == 404
        assert httpx.post(f"{own['Origin']}/approve/{forged}", headers=own).status_code == 404
    desk.clock.advance(timedelta(hours=14))  # midnight in Paris
    assert (httpx.get(link).status_code, httpx.post(link, headers=own).status_code) == (410, 410)
    assert not desk.approved


def test_only_the_page_itself_may_send_the_approval(desk: Desk, page: Page) -> None:
    """A mail is HTML as well: a form in it, or on another site, must not approve."""
    link = desk.link()
    own = link.split("/approve")[0]
    wrong: list[dict[str, str]] = [
        {},
        {"Origin": "null"},
        {"Origin": "https://mail.example.org"},
        {"Origin": own, "Sec-Fetch-Site": "cross-site"},
    ]
    for headers in wrong:
        assert httpx.post(link, headers=headers).status_code == 403, headers
    page.goto("about:blank")
    page.set_content(f'<form method="post" action="{link}"><button>Win a prize</button></form>')
    page.get_by_role("button").click()
    page.wait_for_url("**/approve/**")
    assert "did not come from the page" in page.get_by_role("status").inner_text()
    assert httpx.head(link).status_code == 405
    answer = httpx.get(link)
    assert (answer.headers["referrer-policy"], answer.headers["x-frame-options"]) == ("same-origin", "DENY")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert not desk.approved
