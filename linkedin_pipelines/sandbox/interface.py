"""How a member's pages look: language, generation of markup and the site's many small inconsistencies, as data."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Generation = Literal["sdui", "data_view", "ember"]
Surface = Literal["feed", "profile", "catch_up", "connections", "search", "invitations", "messaging"]
Unreadable = Literal[
    "navigation", "birthday_cards", "top_card", "editor", "recipient", "conversation", "send_button", "close_control"
]


class Model(BaseModel):
    """Data of the sandbox: frozen, and a key that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Interface(Model):
    """What one member gets to see. Everything combines with everything."""

    language: str = "en"
    """`en`, `fr`, `de`, `es` or `pt`: the account's setting; the browser's locale changes nothing."""
    generation: Generation = "sdui"
    surfaces: dict[Surface, Generation] = Field(default_factory=dict)
    """Surfaces that are of another generation than the rest."""
    outlet: Literal["light", "shadow"] = "light"
    """Dialogs, toasts and message bubbles in the light DOM, or in the open shadow root of `div#interop-outlet`."""
    controls: Literal["native", "button", "a", "div"] = "native"
    """The element that controls are made of: the generation's own, or one of these everywhere."""
    label_on: Literal["control", "inner"] = "control"
    """Where a control's aria-label sits."""
    doubled_text: bool = False
    """Texts rendered twice: visible (aria-hidden) and visually hidden."""
    name_heading: Literal["native", "h1", "h2"] = "native"
    title_count: int = 0
    """Unread notifications in the title: `(3) Jane Doe | LinkedIn`; 0 leaves it out."""
    typographic: bool = False
    """Curly apostrophes and no-break spaces in labels."""
    composer_links: Literal["slug", "urn", "none"] = "slug"
    """How a composer links to its person: `/in/jane-doe/`, `/in/ACoAA…/`, or not at all."""
    thread_page: int = 0
    """How many of a conversation's newest messages come first; older ones come while it is scrolled up. 0: all."""
    thread_card: Literal["aside", "entry", "bare_entry"] = "aside"
    """The person's card above the messages: beside the list, or an entry of it, with or without lasting classes."""
    first_message: Literal["list", "form"] = "list"
    """A conversation without messages: an empty list, or no list at all below a form that is marked as composing."""
    events_arrive: Literal["together", "one_by_one"] = "together"
    """A conversation's messages show at once, or bit by bit."""
    pictured_emoji: bool = False
    """Emoji, and `:)`, shown as pictures with an alternative text."""
    profile_data: bool = False
    """A profile's page brings data along for its script: slugs and member numbers of the person and of others."""
    message_opens: Literal["overlay", "page", "frame"] = "overlay"
    """What a click on a Message control opens: a bubble, the messaging page, or that page in a frame over this one."""
    list_elements: Literal["native", "none"] = "native"
    """Conversations as lists, or as containers without any element or role of a list."""
    sponsored_bubble: bool = False
    """A minimised advertisement at the bottom of every page: a dialog of messaging that holds no conversation."""
    enter_sends: Literal["no", "with_button", "without_button"] = "no"
    """The "Press Enter to Send" setting; without_button is the composer that has a hint in place of the button."""
    moments: Literal["sentence", "label", "ago"] = "sentence"
    """The moment line of a catch-up card: a sentence, a bare `Today` or `Nov 10`, or `3 days ago`."""
    card_action: Literal["link", "button"] = "link"
    """A birthday card's action in SDUI: the compose link with LinkedIn's draft in `body=`, or a button."""
    scroller: Literal["native", "document", "workspace", "column"] = "native"
    """What scrolls: the document (Ember's own), `main#workspace` (SDUI's own), or the list's lazy column."""
    counts: Literal["shown", "absent", "wrong"] = "shown"
    """Headline counts of lists; `wrong` says one more than there is."""
    load_more: Literal["shown", "late"] = "shown"
    """The button that loads more is there with the rows, or appears once the last of them has been in view."""
    card_wrapper: Literal["none", "card"] = "none"
    """What catch-up cards stand in: nothing of their kind, or something that looks like a card itself."""
    page_size: int = 8
    autoload_pages: int = 1
    """How many pages a list loads by scrolling before it wants its button pressed."""
    late_birthday_days: int = 10
    """How many days back the catch-up page goes."""
    unreadable: tuple[Unreadable, ...] = ()
    """Elements that are still to be seen, but that no role, name, address or class tells any more."""
    latency_ms: tuple[int, int] = (100, 400)
    """How long content takes to arrive after the page itself."""
    event_delay_ms: tuple[int, int] = (200, 900)
    """How long a sent message takes to show up in its thread."""

    def of(self, surface: Surface) -> Generation:
        """The generation of one surface; messaging is Ember's unless it is said to be another's."""
        return self.surfaces.get(surface, "ember" if surface == "messaging" else self.generation)
