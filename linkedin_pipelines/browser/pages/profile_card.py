"""What a profile's top card links to, read from the page at one moment by one question.

What belongs here: which element is the card, and its links as written. What does not: what they mean (`profile`).
"""

from __future__ import annotations

from pydantic import BaseModel

from linkedin_pipelines.browser.asking import ABOVE, DEEP, SEEN
from linkedin_pipelines.browser.text import READ_TEXT

COMPOSE = "a[href*='/messaging/compose']"
INVITE = "a[href*='custom-invite']"
EDIT = "a[href*='/edit/intro'], a[href*='/edit/forms/intro']"

MARKS = {"compose": COMPOSE, "invite": INVITE, "edit": EDIT}
READ_CARD = f"""
(card, marks, controls) => {{
  const deep = {DEEP}, seen = {SEEN};
  const hrefs = (place, selector) => deep(place, selector).map(a => a.getAttribute('href'));
  const sections = [];
  for (let up = card.parentElement; up; up = up.parentElement)
    if (up.localName === 'section' && !up.querySelector('section') && !up.parentElement?.closest('aside'))
      sections.push(up);
  return {{
    edits: deep(card, marks.edit).length,
    invites: hrefs(card, marks.invite),
    compose: hrefs(card, marks.compose),
    compose_shown: deep(card, marks.compose).filter(seen).length,
    people: hrefs(card, "a[href*='/in/']"),
    sections: sections.length,
    compose_in_section: sections.length === 1 ? hrefs(sections[0], marks.compose) : [],
    controls: controls ? controls(card) : null,
    controls_in_section: controls && sections.length === 1 ? controls(sections[0]) : null,
  }};
}}
"""
"""The links in a card, and those of the message controls in the section around it."""
READ_CARDS_NOW = f"""
(found, given) => {{
  const readCard = {READ_CARD}, read = {READ_TEXT};
  const above = {ABOVE};
  const pathOf = e => {{ const path = []; for (let up = e; up; up = above(up)) path.push(up); return path; }};
  const headings = found.filter(e => e.matches('h1, h2, h3'));
  const actions = found.filter(e => !headings.includes(e)).map(e => ({{action: e, path: pathOf(e)}}));
  const inside = place => actions.filter(one => one.path.includes(place));
  const controls = place => inside(place).filter(one => !one.action.matches(given.marks.compose)).length;
  const cardOf = heading => {{
    let card = heading;
    for (let height = 1; height < given.height; height++) {{
      card = card.parentElement;
      if (!card || card.matches('main, body') || card.querySelector('main')) return null;
      if (!inside(card).length) continue;
      return {{height, name: read(heading), card: readCard(card, given.marks, controls)}};
    }}
    return null;
  }};
  return headings.map(cardOf);
}}
"""
"""Around each name the smallest element that also holds an action, how far up it is, and what is in it."""


class Card(BaseModel):
    """What a card links to; for each kind, the addresses as written."""

    edits: int
    invites: list[str]
    compose: list[str]
    compose_shown: int
    """How many of the message controls with an address are visible."""
    people: list[str]
    sections: int
    """Sections around it that are no part of a larger one: its own is known where there is one."""
    compose_in_section: list[str]
    controls: int | None
    """Visible controls in it that are called as one of a card's and bear no message's address; None if not counted."""
    controls_in_section: int | None


class CardNow(BaseModel):
    """The card at one moment."""

    height: int
    name: str
    card: Card
