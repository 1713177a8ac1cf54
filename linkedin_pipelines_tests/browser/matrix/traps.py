"""What the matrix crosses: each trap, stop sign and inconsistency of the site as data, and how an attempt may end.

An end is `sent`, or the reason that the ledger keeps; `stop:` is followed by the sign that must be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.sandbox.world import Event, Person
from linkedin_pipelines_tests.browser.stage import BRISK, JANE, PEOPLE, SECOND, THIERRY, TODAY, said

GENERATIONS = ("sdui", "data_view", "ember")
LANGUAGES = ("en", "fr", "de", "es", "pt")
"""The last has no table of labels: structure decides there, or the page is refused."""
UNTAUGHT = "pt"

BODIES = {
    "en": "Happy birthday, Jane! Have a lovely day.",
    "fr": "Joyeux anniversaire, Jane\u202f! À très bientôt.",
    "de": "Alles Gute zum Geburtstag, Jane!\n\nViele Grüße",
    "es": "¡Feliz cumpleaños, Jane! Que tengas un buen día.",
    "pt": "Feliz aniversário, Jane! Aproveite  o dia 🎂",
}

PATIENT = replace(BRISK, element=15_000, action=30_000, thread=15_000, proof=20_000, closing=10_000)
"""For what comes: on a busy machine it may be long in coming, and waiting for it costs nothing otherwise."""
SHORT = replace(
    BRISK, navigation=4_000, element=1_500, action=1_500, thread=1_500, proof=1_200, closing=1_200, rest=150, poll=150
)
"""For what never comes: on a busy machine it may be missed although it comes, which is the same refusal."""
UNREAD = replace(SHORT, element=750, thread=750, action=1_000)
"""For a language without words, where the first page already is refused."""
UNPROVEN = replace(PATIENT, proof=1_200, poll=120)
"""For a message that never shows in its conversation."""
COVERED = replace(PATIENT, action=6_000)
"""For a composer that a notice comes to cover, so that it cannot be closed."""
NOTICED = replace(BRISK, element=6_000, action=5_000, rest=300, poll=250)
"""For a page that a notice has taken the place of, or covers; the notice itself has to be there by then."""

UNREADABLE = "page_unreadable"
NO_SUCH_PROFILE = "profile_gone"
WRONG = "wrong_person"
STRANGER = "not_connected"
UNPROVED = "click_unproven"


@dataclass(frozen=True)
class Trap:
    """One thing that a page may do, and the ends that are right then."""

    name: str
    ends: tuple[str, ...]
    interface: Mapping[str, Any] = field(default_factory=dict)
    jane: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Mapping[str, Any], ...] = ()
    people: tuple[Person, ...] = PEOPLE
    open_bubbles: tuple[str, ...] = ()
    to: str = JANE
    before: str = ""
    """Somebody whose conversation is opened and closed first, before the faults are armed."""
    waits: Timeouts = PATIENT
    verified: bool = False
    """Whether the feed and the member's own profile are looked at first, as at the start of a run."""
    places: int = 3
    """In so many pairs of generation and language: 3 has each generation once, 5 each language, 15 all of them."""
    only: tuple[str, ...] = GENERATIONS
    comes: bool = True
    """Whether the page that the trap spoils comes at all. If not, the one before is still shown: no picture of that."""


def _interface(name: str, *ends: str, only: tuple[str, ...] = GENERATIONS, **interface: Any) -> Trap:
    return Trap(f"interface_{name}", ends or ("sent",), interface, only=only)


def _mixed(generation: str, **surfaces: str) -> Trap:
    return Trap(f"mixed_{generation}", ("sent",), {"surfaces": surfaces}, only=(generation,), verified=True)


def _conversation(*events: Event) -> dict[str, Any]:
    return {"thread": events}


def _faults(*names: str, **more: Any) -> tuple[Mapping[str, Any], ...]:
    return tuple({"fault": name, **more} for name in names)


LAST_YEAR = TODAY - timedelta(days=365)
LOGIN = Person(slug="jane-login-checkpoint", first_name="Jane", last_name="Challenge", birthday="03-18")
MOVED = Person(slug="jane-roe", first_name="Jane", last_name="Roe", former_slugs=("jane-d",))
GONE = Person(slug=JANE, first_name="Jane", last_name="Doe", gone=True)
WISH_OF_LAST_YEAR = "{body}"
"""Stands for the very wish of the case."""

SOUND = (
    Trap("plain", ("sent",), places=15),
    _interface("controls_button", controls="button"),
    _interface("controls_a", controls="a"),
    _interface("controls_div", controls="div", label_on="inner"),
    _interface("shadow_root", outlet="shadow"),
    _interface("doubled_text", doubled_text=True, typographic=True),
    _interface("name_h1", name_heading="h1", title_count=3),
    _interface("name_h2", name_heading="h2", title_count=12),
    _interface("full_page", message_opens="page"),
    _interface("full_page_urn", only=("sdui",), message_opens="page", composer_links="urn"),
    _interface("identity_by_urn", only=("sdui",), composer_links="urn"),
    _interface("late_content", latency_ms=(250, 400), event_delay_ms=(400, 600)),
    _interface("enter_sends_too", enter_sends="with_button"),
    _mixed("ember", feed="data_view", profile="sdui"),
    _mixed("sdui", feed="ember", profile="data_view"),
    _mixed("data_view", feed="sdui", profile="ember"),
    Trap("draft_for_another", ("sent",), jane={"draft": "Dear Bob, congratulations", "compose_link": "body"}),
    Trap("bubbles_of_others", ("sent",), open_bubbles=(THIERRY, "jane-doe-2")),
    Trap("share_prompt_and_reply", ("sent",), jane={"share_prompt": True, "reply": "Thank you!"}),
    Trap("wish_of_last_year", ("sent",), jane=_conversation(said("me", WISH_OF_LAST_YEAR, LAST_YEAR))),
    Trap("slug_with_login", ("sent",), people=(*PEOPLE, LOGIN), to=LOGIN.slug),
    Trap(
        "limit_words_in_conversation",
        ("sent",),
        jane=_conversation(said("them", "I was temporarily restricted, try again next week", date(2026, 1, 5))),
    ),
    Trap("next_after_another", ("sent",), before=THIERRY),
    Trap("messaging_of_sdui", ("sent",), {"surfaces": {"messaging": "sdui"}}),
    Trap(
        "messaging_of_data_view",
        ("sent",),
        {"surfaces": {"messaging": "data_view"}},
        jane=_conversation(said("me", WISH_OF_LAST_YEAR, LAST_YEAR), said("them", "Hello", LAST_YEAR, 10)),
    ),
    _interface("in_a_frame", message_opens="frame"),
    Trap(
        "conversation_without_list",
        ("sent",),
        {"list_elements": "none", "events_arrive": "one_by_one"},
        jane=_conversation(said("me", WISH_OF_LAST_YEAR, LAST_YEAR)),
    ),
)
"""Nothing is wrong here, however odd it looks."""

WRONG_PERSON = (
    Trap("self", ("is_self",), to="demo-member"),
    Trap("composer_of_another", (WRONG,), faults=_faults("opens_other", person=JANE)),
    Trap("former_profile_still_there", (WRONG, UNREADABLE), faults=_faults("stale_profile"), before=THIERRY),
    Trap(
        "navigation_without_page",
        (UNREADABLE, WRONG),
        faults=_faults("no_content", path="/in/"),
        before=THIERRY,
        comes=False,
    ),
    Trap("second_degree", (STRANGER,), to=SECOND),
    Trap("third_degree", (STRANGER,), jane={"degree": 3}),
    Trap("invitation_pending", (STRANGER,), jane={"degree": 2, "invitation_pending": True}),
    Trap("follow_only", (STRANGER,), jane={"degree": 2, "follow_only": True}),
    Trap("inmail_subject", (STRANGER,), jane={"composer": "inmail"}),
    Trap("paywall", (STRANGER,), jane={"composer": "paywall"}),
    Trap("say_hello_widget", (UNREADABLE,), jane={"composer": "say_hello"}, waits=SHORT),
    Trap("address_of_two", (UNREADABLE, WRONG), jane={"compose_link": "contradictory"}, waits=SHORT),
    Trap("unaddressed_composer", (UNREADABLE,), jane={"compose_link": "urn_only"}, waits=SHORT),
    Trap("composer_names_nobody", (UNREADABLE,), {"composer_links": "none"}, waits=SHORT),
    Trap("pill_names_nobody", (UNREADABLE,), {"composer_links": "none", "message_opens": "page"}, waits=SHORT),
    Trap(
        "number_of_nobody_known",
        (UNREADABLE,),
        {"composer_links": "urn"},
        only=("data_view", "ember"),
        waits=SHORT,
    ),
    Trap("no_message_control", (UNREADABLE,), jane={"message_control": False}, waits=SHORT),
    Trap("blocked", (NO_SUCH_PROFILE,), jane={"blocked": True}, waits=SHORT),
    Trap("closed_account", (NO_SUCH_PROFILE,), people=(GONE, *PEOPLE[1:]), waits=SHORT),
    Trap("moved_to_another_address", (WRONG,), people=(*PEOPLE, MOVED), to="jane-d"),
    Trap("enter_alone_sends", (UNREADABLE,), {"enter_sends": "without_button"}, waits=SHORT),
    Trap("profile_fails", (UNREADABLE,), faults=_faults("fragment_fails", path="/voyager/api/profile"), waits=SHORT),
    Trap("profile_hangs", (UNREADABLE,), faults=_faults("fragment_hangs", path="/voyager/api/profile"), waits=SHORT),
    Trap(
        "conversation_fails",
        (UNREADABLE,),
        faults=_faults("fragment_fails", path="/voyager/api/messaging/bubble"),
        waits=SHORT,
    ),
    Trap("wished_by_hand", ("wished_by_hand",), jane=_conversation(said("me", "Happy birthday Jane!!", TODAY, 6))),
    Trap("asked_to_stop", ("stop_requested",), jane=_conversation(said("them", "Please stop messaging me", LAST_YEAR))),
)
"""Whoever would be written to is not the one who is meant, or must not be, or nothing tells that it would arrive."""

WRONG_PROOF = tuple(
    Trap(
        name,
        ends,
        jane=_conversation(said("me", WISH_OF_LAST_YEAR, LAST_YEAR)),
        faults=_faults(name, seconds=2),
        waits=UNPROVEN,
    )
    for name, ends in (
        ("fail_after_click", (UNPROVED,)),
        ("failed_bubble", (UNPROVED,)),
        ("silent_drop", (UNPROVED,)),
        ("echo_instead", (UNPROVED,)),
        ("hang_send", (UNPROVED,)),
        ("text_stays", (UNPROVED,)),
        ("deliver_then_error", (UNPROVED,)),
        ("deliver_then_hang", (UNPROVED,)),
        ("slow_event", (UNPROVED, "sent")),
    )
)
"""After the click the page says something else than what happened; last year's same wish stands in each thread."""

_SIGNS = {
    "sign_out": "signed_out",
    "authwall": "auth_wall",
    "cold_join": "auth_wall",
    "redirect_loop": "redirect_loop",
    "challenge": "challenge",
    "checkpoint_app": "challenge",
    "checkpoint_pin": "pin",
    "checkpoint_captcha": "captcha",
    "http_429": "rate_limited",
    "http_999": "rate_limited",
}
_PLACES = ("dialog", "toast", "main", "shadow")
_LIMITS = {f"{limit}_{place}": limit for limit in ("weekly_limit", "restricted") for place in _PLACES}
STOP_SIGNS = (
    *(
        Trap(name, (f"stop:{sign}",), faults=_faults(name, path="/in/", times=None), places=5)
        for name, sign in _SIGNS.items()
    ),
    *(
        Trap(name, (f"stop:{limit}",), faults=_faults(name, path="/in/", times=None), waits=NOTICED, places=5)
        for name, limit in _LIMITS.items()
    ),
    *(
        Trap(f"{name}_answers_send", (f"stop:{limit}",), faults=_faults(name, person=JANE, at="send"), waits=COVERED)
        for name, limit in _LIMITS.items()
        if not name.endswith("_main")
    ),
    *(
        Trap(name, (UNREADABLE,), faults=_faults(name, path="/in/", times=None, seconds=600), waits=SHORT, comes=comes)
        for name, comes in (
            ("http_500", True),
            ("http_503", True),
            ("shell", True),
            ("hang", False),
            ("no_content", False),
        )
    ),
    Trap(
        "composer_hangs",
        (UNREADABLE,),
        {"message_opens": "page"},
        faults=_faults("hang", path="/messaging/compose", seconds=600),
        waits=SHORT,
    ),
    *(
        Trap(name, ("sent", UNREADABLE), faults=_faults(name, path="/in/"), waits=NOTICED)
        for name in ("upsell_dialog", "upsell_shadow")
    ),
)
"""Signs that end the account's work; the last few look like signs and are none."""

TRAPS = (*SOUND, *WRONG_PERSON, *WRONG_PROOF, *STOP_SIGNS)


@dataclass(frozen=True)
class Case:
    """One trap in one generation and language."""

    trap: Trap
    generation: str
    language: str

    @property
    def name(self) -> str:
        return f"{self.generation}-{self.language}-{self.trap.name}"

    @property
    def body(self) -> str:
        return BODIES[self.language]

    @property
    def readable(self) -> bool:
        """Whether structure and words together tell all that is needed; controls without an address need words."""
        return self.language != UNTAUGHT or (self.generation == "sdui" and self.trap.name == "plain")

    @property
    def ends(self) -> tuple[str, ...]:
        return self.trap.ends if self.readable else (*self.trap.ends, UNREADABLE, UNPROVED)

    @property
    def waits(self) -> Timeouts:
        return self.trap.waits if self.readable else UNREAD


def _pairs(number: int, trap: Trap) -> list[tuple[str, str]]:
    """Three generations and five languages have no common divisor, so counting on in both meets every pair."""
    return [
        (trap.only[(number + place) % len(trap.only)], LANGUAGES[(number * trap.places + place) % len(LANGUAGES)])
        for place in range(trap.places)
    ]


CASES = tuple(
    Case(trap, generation, language)
    for number, trap in enumerate(TRAPS)
    for generation, language in _pairs(number, trap)
)
