"""Finding an element by named candidates, and remembering which candidate found it.

What belongs here: the rule that an element is found for certain or refused. What does not: which elements there are;
each page object names its own. Candidates are tried in the order of what worked lately; the order never decides what
counts as found, and identity is always checked by whoever uses the element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from playwright.sync_api import Frame, Locator, Page

from linkedin_pipelines.browser import labels
from linkedin_pipelines.browser.asking import COUNT, Aside, all_say, each, matching
from linkedin_pipelines.browser.labels import Labels
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.browser.waiting import polls
from linkedin_pipelines.domain.selector_health import Preferences, SelectorOutcome
from linkedin_pipelines.errors import PageUnreadableError

Scope: TypeAlias = Page | Locator
Find: TypeAlias = Callable[[Scope, Labels], Locator]


@dataclass(frozen=True)
class Candidate:
    """One way of finding an element; its name says how."""

    name: str
    find: Find
    own: str | None = None
    """A function that knows its elements among others that the same question finds: see `asking.Aside`."""


@dataclass(frozen=True)
class Element:
    """Something a page must show, and the ways of finding it, best first."""

    surface: str
    name: str
    expected: str
    """What there ought to be, for the sentence that refuses."""
    candidates: tuple[Candidate, ...]


def css(name: str, selector: str) -> Candidate:
    """A candidate by structure."""
    return Candidate(name, lambda scope, _: scope.locator(selector), matching(selector))


def labelled(name: str, *meanings: str) -> Candidate:
    """A candidate by what a control is called; its tag may be a button, a link or a div with either role."""
    return Candidate(name, lambda scope, labels: controls_called(scope, labels, *meanings))


def controls_called(scope: Scope, labels: Labels, *meanings: str) -> Locator:
    """Buttons and links with one of these meanings in the page's language."""
    pattern = labels.control(*meanings)
    return scope.get_by_role("button", name=pattern).or_(scope.get_by_role("link", name=pattern))


Ask: TypeAlias = Callable[[Candidate, Locator], list[Any]]


def _each(script: str, argument: object, beside: Sequence[Aside]) -> Ask:
    return lambda candidate, way: list(all_say(way, each(script), argument, own=candidate.own, beside=beside))


def _texts_of(ways: Sequence[tuple[Candidate, Locator]]) -> list[list[str]]:
    """What the elements of each way say, by one question; at most the last of them does not know its own."""
    script = each("e => e.innerText")
    heard: list[list[str]] = []
    *before, (last, found) = ways
    beside = [Aside(way, candidate.own, script, heard.append) for candidate, way in before]
    said = all_say(found, script, own=last.own, beside=beside)
    return [*heard, said]


class Finder:
    """Finds elements on one page object's page."""

    def __init__(self, page: Page, timeouts: Timeouts, preferences: Preferences | None = None) -> None:
        self._page = page
        self.timeouts = timeouts
        self._preferences = preferences or {}
        self._language: tuple[str | None] | None = None
        page.on("framenavigated", self._navigated)
        self.outcomes: list[SelectorOutcome] = []

    @property
    def labels(self) -> Labels:
        """The words of the page's own language, as it declares it.

        Asked once a page, and again while something that is looked for is missing: a page may declare it late.
        """
        if self._language is None:
            self._language = (self._page.locator("html").get_attribute("lang"),)
        return labels.for_page(self._language[0])

    def declared(self, language: str | None) -> None:
        """Take over which language the page was just seen to declare."""
        self._language = (language,)

    def _navigated(self, frame: Frame) -> None:
        if frame == self._page.main_frame:
            self._language = None

    def one(
        self,
        element: Element,
        scope: Scope | None = None,
        timeout: float | None = None,
        *,
        beside: Sequence[Aside] = (),
    ) -> Locator:
        """The one visible `element`, waited for.

        Raises:
            PageUnreadableError: no candidate finds exactly one.
        """
        return self.found(element, _each("_ => null", None, beside), scope, timeout)[0]

    def read(
        self,
        element: Element,
        script: str,
        argument: object = None,
        scope: Scope | None = None,
        timeout: float | None = None,
        *,
        beside: Sequence[Aside] = (),
    ) -> Any:
        """What a script, a function of the element and the argument, says of the one visible `element`: as `one`.

        Found and read by the same question, so that nothing comes between.

        Raises:
            PageUnreadableError: no candidate finds exactly one.
        """
        return self.found(element, _each(script, argument, beside), scope, timeout)[1]

    def found(
        self, element: Element, ask: Ask, scope: Scope | None = None, timeout: float | None = None
    ) -> tuple[Locator, Any]:
        """The one visible `element`, waited for, and what `ask` says of it, by which it is found: as `read`.

        `ask` says something for each element that a candidate finds.

        Raises:
            PageUnreadableError: no candidate finds exactly one.
        """
        where = scope or self._page
        most = 0
        for _ in self._polls(timeout):
            labels, most = self.labels, 0
            for candidate in self._ordered(element):
                way = candidate.find(where, labels).filter(visible=True)
                said = ask(candidate, way)
                most = max(most, len(said))
                if len(said) == 1:
                    self._note_order(element, candidate)
                    return way, said[0]
            self._language = None
        self._note_order(element, None)
        raise self._unreadable(element, f"there are {most}" if most else "there is none")

    def any(self, element: Element, scope: Scope | None = None, timeout: float | None = None) -> Locator:
        """The first visible one, waited for; for elements that may be there several times, all alike.

        Raises:
            PageUnreadableError: there is none.
        """
        for _ in self._polls(timeout):
            if (found := self._first_kind(element, scope))[1]:
                return found[0].first
            self._language = None
        self._note_order(element, None)
        raise self._unreadable(element, "there is none")

    def maybe(self, element: Element, scope: Scope | None = None) -> Locator | None:
        """The one visible `element` if it is there now; it need not be.

        Raises:
            PageUnreadableError: there are several.
        """
        where, labels = scope or self._page, self.labels
        most = 0
        for candidate in self._ordered(element):
            way = candidate.find(where, labels).filter(visible=True)
            most = max(most, count := way.count())
            if count == 1:
                self._note(element, candidate, success=True)
                return way
        if most:
            raise self._unreadable(element, f"there are {most}")
        return None

    def every(self, element: Element, scope: Scope | None = None) -> Locator:
        """All visible ones, by the first candidate that finds any; they may be none."""
        return self._first_kind(element, scope)[0]

    def count(self, element: Element, scope: Scope | None = None) -> int:
        """How many `every` finds."""
        return self._first_kind(element, scope)[1]

    def counted(
        self, element: Element, scope: Scope | None = None, *, beside: Sequence[Aside] = ()
    ) -> tuple[Locator, int]:
        """All that `every` finds, and how many they are."""
        return self._first_kind(element, scope, beside)

    def texts(self, element: Element, scope: Scope | None = None) -> list[str]:
        """What each that `every` finds says, as Playwright's `inner_text`."""
        where, labels = scope or self._page, self.labels
        ways = [(c, c.find(where, labels).filter(visible=True)) for c in self._ordered(element)]
        while ways:
            # Those that know their own are asked together with the first that does not: what they leave over is its.
            number = next((place for place, (way, _) in enumerate(ways, 1) if way.own is None), len(ways))
            together, ways = ways[:number], ways[number:]
            for (candidate, _), said in zip(together, _texts_of(together), strict=True):
                if said:
                    self._note(element, candidate, success=True)
                    return said
        return []

    def _first_kind(self, element: Element, scope: Scope | None, beside: Sequence[Aside] = ()) -> tuple[Locator, int]:
        where, labels = scope or self._page, self.labels
        ways = [(c, c.find(where, labels).filter(visible=True)) for c in self._ordered(element)]
        for candidate, way in ways:
            if count := all_say(way, COUNT, own=candidate.own, beside=beside):
                self._note(element, candidate, success=True)
                return way, count
        return ways[0][1], 0

    def drain(self) -> list[SelectorOutcome]:
        """What was learnt since the last call."""
        learnt, self.outcomes = self.outcomes, []
        return learnt

    def _polls(self, timeout: float | None) -> Iterator[None]:
        return polls(self._page, self.timeouts.element if timeout is None else timeout, self.timeouts.poll)

    def _ordered(self, element: Element) -> Sequence[Candidate]:
        best = self._preferences.get((element.surface, element.name), ())
        rank = {name: place for place, name in enumerate(best)}
        return sorted(element.candidates, key=lambda c: rank.get(c.name, len(rank)))

    def _note_order(self, element: Element, found: Candidate | None) -> None:
        """Those tried before the one that found it failed; all did where none found it."""
        for candidate in self._ordered(element):
            self._note(element, candidate, success=candidate is found)
            if candidate is found:
                return

    def _note(self, element: Element, candidate: Candidate, *, success: bool) -> None:
        self.outcomes.append(SelectorOutcome(element.surface, element.name, candidate.name, success=success))

    @staticmethod
    def _unreadable(element: Element, found: str) -> PageUnreadableError:
        error = PageUnreadableError(
            f"the {element.surface} page cannot be read: expected {element.expected} ({element.name}), but {found}."
        )
        error.element = (element.surface, element.name)
        return error
