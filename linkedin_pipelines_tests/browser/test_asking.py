"""What several ask in one question each hear as if they had asked alone. No site is needed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from linkedin_pipelines.browser import stop_signs
from linkedin_pipelines.browser.asking import Aside, all_say, each, matching, said_by

IDS = "all => all.map(e => e.id)"
EDITOR = "<div role='textbox' contenteditable='true'></div>"
LIMIT = "You have reached the weekly limit for this action"


def test_each_hears_of_its_own_and_of_what_it_shares(page: Page) -> None:
    page.set_content("<p id='a'>A</p><p id='b' class='both'>B</p><b id='c' class='both'>C</b><i id='d'>D</i>")
    heard: list[tuple[str, Any]] = []

    def aside(name: str, selector: str, argument: object = None) -> Aside:
        script = "(all, given) => [all.map(e => e.id), given]"
        return Aside(page.locator(selector), matching(selector), script, lambda s: heard.append((name, s)), argument)

    beside = [aside("both", ".both", 7), aside("none", "u"), aside("bold", "b", "x")]
    assert all_say(page.locator("p"), IDS, own=matching("p"), beside=beside) == ["a", "b"]
    assert heard == [("both", [["b", "c"], 7]), ("none", [[], None]), ("bold", [["c"], "x"])]
    assert all_say(page.locator("i"), IDS, beside=beside) == ["d"], "what nothing else knows"
    assert all_say(page.locator("p"), each("e => e.innerText"), own=matching("p"), beside=beside) == ["A", "B"]
    assert said_by(page.locator("i"), "e => e.id", beside=beside) == "d"


def test_what_is_heard_beside_may_refuse_first(page: Page) -> None:
    page.set_content("<p>A</p>")

    def refuse(said: int) -> None:
        raise LookupError(said)

    for there in ("p", "u"):
        with pytest.raises(LookupError, match=r"^1$"):
            all_say(page.locator(there), IDS, beside=[Aside(page.locator("p"), None, "all => all.length", refuse)])


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<main>Somebody's page</main>", id="nothing"),
        pytest.param(f"<main></main><div role='alert'>{LIMIT}</div>", id="notice"),
        pytest.param(f"<main></main><div role='alert' style='display:none'>{LIMIT}</div>", id="hidden notice"),
        pytest.param(f"<main class='artdeco-toast-item'>{LIMIT}</main>", id="notice that is the main part"),
        pytest.param(f"<main id='captcha-internal'>{EDITOR}</main>", id="captcha that is the composer"),
        pytest.param(f"<main id='captcha-internal' style='display:none'>{EDITOR}</main>", id="hidden captcha"),
        pytest.param("<main><input name='pin'></main>", id="code"),
        pytest.param("<main><form><input id='username'></form></main>", id="sign-in form"),
        pytest.param(f"<main></main><div role='dialog'>{LIMIT}{EDITOR}</div>", id="conversation"),
        pytest.param(
            f"<main></main><div role='dialog'>{LIMIT}{EDITOR}<p role='alert'>{LIMIT}</p></div>", id="alert within"
        ),
        pytest.param(
            f"<main></main><div role='dialog'>{LIMIT}<section><template shadowrootmode='open'>{EDITOR}</template>"
            "</section></div>",
            id="conversation in a shadow root",
        ),
        pytest.param(
            f"<main></main><div role='dialog'><template shadowrootmode='open'>{EDITOR}</template></div>"
            f"<section><template shadowrootmode='open'><p role='status'>{LIMIT}</p></template></section>",
            id="notice in a shadow root",
        ),
    ],
)
def test_signs_are_the_same_beside_whatever_is_asked(page: Page, body: str) -> None:
    page.goto("about:blank")
    page.set_content(f"<!doctype html><html lang='en'><body>{body}</body></html>")
    alone = stop_signs.shown_in(page)
    for others in ("main", "[role='dialog'], main, p, form", "[role='dialog']:has([contenteditable='true'])", "*"):
        signs: list[stop_signs.Shown] = []
        found = page.locator(others).filter(visible=True)
        all_say(found, IDS, own="() => true", beside=[stop_signs.beside(page, signs.append)])
        assert signs == [alone], others
