"""Opening a browser: who is signed in, what it may talk to, what it leaves behind."""

from __future__ import annotations

import stat
from dataclasses import replace

import pytest

from linkedin_pipelines.browser.failures import named_failures
from linkedin_pipelines.browser.launch import ended_after, running_chromium
from linkedin_pipelines.browser.session import open_browser
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.errors import BrowserUnavailableError, PageUnreadableError, SiteUnreachableError, StopSignError
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.world import Person
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.stage import BRISK, PEOPLE, SECOND, world
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.site_control import arm, storage_state


def account_at(url: str, slug: str = "demo-member") -> AccountConfig:
    return AccountConfig(
        slug="demo", display_name="Demo", profile_url=f"{url}/in/{slug}", base_url=url, timezone="Europe/Paris"
    )


@pytest.mark.parametrize("generation", ["sdui", "ember"])
def test_the_accounts_own_member_is_recognised(settings: Settings, clock: ManualClock, generation: str) -> None:
    with (
        SandboxServer(world({"generation": generation})) as server,
        open_browser(settings, account_at(server.url), storage_state(server.url), clock=clock) as browser,
    ):
        assert browser.storage_state()["cookies"]
        learnt = browser.drain_outcomes()
        assert {o.element for o in learnt if o.success} >= {"home_link", "network_link", "name"}
        assert browser.drain_outcomes() == []


@pytest.mark.parametrize("slug", ["jane-doe", SECOND])
def test_another_member_is_a_stop_sign(settings: Settings, clock: ManualClock, slug: str) -> None:
    with (
        pytest.raises(StopSignError) as stopped,
        SandboxServer(world()) as server,
        open_browser(settings, account_at(server.url, slug), storage_state(server.url), clock=clock),
    ):
        pytest.fail("the browser was handed over")
    assert stopped.value.sign == "wrong_member"


@pytest.mark.parametrize("generation", ["sdui", "ember"])
@pytest.mark.parametrize("slug", ["nobody-here", "jane-d"], ids=["nobody's", "a former one"])
def test_a_profile_url_that_leads_elsewhere_is_told_as_that(
    settings: Settings, clock: ManualClock, slug: str, generation: str
) -> None:
    moved = Person(slug="jane-roe", first_name="Jane", last_name="Roe", former_slugs=("jane-d",))
    with (
        pytest.raises(PageUnreadableError, match=r"^profile_url does not lead to a profile of that address"),
        SandboxServer(world({"generation": generation}, people=(*PEOPLE, moved))) as server,
        open_browser(settings, account_at(server.url, slug), storage_state(server.url), clock=clock),
    ):
        pytest.fail("the browser was handed over")


def test_nobody_signed_in_is_a_stop_sign(settings: Settings, clock: ManualClock) -> None:
    with (
        pytest.raises(StopSignError) as stopped,
        SandboxServer(world()) as server,
        open_browser(settings, account_at(server.url), {"cookies": [], "origins": []}, clock=clock),
    ):
        pytest.fail("the browser was handed over")
    assert stopped.value.sign in ("signed_out", "auth_wall")


def test_a_dead_site_is_one_clear_line_and_no_picture(settings: Settings, clock: ManualClock) -> None:
    """Asked for a picture then, the browser may be between the old page and its own page of errors, and hang."""
    with SandboxServer(world()) as server:
        url = server.url
    with (
        pytest.raises(
            SiteUnreachableError, match=r"^http://127\.0\.0\.1:\d+ cannot be reached \(ERR_CONNECTION_REFUSED\)"
        ) as failure,
        open_browser(settings, account_at(url), {}, clock=clock),
    ):
        pytest.fail("the browser was handed over")
    assert failure.value.evidence is None


def test_a_missing_browser_is_one_clear_line(settings: Settings) -> None:
    gone = settings.model_copy(update={"browser_executable": settings.home / "chromium"})
    with (
        pytest.raises(
            BrowserUnavailableError, match=r"does not exist; run `make setup` .*or set LINKEDIN_BROWSER_EXECUTABLE"
        ),
        open_browser(gone, account_at("http://127.0.0.1:9"), {}),
    ):
        pytest.fail("the browser was handed over")


def test_a_program_that_is_no_browser_is_one_clear_line(settings: Settings) -> None:
    fake = settings.home / "chromium"
    fake.write_text("#!/bin/sh\nexit 3\n")
    fake.chmod(0o755)
    with (
        pytest.raises(BrowserUnavailableError) as failure,
        open_browser(settings.model_copy(update={"browser_executable": fake}), account_at("http://127.0.0.1:9"), {}),
    ):
        pytest.fail("the browser was handed over")
    assert "\n" not in str(failure.value)


def test_a_call_that_would_wait_for_ever_ends_and_the_next_browser_works(settings: Settings) -> None:
    """As `new_page` does in a browser that dies meanwhile."""
    with running_chromium(settings) as chromium:
        page = chromium.new_page()
        with pytest.raises(BrowserUnavailableError), named_failures("wait"), ended_after(300):
            page.evaluate("() => new Promise(() => {})")
    with running_chromium(settings) as chromium, ended_after(60_000):
        assert chromium.new_page().evaluate("() => 1") == 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("frozen", (BrowserUnavailableError, "the browser ended meanwhile")),
        ("frozen_early", (PageUnreadableError, "the page hangs: the site did not answer within 3 seconds")),
    ],
)
def test_a_frozen_page_is_given_up_with_its_browser(
    settings: Settings, clock: ManualClock, fault: str, told: tuple[type[Exception], str]
) -> None:
    """Playwright waits for ever for a page's answer to a question while the page's own script never ends."""
    timeouts = replace(BRISK, navigation=3_000, step=20_000)
    with (
        SandboxServer(world()) as server,
        open_browser(
            settings, account_at(server.url), storage_state(server.url), clock=clock, timeouts=timeouts
        ) as browser,
    ):
        arm(server.url, fault, person="jane-doe")
        with pytest.raises(told[0], match=told[1]):
            browser.messenger().open(Recipient(7, "jane-doe", "Jane Doe"))


def test_evidence_is_kept_by_account_and_local_day_for_its_owner_alone(settings: Settings, clock: ManualClock) -> None:
    with (
        SandboxServer(world()) as server,
        open_browser(settings, account_at(server.url), storage_state(server.url), clock=clock) as browser,
    ):
        composer = browser.messenger().open(Recipient(7, "jane-doe", "Jane Doe"))
        first, second = composer.screenshot("Written: Jane/../x"), composer.screenshot("Written: Jane/../x")
        composer.close()
    assert first == "demo/2026-03-18/100000-written-jane-x.png"
    assert second == "demo/2026-03-18/100000-written-jane-x-2.png"
    for path in (first, second):
        assert (settings.evidence / path).read_bytes().startswith(b"\x89PNG")
        assert stat.S_IMODE((settings.evidence / path).stat().st_mode) == 0o600
    for folder in (settings.evidence, settings.evidence / "demo", settings.evidence / "demo" / "2026-03-18"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
