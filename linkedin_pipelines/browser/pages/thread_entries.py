"""The entries of a conversation as a page draws them: found by the classes that lasted, else by structure.

What belongs here: which elements are messages, and what stands in each. What does not: what they mean
(`thread_reader`), and whether more are to come (`thread`).

By structure, messages are the entries of the one list that stands above the message form, or those that bear the
server's name of a message. Whatever such an entry says has to be accounted for: sender, time, heading, and one text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from playwright.sync_api import ElementHandle, Locator
from pydantic import BaseModel

from linkedin_pipelines.browser.asking import DEEP, SEEN, Aside, said_by
from linkedin_pipelines.browser.pages.composer import IS_COMPOSER
from linkedin_pipelines.browser.text import READ_TEXT

EVENTS = "[class~='msg-s-message-list__event']"
LISTED = ":is(li, [role='listitem'])"
_PARTS = "[data-event-urn], [class*='event-listitem__body'], [class*='message-list__time-heading']"
_MEDIA = "img, picture, video, audio, canvas, [class*='reaction'], [class*='audio'], [class*='voice']"
"""What a message without words consists of: a picture, a voice note, a reaction."""

LOADING = "[aria-busy='true'], [role='progressbar'], [class*='msg-s-message-list__loader'], .artdeco-loader"

_LIBRARY = """
const EVENTS = NAMED, LISTED = ENTRIES, PARTS = OF_MESSAGES, MEDIA = PICTURES;
const LOADING = SIGNS_OF_IT;
const read = READ_TEXT, deep = ALL_BELOW, visible = IS_SEEN;
const EDITOR = "[role='textbox'][contenteditable='true']";
const APART = "form, header, nav, [role='listbox'], [class*='conversation-list'], [class*='conversations-list'], "
  + "[class*='typeahead']";
const LISTS = "ul, ol, [role='list'], [role='log']";
const seen = e => { const b = e.getBoundingClientRect(); return b.width > 1 && b.height > 1; };
const ordered = all => [...new Set(all)].sort(
  (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
const outermost = all => all.filter(e => !all.some(o => o !== e && o.contains(e)));
const bare = text => text.replace(/[\\u00ad\\u200b-\\u200f\\u2060\\ufeff]/g, '').trim();
const says = e => bare(read(e, false, true)) !== '' || [...e.querySelectorAll(MEDIA)].some(seen);

// The one list above the message form, looked for from the form outwards.
const listOf = root => {
  const editor = root.querySelector(EDITOR);
  const form = editor && (editor.closest('form') || editor);
  for (let up = form && form.parentElement; up; up = up.parentElement) {
    const lists = outermost([...up.querySelectorAll(LISTS)].filter(
      e => !e.closest(APART) && getComputedStyle(e).display !== 'none'
        && e.compareDocumentPosition(form) & Node.DOCUMENT_POSITION_FOLLOWING && !e.contains(form)));
    if (lists.length) return lists.length === 1 ? lists[0] : null;
    if (up === root) break;
  }
  return null;
};
// The list entry around a part of a message: the outermost one that holds no other message.
const entryOf = part => {
  const urns = e => e.querySelectorAll('[data-event-urn]').length;
  let entry = part.closest(LISTED);
  if (!entry) return null;
  const inside = Math.max(1, urns(entry));
  for (let up = entry.parentElement && entry.parentElement.closest(LISTED); up && urns(up) <= inside;
       up = up.parentElement && up.parentElement.closest(LISTED)) entry = up;
  return entry;
};
const entriesOf = root => {
  const named = [...root.querySelectorAll(EVENTS)];
  const parts = [...root.querySelectorAll(PARTS)].filter(p => !p.closest(APART) && !named.some(e => e.contains(p)));
  const marked = parts.map(entryOf).filter(e => e && root.contains(e) && !named.some(n => e.contains(n)));
  const found = ordered([...named, ...marked]);
  if (found.length) return {entries: found, list: null};
  const list = listOf(root);
  const listed = list ? outermost([...list.querySelectorAll(LISTED)]).filter(e => seen(e) && says(e)) : [];
  return {entries: listed, list};
};
// Whether a sign of loading is shown; one above the messages stands for older ones.
const loadingOf = (root, first) => deep(root, LOADING).some(
  sign => visible(sign) && !(first && sign.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING));
""".replace("READ_TEXT", READ_TEXT)
_LIBRARY = _LIBRARY.replace("ALL_BELOW", DEEP).replace("IS_SEEN", SEEN)
_SELECTORS = {
    "SIGNS_OF_IT": LOADING,
    "NAMED": EVENTS,
    "ENTRIES": LISTED,
    "OF_MESSAGES": _PARTS,
    "PICTURES": _MEDIA,
}
for _word, _selector in _SELECTORS.items():
    _LIBRARY = _LIBRARY.replace(_word, json.dumps(_selector))

_SNAPSHOT = f"""
root => {{
  {_LIBRARY}
  const {{entries, list}} = entriesOf(root);
  const inline = e => getComputedStyle(e).display.startsWith('inline');
  const person = n => n.closest("a[href*='/in/']");
  // The elements of an entry in which its words stand.
  const ownersOf = entry => {{
    const walk = document.createTreeWalker(entry, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    const owners = [];
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {{
      const words = n.nodeType === Node.TEXT_NODE ? bare(n.data) : n.localName === 'img' && n.alt && !person(n);
      let e = n.parentElement;
      if (!words || e.closest('template, script, style, svg')) continue;
      const special = e.closest("time, button, [role='button'], [role='alert']") || person(e);
      if (special && entry.contains(special)) e = special;
      else while (e !== entry && inline(e)) e = e.parentElement;
      if (seen(e) && !owners.includes(e)) owners.push(e);
    }}
    return owners;
  }};
  const APART_IN = "time, button, [role='button'], [role='alert']";
  const textsOf = owners => owners.filter(e => !e.matches(`${{APART_IN}}, a[href*='/in/']`));
  // What an entry says, a block at a time, each with what it is in.
  const blocksOf = owners => {{
    const texts = textsOf(owners);
    // A mention inside a message is no sender; a text around anything else is not told apart from it.
    const mixed = t => owners.some(o => o !== t && t.contains(o) && (o.matches(APART_IN) || !inline(o)));
    return owners.filter(e => !texts.some(t => t !== e && t.contains(e))).map(e => ({{
      kind: e.matches('time') ? 'time' : e.matches("[role='alert']") ? 'alert' : e.matches("button, [role='button']")
        ? 'control' : e.matches("a[href*='/in/']") ? 'sender' : mixed(e) ? 'mixed' : 'text',
      text: read(e, false, true),
      machine: e.getAttribute('datetime') || '',
      href: e.getAttribute('href') || '',
    }}));
  }};
  const snapshot = event => {{
    const all = selector => [event, ...event.querySelectorAll('*')].filter(e => e.matches(selector));
    const bodies = all("[class~='msg-s-event-listitem__body'], [class*='event-listitem__body']").filter(seen);
    const items = all("[class~='msg-s-event-listitem'], [class*='msg-s-event-listitem--']");
    const before = items.length
      ? [...event.childNodes].filter(n => !items.some(i => n === i || n.contains(i))).map(n => n.textContent.trim())
      : [];
    const heading = all("time[class*='time-heading'], [class*='message-list__time-heading']")[0];
    const stamp = all("time[class*='timestamp']").filter(e => e !== heading)[0];
    const marked = all("[data-event-urn]")[0];
    const owners = ownersOf(event);
    const mentioning = bodies.length ? bodies : textsOf(owners);
    const senders = all("a[href*='/in/']").filter(e => !mentioning.some(text => text.contains(e)));
    const known = [...bodies, ...senders, ...all("time, [class*='message-group__name']")];
    const beside = all("*").filter(e => seen(e) && !e.children.length && !known.some(k => k.contains(e)));
    const words = all => all.map(e => e.textContent.trim()).join(' ').trim();
    const said = words(beside.filter(e => !e.closest("button, [role='button']")));
    const classed = items.length > 0 && (bodies.length > 0 || !/\\p{{L}}/u.test(said));
    return {{
      urn: marked ? marked.getAttribute('data-event-urn') : '',
      bodies: bodies.map(body => read(body, false, true)),
      links: senders.map(e => e.getAttribute('href')),
      people: all("a[href*='/in/']").map(e => e.getAttribute('href')),
      beside: words(beside),
      item: items.length > 0,
      media: all(MEDIA).some(e => seen(e) && !senders.some(s => s.contains(e))),
      said,
      other: items.some(e => /msg-s-event-listitem--other/.test(e.className)),
      heading: heading ? read(heading, false) : '',
      machine: heading ? heading.getAttribute('datetime') || '' : '',
      about: before.filter(text => text).join(' '),
      stamp: stamp ? read(stamp, false) : '',
      unsent: all("[class*='--failed'], [class*='--error'], [class*='--sending'], [class*='--pending'], [role='alert']")
        .length > 0 || all("[aria-busy='true']").length > 0,
      rest: read(event, false),
      blocks: classed ? [] : blocksOf(owners),
      classed,
    }};
  }};
  const stray = [...root.querySelectorAll(PARTS)].filter(p => !entries.some(e => e.contains(p)));
  const loose = [];
  const links = [];
  if (list) {{
    const walk = document.createTreeWalker(list, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(); n; n = walk.nextNode())
      if (bare(n.data) && seen(n.parentElement) && !entries.some(e => e.contains(n))
          && !n.parentElement.closest('script, style, template')) loose.push(n.data.trim());
    for (const a of list.querySelectorAll("a[href*='/in/']"))
      if (!entries.some(e => e.contains(a))) links.push(a.getAttribute('href'));
  }}
  return {{
    entries: entries.map(snapshot), stray: stray.length, listed: list !== null,
    loose: loose.join(' '), loose_links: links,
    loading: loadingOf(root, entries[0] || null),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }};
}}
"""
_AT_REST = f"""
async (root, wanted) => {{
  {_LIBRARY}
  const take = {_SNAPSHOT};
  let before = '', same = 0;
  for (let polls = 1; ; polls++) {{
    const snapshot = take(root), now = JSON.stringify(snapshot);
    same = now === before ? same + 1 : 0;
    before = now;
    const loading = wanted.beyond === null ? snapshot.loading : loadingOf(root, null);
    const rest = same > (snapshot.entries.length ? wanted.rest : wanted.empty_rest) && !loading;
    const more = wanted.beyond !== null && snapshot.entries.length > wanted.beyond;
    if (rest || more || polls >= wanted.most) return {{snapshot, polls, same, rest}};
    await new Promise(done => setTimeout(done, wanted.pause));
  }}
}}
"""
"""Look after look by the page's own clock, so that waiting is one question; its thread answers them as it draws."""
_FIRST = f"root => {{ {_LIBRARY} return entriesOf(root).entries[0] || null; }}"


_TO_TOP = """
first => {
  for (let e = first.parentElement; e; e = e.parentElement) {
    if (e.scrollHeight > e.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(e).overflowY)) {
      e.scrollTop = 0;
      return;
    }
  }
}
"""
"""Scrolls the conversation's own scroller to its top; a reader's wheel does the same."""


class Block(BaseModel):
    """One piece of text of an entry without lasting classes."""

    kind: str
    """`sender`, `time`, `control`, `alert`, `text`, or `mixed`: a text around one of the others."""
    text: str
    machine: str
    href: str


class Shown(BaseModel):
    """One entry as the page shows it."""

    urn: str
    """The server's own name of the message; empty where the page shows none."""
    bodies: list[str]
    links: list[str]
    """Of its sender: not of people whom its text mentions."""
    people: list[str]
    """Of everybody to whom it links."""
    item: bool
    other: bool
    heading: str
    machine: str
    about: str
    """What stands beside the message itself, which is nothing but the heading of its day."""
    stamp: str
    unsent: bool
    media: bool
    said: str
    """As `beside`, without controls."""
    beside: str
    """What it says that is neither message nor sender nor time, such as that it could not be sent."""
    rest: str
    blocks: list[Block]
    """All that it says, where no class tells what is what."""
    classed: bool
    """Whether lasting classes tell what is what in it."""

    @property
    def taken(self) -> bool:
        """Whether the server has it: it is not marked as unsent, and bears the server's name or says nothing else."""
        by_structure = not self.classed and not self.bodies
        return not self.unsent and bool(self.urn or by_structure or not self.beside)


class Snapshot(BaseModel):
    """A conversation's entries at one moment."""

    entries: list[Shown]
    stray: int
    """Parts of messages outside any entry: the list is built in a way that is not known."""
    listed: bool
    """Whether the entries are those of a list without lasting classes."""
    loose: str
    """What such a list says outside its entries."""
    loose_links: list[str]
    loading: bool
    """Whether a sign of loading is shown that stands for these entries, not for older ones."""
    zone: str
    """The browser's time zone, in which the page writes times and days."""


class Rest(BaseModel):
    """What became of waiting for a conversation that stays the same."""

    snapshot: Snapshot
    polls: int
    same: int
    """How many of the last looks found nothing changed."""
    rest: bool
    """Whether they were enough, and nothing was being loaded."""


def snapshot_of(root: Locator) -> Snapshot:
    """The entries shown inside an open composer now."""
    return Snapshot.model_validate(said_by(root, _SNAPSHOT))


def snapshot_beside(root: Locator, hear: Callable[[Snapshot], None]) -> Aside:
    """As `snapshot_of`, asked beside something else; not heard unless exactly one composer is there."""

    def each(said: list[object]) -> None:
        for snapshot in said:
            hear(Snapshot.model_validate(snapshot))

    return Aside(root, IS_COMPOSER, f"all => all.length === 1 ? all.map({_SNAPSHOT}) : []", each)


def rest_of(
    root: Locator,
    *,
    rest: int,
    empty_rest: int,
    pause: int,
    most: int,
    beyond: int | None = None,
    beside: Sequence[Aside] = (),
) -> Rest:
    """The entries once `rest` looks, `pause` milliseconds apart, changed nothing; `empty_rest` where there are none.

    At most `most` looks are taken. With `beyond`, older entries are awaited: it ends as soon as there are more than so
    many, and a sign of loading counts wherever it stands.
    """
    wanted = {"rest": rest, "empty_rest": empty_rest, "pause": pause, "most": most, "beyond": beyond}
    return Rest.model_validate(said_by(root, _AT_REST, wanted, own=IS_COMPOSER, beside=beside))


def first_of(root: Locator) -> ElementHandle | None:
    """The oldest entry shown now."""
    return root.evaluate_handle(_FIRST).as_element()


def scroll_up(root: Locator, timeout: float) -> None:
    """Bring the oldest message into view, and the conversation to its top, so that older ones load.

    `timeout` is in milliseconds.
    """
    if (first := first_of(root)) is not None:
        first.scroll_into_view_if_needed(timeout=timeout)
        first.evaluate(_TO_TOP)
