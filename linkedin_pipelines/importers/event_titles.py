"""Whose birthday, or death, an event's title tells of, language by language.

What belongs here: the words that programs and people write. A title is a birthday's only if nothing else stands in it.
"""

from __future__ import annotations

import re

from linkedin_pipelines.domain.names import DEATH_MARKS

TITLES: dict[str, tuple[str, ...]] = {
    "en": (
        r"(?P<name>.+?)(?:'s|')? (?:\d{1,3}(?:st|nd|rd|th) )?(?:birthday|b-?day)",
        r"(?:birthday|b-?day)(?: of|:| -) ?(?P<name>.+)",
        r"(?P<name>.+?) ?[-–—:] (?:birthday|b-?day)",
        r"(?P<name>.+?) \((?:birthday|b-?day)\)",
        r"happy birthday,? (?P<name>.+?)!*",
    ),
    "fr": (
        r"(?:l')?anniversaire (?:de |d'|: ?|- )(?P<name>.+)",
        r"anniversaire ?: ?(?P<name>.+)",
        r"(?P<name>.+?) ?[-–—:] anniversaire",
        r"(?P<name>.+?) \(anniversaire\)",
    ),
    "de": (
        r"(?P<name>.+?) hat (?:heute )?geburtstag",
        r"(?:\d{1,3}\. )?geburtstag(?: von|:| -) (?P<name>.+)",
        r"(?P<name>.+?)(?:'s?|(?P<glued>s))? (?:\d{1,3}\. )?geburtstag",
        r"(?P<name>.+?) ?[-–—:] (?:\d{1,3}\. )?geburtstag",
        r"(?P<name>.+?) \(?geburtstag\)?",
    ),
    "es": (r"cumple(?:años)?(?: de|:| -) (?P<name>.+)", r"(?P<name>.+?) ?[-–—:]? ?\(?cumpleaños\)?"),
    "it": (r"compleanno(?: di|:| -) (?P<name>.+)", r"(?P<name>.+?) ?[-–—:]? ?\(?compleanno\)?"),
    "pt": (
        r"(?:aniversário|niver)(?: de| do| da|:| -) (?P<name>.+)",
        r"(?P<name>.+?) ?[-–—:]? ?\(?aniversário\)?",
    ),
    "ca": (r"aniversari (?:de |d'|: ?)(?P<name>.+)",),
    "nl": (
        r"(?:\d{1,3}e )?verjaardag(?: van|:| -) (?P<name>.+)",
        r"(?P<name>.+?) is jarig",
        r"(?P<name>.+?)(?:'s?|(?P<glued>s))? (?:\d{1,3}e )?verjaardag",
    ),
    "sv": (
        r"(?P<name>.+?)(?:'s|:s|(?P<glued>s))? ?[-–—:]? ?(?:\d{1,3}-?årsdag|födelsedag)",
        r"födelsedag(?: för|:| -) (?P<name>.+)",
    ),
    "da no": (
        r"(?P<name>.+?)(?:'s|'|(?P<glued>s))? ?[-–—:]? ?(?:fødselsdag|bursdag|fødselsdagen|bursdagen)",
        r"(?:fødselsdag|bursdag)(?: for| til|:| -) (?P<name>.+)",
        r"(?P<name>.+?) har (?:fødselsdag|bursdag)",
    ),
    "fi": (r"(?P<name>.+?)(?:'n|:n|(?P<glued>n))? syntymäpäivä", r"syntymäpäivä(?::| -) (?P<name>.+)"),
    "pl": (r"urodziny(?::| -)? (?P<name>.+)", r"(?P<name>.+?) ?[-–—:]? \(?urodziny\)?"),
    "cs sk": (r"(?:narozeniny|narodeniny)(?::| -)? (?P<name>.+)", r"(?P<name>.+?) ?[-–—:]? (?:narozeniny|narodeniny)"),
    "hu": (r"(?P<name>.+?) (?:születésnapja|születésnap|szülinapja)", r"születésnap: (?P<name>.+)"),
    "ro": (r"(?:ziua de naștere a lui|ziua lui|aniversarea lui|zi de naștere:) (?P<name>.+)",),
    "ru": (
        r"(?:день рождения|др)(?::| -| у)? (?P<name>.+)",
        r"(?P<name>.+?) ?[-–—:,]? ?\(?(?:день рождения|др)\)?",
    ),
    "uk": (r"день народження(?::| -)? (?P<name>.+)", r"(?P<name>.+?) ?[-–—:]? ?день народження"),
    "el": (r"γενέθλια(?: του| της|:| -)? (?P<name>.+)",),
    "tr": (
        r"(?P<name>.+?)(?:'(?:n?[ıiuü]n))? (?:doğum günü|yaş günü)",
        r"doğum günü(?::| -) (?P<name>.+)",
    ),
    "ja": (
        r"(?P<name>.+?) ?(?:さん|様|ちゃん|くん|君)? ?の? ?(?:お)?誕生日",
        r"(?:お)?誕生日 ?[::] ?(?P<name>.+)",
    ),
    "zh": (r"(?P<name>.+?) ?的?(?:生日|誕辰)", r"生日 ?[::] ?(?P<name>.+)"),
    "ko": (r"(?P<name>.+?) ?(?:님)?의? ?생일", r"생일 ?[::] ?(?P<name>.+)"),
    "he": (r"יום הולדת(?: ל| של |: ?)(?P<name>.+)", r"יום ההולדת של (?P<name>.+)"),
    "ar": (r"عيد ميلاد:? (?P<name>.+)",),
    "vi id": (r"sinh nhật:? (?:của )?(?P<name>.+)", r"ulang tahun:? (?P<name>.+)"),
}
"""Titles of a birthday event; case, the kind of apostrophe and a cake before do not matter."""

DEATHS = (
    r"(?P<name>.+?)'s? (?:death(?: anniversary)?|passing|anniversary of death|yahrzeit)",
    r"(?:death(?: day| anniversary)?|passing|yahrzeit|remembering) ?(?: of|:| -)? (?P<name>.+)",
    r"anniversary of the death of (?P<name>.+)",
    r"(?:todestag|sterbetag)(?: von|:| -) (?P<name>.+)",
    r"(?P<name>.+?)'?s? (?:todestag|sterbetag)",
    r"(?:anniversaire (?:du décès|de la mort)|décès|mort)(?: de |: ?| d')(?P<name>.+)",
    r"(?:fallecimiento|muerte|aniversario luctuoso)(?: de|:) (?P<name>.+)",
    r"(?:morte|decesso|anniversario della morte|falecimento|óbito)(?: di| de|:) (?P<name>.+)",
    r"(?:sterfdag|overlijden)(?: van|:) (?P<name>.+)",
    r"(?:rocznica śmierci|śmierć)(?::)? (?P<name>.+)",
    r"(?:dödsdag|dødsdag)(?: för| for|:)? (?P<name>.+)",
    r"(?P<name>.+?)s? (?:dödsdag|dødsdag)",
    r"(?:годовщина смерти|день смерти|день памяти)(?::)? (?P<name>.+)",
    r"(?P<name>.+?) ?の?命日",
    r"(?P<name>.+?) ?的?忌日",
    r"(?:rip|r\.i\.p\.),?:? (?P<name>.+)",
)

_LANGUAGES = [re.compile(pattern, re.IGNORECASE) for patterns in TITLES.values() for pattern in patterns]
_DEATHS = [re.compile(pattern, re.IGNORECASE) for pattern in DEATHS]
_BEFORE = re.compile(r"^[\s\U0001F380-\U0001F389\U0001F973\U0001F9C1\U0001F370\u2B50\uFE0F*]+")
_AFTER = re.compile(
    r"\s*(?:[\U0001F380-\U0001F389\U0001F973\U0001F9C1\U0001F370\u2B50\uFE0F!]+|\(\*?\s*(?P<year>\d{4})\)|\(\d{1,3}\))\s*$"
)
_NO_NAME = re.compile(r"(?:my|mum|mom|dad|his|her|our|mein|mon|mi) ?", re.IGNORECASE)


def plain_title(title: str) -> tuple[str, int | None]:
    """The title without ornaments, and the year in brackets behind it."""
    text = " ".join(title[:1000].replace("\u2019", "'").replace("\u02bc", "'").split())
    year = None
    text = _BEFORE.sub("", text)
    while match := _AFTER.search(text):
        year = int(match["year"]) if match["year"] else year
        text = text[: match.start()]
    return text.strip(), year


def born(title: str) -> tuple[str, ...]:
    """Whose birthday a plain title tells of; none if it is no birthday's.

    Two names where a genitive may be glued to one: `Ada Moss födelsedag` is of Ada Moss or of Ada Mos.
    """
    for pattern in _LANGUAGES:
        match = pattern.fullmatch(title)
        if match is None or _NO_NAME.fullmatch(match["name"].strip()):
            continue
        name = match["name"].strip(" -–—:")
        glued = match.groupdict().get("glued")
        return (name + glued, name) if glued else (name,)
    return ()


def died(title: str) -> str | None:
    """Whose death a plain title tells of; None if it is of none."""
    for pattern in _DEATHS:
        if match := pattern.fullmatch(title):
            return str(match["name"]).strip()
    if DEATH_MARKS.search(title):
        bare = " ".join(DEATH_MARKS.sub(" ", title).replace("\ufe0f", "").split())
        return next(iter(born(bare)), "") or re.sub(r"\s*\(.*\)$|^[\s*+]+", "", bare)
    return None
