"""The cards of the catch-up page: birthdays, other moments, and what stands between them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from linkedin_pipelines_tests.lookalike.site.labels import short_day
from linkedin_pipelines_tests.lookalike.site.markup import Page
from linkedin_pipelines_tests.lookalike.site.people import Person, days_late
from linkedin_pipelines_tests.lookalike.site.world import World

PAGE = "/flagship-web/rsc-action/actions/pagination"


@dataclass
class Card:
    """One list item: a person's moment, or an advertisement (``ad``)."""

    p: Person
    late: int = 0
    moment: str = ""
    text: str = ""
    label: str = ""
    href: str = ""
    sent: bool = False
    ad: bool = False
    before: str = ""
    word: str = ""
    after: str = ""


def _moment(world: World, page: Page, p: Person, kind: str, late: int) -> Card:
    words = world.words()
    if kind == "work":
        moment, text = words["moment_work"].format(first=p.first), words["wish_work"]
    elif late == 0:
        moment, text = words["moment_today"].format(first=p.first), words["wish_today"]
    else:
        assert p.birthday
        when = short_day(world.case.language, *p.birthday)
        moment, text = words["moment_late"].format(first=p.first, date=when), words["wish_late"]
    href = page.compose(p, world.case.options.card_opens, body=text, context="PROPS_HOME")
    sent = kind == "birthday" and any(
        m.sender == "me" and m.when.date() == world.today for m in world.threads.get(p.urn, [])
    )
    card = Card(p, late, moment, text, words["message_with"].format(first=p.first, text=text), href, sent)
    word = words["today"]
    for cut in (word, word.lower()):
        if cut in moment:
            card.before, card.word, card.after = moment.partition(cut)
            return card
    card.before = moment
    return card


def deck(world: World, page: Page, tab: str) -> tuple[list[Card], int]:
    """All cards of a tab in the page's order, and the number that the heading counts."""
    people = [(p, days_late(p.birthday, world.today)) for p in world.stage.people if p.degree == 1]
    born = sorted(((p, n) for p, n in people if n is not None and n <= 20), key=lambda pair: pair[1])
    far = [p for p, n in people if n is None or n > 60]
    switch = world.stage.trap("headline_birthday_word")
    workers = [world.stage.person(switch.at.slug)] if switch else []
    workers += [p for p in far[5:9] if p not in workers]
    birthdays = [_moment(world, page, p, "birthday", n) for p, n in born]
    cards = list(birthdays) if tab in ("birthday", "all") else []
    if tab in ("work_anniversaries", "all"):
        for n, p in enumerate(workers):
            cards.insert(min(1 + 2 * n, len(cards)), _moment(world, page, p, "work", 0))
    count = len(cards)
    twice = world.stage.trap("duplicate_cards")
    if twice and tab in ("birthday", "all"):
        again = next((c for c in cards if c.p.slug == twice.at.slug), None)
        cards += [again] if again else []
        count += 1 if again else 0
    if world.trap("count_mismatch"):
        count += 3
    if world.trap("empty_list_but_count_says_12"):
        cards, count = [], 12
    if len(cards) > 1:
        cards.insert(2, Card(world.me, ad=True))
    return cards, count


def more_url(tab: str, start: int, total: int) -> str:
    """Where the next cards come from; empty at the end."""
    query = urlencode({"sduiid": "com.linkedin.sdui.pagers.mynetwork.catchup", "tab": tab, "start": start})
    return f"{PAGE}?{query}" if start < total else ""
