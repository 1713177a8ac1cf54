"""What a seed means: the member's interface, what stood in the conversation, what goes wrong, how the pages change."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from linkedin_pipelines.sandbox.change import Mutation
from linkedin_pipelines.sandbox.world import Event, World
from linkedin_pipelines_tests.browser.stage import JANE, THIERRY, TODAY, said, world

COMBINATIONS = tuple((generation, language) for generation in ("sdui", "data_view", "ember")
                     for language in ("en", "fr", "de", "es"))  # fmt: skip
TEXTS = (
    "Happy birthday, Jane! Have a lovely day.",
    "Bon anniversaire, Jane\u202f! À bientôt",
    "Alles Gute zum Geburtstag!\n\nBis bald 🎂",
    "¡Feliz cumpleaños!",
)
FAULTS = (
    "silent_drop", "fail_after_click", "failed_bubble", "echo_instead", "deliver_then_error", "text_stays",
    "opens_other", "stale_profile", "fragment_fails",
)  # fmt: skip
RATES = (0.001, 0.003, 0.008, 0.02, 0.06)


@dataclass(frozen=True)
class Case:
    """One seed's world, and the message to send in it."""

    seed: int
    world: World
    text: str
    fault: str | None
    number_known: bool
    """Whether an earlier reading has kept the person's member number, as it does for most contacts."""

    @property
    def kind(self) -> str:
        """Generation and language."""
        ui = self.world.members[0].interface
        return f"{ui.generation} {ui.language}"


def case(seed: int) -> Case:
    """What the seed means. Every twelve seeds go once through all generations and languages."""
    dice = random.Random(f"case {seed}")
    generation, language = COMBINATIONS[seed % len(COMBINATIONS)]
    interface: dict[str, Any] = {
        "generation": generation,
        "language": language,
        "latency_ms": (0, 20),
        "event_delay_ms": (0, 60),
        "outlet": dice.choice(("light", "light", "shadow")),
        "controls": dice.choice(("native", "native", "button", "a", "div")),
        "label_on": dice.choice(("control", "inner")),
        "doubled_text": dice.random() < 0.2,
        "typographic": dice.random() < 0.2,
        "name_heading": dice.choice(("native", "h1", "h2")),
        "composer_links": dice.choice(("slug", "slug", "urn" if generation == "sdui" else "slug")),
        "message_opens": dice.choice(("overlay", "overlay", "page")),
        "enter_sends": dice.choice(("no", "no", "with_button")),
        "thread_card": dice.choice(("aside", "entry", "bare_entry")),
        "first_message": dice.choice(("list", "list", "form")),
        "thread_page": dice.choice((0, 0, 2)),
        "pictured_emoji": dice.random() < 0.2,
    }
    text = dice.choice(TEXTS)
    jane = {
        "thread": dice.choice(((), (), _last_year(text), _talk())),
        "draft": dice.choice(("", "", "Dear Bob, congratulations on the new job")),
        "compose_link": dice.choice(("recipient", "recipient", "body")),
        "share_prompt": dice.random() < 0.1,
        "degree": dice.choice((1,) * 11 + (2,)),
    }
    bubbles = dice.choice(((), (), (THIERRY,), ("jane-doe-2", THIERRY)))
    mutation = Mutation(seed=seed, spared=JANE, rate=dice.choice(RATES), renamed=dice.choice((0.0, 0.0, 0.1, 0.5, 1.0)))
    fault = dice.choice(FAULTS) if dice.random() < 0.3 else None
    number_known = dice.random() < 0.5
    bare = world(interface, jane=jane, open_bubbles=bubbles)
    return Case(seed, bare.model_copy(update={"mutation": mutation}), text, fault, number_known)


def _last_year(text: str) -> tuple[Event, ...]:
    return said("me", text, date(2025, 3, 18)), said("them", "Thank you!", date(2025, 3, 19))


def _talk() -> tuple[Event, ...]:
    return (
        said("them", "Shall we meet? My account was temporarily restricted.", date(2026, 3, 2)),
        said("me", "Yes.", date(2026, 3, 2), 10),
        said("them", "Message", TODAY, 7),
    )
