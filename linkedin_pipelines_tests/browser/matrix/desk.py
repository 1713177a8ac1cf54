"""Where a case of the matrix takes place: one Chromium, one site whose world is switched in place, one ledger.

Each case sends through the product's own protocol: claim, open, compare, write, click, prove, settle. What reached
whom is told by the site's record alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser
from sqlalchemy import select

from linkedin_pipelines.browser.session import SignedInBrowser, signed_in
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.errors import PageUnreadableError
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.world import World
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.actions.doubts import settle_doubts
from linkedin_pipelines.services.actions.executor import Executor
from linkedin_pipelines.services.actions.lease_keeper import LeaseKeeper, held_lease
from linkedin_pipelines.services.actions.site_session import SiteSession
from linkedin_pipelines.services.birthdays.wishes import BirthdayWish
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.matrix.traps import PATIENT, WISH_OF_LAST_YEAR, Case
from linkedin_pipelines_tests.browser.stage import TODAY, world
from linkedin_pipelines_tests.builders import a_contact, account_config, an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.site_control import control, storage_state

MEMBER = "demo"
UNCLAIMED = "unclaimed"
"""The ledger refused the claim, so no page was opened and no row made."""
_ELSE = ("invitations", "withdrawals", "follows", "shares", "conduct")
"""What else the site records; none of it belongs to sending a wish."""


@dataclass(frozen=True)
class Told:
    """What the product says of a case, beside what the site's record says."""

    end: str
    """As the traps name their ends."""
    status: str
    """Of the ledger's row, before anything was settled; `UNCLAIMED` where there is none."""
    settled: str
    """Of the same row at last."""
    why: str
    """The sentence of a refusal; empty where there is none."""
    screenshots: int
    delivered: list[tuple[str, str]]
    """Who received what in this case."""
    else_done: list[dict[str, Any]]


class Desk:
    """A site, a ledger, and a browser for each way of waiting."""

    def __init__(self, chromium: Browser, settings: Settings, database: Database, stack: ExitStack) -> None:
        self._chromium = chromium
        self._settings = settings
        self._database = database
        self._stack = stack
        self._clock = ManualClock()
        self._server = stack.enter_context(SandboxServer(world()))
        self._http = stack.enter_context(control(self._server.url))
        self._browsers: dict[Timeouts, SignedInBrowser] = {}

    def play(self, case: Case) -> Told:
        """Furnish the site for the case, send its wish, and settle what is left in doubt."""
        trap = case.trap
        browser = self._browser(case.waits)
        self._furnish(case)
        self._sign_in(browser)
        before = {name: len(self._record(name)) for name in ("deliveries", *_ELSE)}
        if trap.verified:
            browser.verify()
        if trap.before:
            # In a language without words that page may be refused too; the browser has been on it all the same.
            with nullcontext() if case.readable else suppress(PageUnreadableError):
                browser.messenger().open(Recipient(1, trap.before, "whoever")).close()
        for fault in trap.faults:
            self._http.post("faults", json=fault).raise_for_status()
        account = self._account(case)
        with held_lease(self._database, self._clock, account, case.name) as keeper:
            delivery = self._send(case, account, keeper, browser)
            status, end = self._status(case, account), self._end(account, delivery)
            if status == InteractionStatus.IN_DOUBT:
                browser.page.goto("about:blank")  # what the page is still at ends with it
                self._settle(case, account, keeper)
        return Told(
            end=end,
            status=status,
            settled=self._status(case, account),
            why=delivery.explanation or "",
            screenshots=sum((self._settings.evidence / path).is_file() for path in delivery.evidence.screenshots),
            delivered=[(new["recipient"], new["text"]) for new in self._record("deliveries")[before["deliveries"] :]],
            else_done=[each for name in _ELSE for each in self._record(name)[before[name] :]],
        )

    def _furnish(self, case: Case) -> None:
        trap = case.trap
        interface = {"latency_ms": (0, 20), "event_delay_ms": (0, 60), **trap.interface}
        jane = dict(trap.jane)
        if "thread" in jane:
            jane["thread"] = tuple(
                event.model_copy(update={"text": event.text.replace(WISH_OF_LAST_YEAR, case.body)})
                for event in jane["thread"]
            )
        made: World = world(
            {"generation": case.generation, "language": case.language, **interface},
            jane=jane,
            open_bubbles=trap.open_bubbles,
            people=trap.people,
        )
        self._http.delete("faults").raise_for_status()
        self._http.post("world", content=made.model_dump_json()).raise_for_status()

    def _browser(self, waits: Timeouts) -> SignedInBrowser:
        if waits not in self._browsers:
            state = storage_state(self._server.url, MEMBER)
            self._browsers[waits] = self._stack.enter_context(
                signed_in(
                    self._chromium, self._settings, self._config(MEMBER), state, clock=self._clock, timeouts=waits
                )
            )
        return self._browsers[waits]

    def _sign_in(self, browser: SignedInBrowser) -> None:
        """Give the browser the session of this world: a case before may have taken it away."""
        context = browser.page.context
        context.clear_cookies()
        context.add_cookies(self._http.get(f"storage-state?account={MEMBER}").json()["cookies"])

    def _config(self, slug: str) -> AccountConfig:
        return account_config(slug, **self._address())

    def _address(self) -> Mapping[str, Any]:
        return {
            "profile_url": f"{self._server.url}/in/demo-member",
            "base_url": self._server.url,
            "timezone": "UTC",
        }

    def _account(self, case: Case) -> int:
        """An account of the ledger for this case alone, so that no limit of an earlier one is in the way."""
        return an_account(self._database, self._slug(case), **self._address())

    @staticmethod
    def _slug(case: Case) -> str:
        return case.name.replace("_", "-")

    def _send(self, case: Case, account: int, keeper: LeaseKeeper, browser: SignedInBrowser) -> Outcome:
        contact = a_contact(self._database, account, case.trap.to)
        request = ledger.ClaimRequest(
            account_id=account,
            contact_id=contact,
            kind=InteractionKind.BIRTHDAY_MESSAGE,
            occasion_key=str(TODAY.year),
            occurrence_year=TODAY.year,
            list_date=TODAY,
            run_id=case.name,
            body=case.body,
            template="matrix",
        )
        wish = BirthdayWish(request, Recipient(contact, case.trap.to, "Jane Doe"), TODAY, ZoneInfo("UTC"), TODAY)
        keeper.renew()
        return Executor(self._session(case, keeper, browser), live=True).carry_out(wish)

    def _session(self, case: Case, keeper: LeaseKeeper, browser: SignedInBrowser) -> SiteSession:
        account = get_account(self._database, self._slug(case))
        return SiteSession(
            self._database,
            self._settings,
            self._clock,
            account,
            case.name,
            keeper,
            ExitStack(),
            lambda *_: nullcontext(browser),
        )

    def _settle(self, case: Case, account: int, keeper: LeaseKeeper) -> None:
        """Read the thread as a later run does, once whatever went wrong is over and the member has resumed."""
        self._http.delete("faults").raise_for_status()
        with self._database.writing() as session:
            breakers.resume(session, account, self._clock.now(), "looked at", "matrix")
        patient = self._browser(PATIENT)
        settle_doubts(self._session(case, keeper, patient))

    def _end(self, account: int, delivery: Outcome) -> str:
        with self._database.reading() as session:
            sign = breakers.get(session, account).stop_sign
        if delivery.reason is Reason.STOP_SIGN:
            return f"stop:{sign}"
        return str(delivery.reason or delivery.status)

    def _status(self, case: Case, account: int) -> str:
        of_case = (
            Interaction.account_id == account,
            Interaction.run_id == case.name,
            Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
        )
        with self._database.reading() as session:
            row = session.scalars(select(Interaction).where(*of_case)).one_or_none()
            return str(row.status) if row else UNCLAIMED

    def _record(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._http.get(name).json()
        return found


@contextmanager
def open_desk(chromium: Browser, settings: Settings, database: Database) -> Iterator[Desk]:
    """A desk, and nothing left of it afterwards."""
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, settings.evidence, ignore_errors=True)
        yield Desk(chromium, settings, database, stack)
