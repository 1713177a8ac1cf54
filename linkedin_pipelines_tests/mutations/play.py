"""Playing a seed: the real browser, the real pages of the sandbox, and the sandbox's own record as the judge."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from time import monotonic
from typing import Any

import httpx

from linkedin_pipelines.browser.launch import running_chromium
from linkedin_pipelines.browser.session import SignedInBrowser, signed_in
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.messaging import Composer, Recipient
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.domain.threads import same_text
from linkedin_pipelines.errors import LinkedInPipelinesError, SiteError
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.world import urn_of
from linkedin_pipelines.services.actions.attempts import outcome_of
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.stage import JANE, world
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.mutations.cases import Case, case
from linkedin_pipelines_tests.site_control import control, storage_state

SHORT = Timeouts(
    navigation=8_000, element=900, action=2_000, thread=1_200, rest=80, empty_rest=150, proof=1_200, proof_stays=180,
    poll=50, closing=1_500, draft=50,
)  # fmt: skip
"""The sandbox's latencies are as much shorter here than the real site's; a busy machine takes longer for each look."""
HARMLESS = frozenset({"world", "visit", "answer", "delivery"})


@dataclass(frozen=True)
class Played:
    """What the program said of one seed, and what was wrong with it; empty if nothing was."""

    seed: int
    kind: str
    said: str
    why: str
    delivered: bool
    wrong: str
    seconds: float

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Played:
        return cls(**json.loads(line))


class Stage:
    """One browser before one sandbox, whose world is another for each seed."""

    def __init__(
        self, server: SandboxServer, client: httpx.Client, browser: SignedInBrowser, clock: ManualClock
    ) -> None:
        self._server = server
        self._client = client
        self._browser = browser
        self._clock = clock

    def play(self, seed: int) -> Played:
        """Send the seed's message and judge."""
        asked, begun = case(seed), monotonic()
        self._prepare(asked)
        mark = len(self._server.site.record.entries)
        try:
            said, why = self._send(asked)
        except Exception as error:  # noqa: BLE001 - the finding of this seed; the others are played all the same
            said, why = "error", f"{type(error).__name__}: {error}"
        self._browser.page.goto("about:blank")
        entries = self._server.site.record.entries[mark:]
        delivered = any(entry["kind"] == "delivery" for entry in entries)
        wrong = _wrong(asked, said, why, entries)
        return Played(seed, asked.kind, said, why, delivered, wrong, monotonic() - begun)

    def _prepare(self, asked: Case) -> None:
        self._client.post("world", content=asked.world.model_dump_json()).raise_for_status()
        self._client.delete("faults").raise_for_status()
        if asked.fault:
            # the composer's own content comes after the profile's and the overlay's
            more = {"skip": 2, "path": "/voyager/api/messaging"} if asked.fault == "fragment_fails" else {}
            self._client.post("faults", json={"fault": asked.fault, **more}).raise_for_status()
        self._clock.advance(seconds=1)

    def _send(self, asked: Case) -> tuple[str, str]:
        """The steps of `services.sending` without its ledger: what it would settle, and why."""
        composer: Composer | None = None
        clicked = False
        try:
            number = urn_of(JANE) if asked.number_known else None
            composer = self._browser.messenger().open(Recipient(7, JANE, "Jane Doe", number))
            before = composer.events(date(2026, 1, 1))
            if not same_text(composer.write(asked.text), asked.text):
                return InteractionStatus.FAILED, "text mismatch"
            composer.click_send()
            clicked = True
            if composer.proof(asked.text, before) is None:
                return InteractionStatus.IN_DOUBT, "unproven"
        except SiteError as error:
            status = InteractionStatus.IN_DOUBT if clicked else InteractionStatus.FAILED
            return status, f"{outcome_of(error, status).reason}: {error}"
        else:
            return InteractionStatus.SENT, ""
        finally:
            if composer is not None:
                _close(composer)


def _close(composer: Composer) -> None:
    try:
        composer.close()
    except LinkedInPipelinesError:
        return  # as in sending: whatever is left open is closed before the next message


def _wrong(asked: Case, said: str, why: str, entries: list[dict[str, Any]]) -> str:
    """The first promise that was broken."""
    deliveries = [(e["recipient"], e["text"]) for e in entries if e["kind"] == "delivery"]
    others = sorted({e["kind"] for e in entries} - HARMLESS)
    broken = (
        (others, f"did something else: {others}"),
        (said == "error", f"fell over: {why}"),
        (any(recipient != JANE for recipient, _ in deliveries), f"wrong person: {deliveries}, said {said}"),
        (any(text != asked.text.strip() for _, text in deliveries), f"wrong text: {deliveries}, said {said}"),
        (len(deliveries) > 1, f"delivered {len(deliveries)} times"),
        (said == InteractionStatus.SENT and not deliveries, "said sent, nothing was delivered"),
        (said == InteractionStatus.FAILED and deliveries, f"said failed ({why}), but it was delivered"),
    )
    return next((what for is_so, what in broken if is_so), "")


def play_all(seeds: Sequence[int]) -> Iterator[Played]:
    """Play these one after the other, in one browser and before one sandbox."""
    with tempfile.TemporaryDirectory(prefix="mutations-") as home:
        settings = Settings.from_environment({"LINKEDIN_HOME": home})
        with (
            running_chromium(settings) as chromium,
            SandboxServer(world()) as server,
            control(server.url) as client,
        ):
            state = storage_state(server.url)
            account = AccountConfig(
                slug="demo", display_name="Demo", profile_url=f"{server.url}/in/demo-member", base_url=server.url,
                timezone="UTC",
            )  # fmt: skip
            clock = ManualClock()
            with signed_in(chromium, settings, account, state, clock=clock, timeouts=SHORT) as browser:
                here = Stage(server, client, browser, clock)
                yield from map(here.play, seeds)


def reason(played: Played) -> str:
    """The refusal's sentence without what differs from page to page."""
    return re.sub(r"\d+", "N", played.why)[:110]
