"""What people write when they wish a happy birthday, and when they ask to be left alone: data, one entry a language.

Texts are compared after `comparable`: lower case, straight apostrophes, single blanks, no markup. A language is added
by adding its entry; every pattern of every language is tried on every message, since people mix them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cached_property

WISHES: dict[str, tuple[str, ...]] = {
    "en": (
        r"\bhappy,?(?: \S+){0,3} (?:birthday|b-?day|b'day)",
        r"\bbelated (?:birthday|b-?day)",
        r"\bbirthday (?:wishes|greetings)\b",
        r"\bmany happy returns\b",
        (
            r"\b(?:great|wonderful|fantastic|amazing|awesome|lovely|fabulous|nice|beautiful|special|joyful|best) "
            r"(?:birthday|b-?day)\b"
        ),
        r"\b(?:enjoy|celebrate) your (?:birthday|b-?day)\b",
        r"\bhbd\b",
        r"\bbest wishes (?:for|on) your birthday\b",
    ),
    "fr": (
        (
            r"\b(?:joyeux|bon|bel|heureux|excellent|super)(?: et \S+)? anniv(?:ersaire)?\b"
            r"(?! (?:professionnel|de travail|d'entreprise))"
        ),
        r"\banniversaire avec (?:un peu de )?retard\b",
        r"\bbonne fête d'anniversaire\b",
        r"\b(?:vœux|voeux|pensée|choses)\b.{0,30} anniversaire\b(?! (?:professionnel|de travail|d'entreprise))",
        r"\banniversaire (?:très )?(?:joyeux|heureux)\b",
        r"\bmerveilleux anniversaire\b",
    ),
    "de": (
        r"\b(?:alles|alle) (?:liebe|gute)(?: \S+){0,5} (?:geburtstag|wiegenfest|ehrentag)\b",
        r"\bglückw[uü]nsch\S*(?: \S+){0,4} (?:geburtstag|ehrentag)\b",
        r"\bgratulier\S*(?: \S+){0,4} geburtstag\b",
        r"\b(?:schönen|tollen|wunderschönen|guten|frohen) geburtstag\b",
        r"\bgeburtstags(?:grüße|grüsse|wünsche|glückwünsche)\b",
        r"\balles gute nachträglich\b",
        r"\b(?:grüße|grüsse|wünsche|schönes)\b.{0,30} geburtstag\b",
    ),
    "es": (
        r"\b(?:feliz|felices)(?: \S+)? cumple(?:años)?\b",
        r"\bfelicidades (?:por|en) tu (?:cumpleaños|cumple|día)\b",
        r"\bque cumplas muchos\b",
        r"\bque cumpla muchos más\b",
        r"\b(?:deseos|felicidades|felicitaciones|cosas buenas)\b.{0,30} cumpleaños\b",
    ),
    "it": (r"\bbuon compleanno\b", r"\bauguri(?: \S+){0,3} compleanno\b"),
    "pt": (r"\bfeliz aniversário\b", r"\bparabéns pel[oa] (?:seu|teu) aniversário\b", r"\bfeliz anivers\b"),
    "nl": (r"\b(?:fijne|gelukkige|prettige) verjaardag\b", r"\bgefeliciteerd(?: \S+){0,3} verjaardag\b"),
    "sv": (r"\bgrattis på (?:\S+ )?(?:födelsedagen|bemärkelsedagen)\b",),
    "pl": (r"\bwszystkiego najlepszego(?: \S+){0,3} urodzin\b", r"\bsto lat\b"),
    "tr": (r"\bdoğum günün(?:üz)?(?: \S+)? kutlu olsun\b", r"\biyi ki doğdun\b"),
    "ru": (r"\bс (?:\S+ )?дн[её]м рождения\b",),
    "ja": (r"誕生日おめでとう",),
    "zh": (r"生日快[乐樂]",),
}

THANKS: dict[str, tuple[str, ...]] = {
    "en": (
        (
            r"\b(?:thanks|thank you|thx|thank u|ty)(?: \S+){0,4} for (?:(?!and\b)[^\s,.!?;]+ ){0,5}"
            r"(?:birthday|b-?day)\S*(?: (?:wish|greeting|message)\S*)?"
        ),
    ),
    "fr": (r"\bmerci(?: \S+){0,4} pour (?:(?!et\b)[^\s,.!?;]+ ){0,5}anniv\w*",),
    "de": (r"\bdank\S*(?: \S+){0,4} für (?:(?!und\b)[^\s,.!?;]+ ){0,5}geburtstag\S*",),
    "es": (r"\bgracias(?: \S+){0,4} por (?:(?!y\b)[^\s,.!?;]+ ){0,5}cumple\w*",),
}
"""Thanks for a wish received: they hold the same words and wish nothing. Taken out before a wish is looked for."""

_WRITE_EN = r"(?:messag|contact|writ|text|email|e-mail|spamm|bother|ping|harass|pester)"

STOPS: dict[str, tuple[str, ...]] = {
    "en": (
        rf"\bstop {_WRITE_EN}ing(?: to)? me\b",
        rf"\b(?:please|pls|kindly)(?: \S+)? stop {_WRITE_EN}ing\b",
        r"\b(?:please|pls|kindly) stop(?: it| this| now)?(?=[.!]|$)",
        r"\bstop sending (?:me|these|this|such|those|any)\b",
        (
            r"\b(?:do not|don't|dont|never)(?: ever| please)? "
            r"(?:message|contact|write(?: to)?|text|email|e-mail|bother) me"
            r"(?: again| any ?more| ever again)?(?=[.!,;]|$)"
        ),
        r"\b(?:do not|don't|dont)(?: ever)? send me (?:any )?(?:more )?(?:birthday )?(?:messages|wishes|emails)\b",
        r"\bno more (?:birthday )?(?:messages|wishes)\b",
        r"\b(?:remove me from|take me off) (?:your|this|the) (?:\S+ )?(?:list|contacts)\b",
        r"\bleave me alone\b",
        r"\b(?:please|kindly|just) (?:do not|don't) (?:messag|writ|contact|text|spam|send)",
        r"^unsubscribe(?: me)?[.! ]*$",
    ),
    "fr": (
        (
            r"\b(?:arrêtez?|cess(?:e|ez)) (?:s'il (?:vous|te) plaît )?(?:de |d')(?:m'|me )"
            r"(?:écrire|contacter|envoyer|solliciter|importuner|déranger|spammer)"
        ),
        (
            r"\b(?:merci|prière|veuillez|je vous prie) (?:bien )?(?:vouloir )?(?:de )?ne plus (?:m'|me )"
            r"(?:écrire|contacter|envoyer|solliciter|importuner|déranger)"
        ),
        r"\bne (?:m'|me )(?:écri(?:s|vez)|contact(?:e|ez)|envo(?:ie|yez)|sollicit(?:e|ez)|dérang(?:e|ez)) plus\b",
        r"\blaiss(?:e|ez)-moi tranquille\b",
        r"\b(?:veuillez|merci de|prière de) (?:arrêter de|cesser de) m(?:'|e )",
        r"\bne m(?:'|e )(?:écrivez|contactez|écris|contacte) pas\b",
        r"^(?:désabonnement|désinscription)[.! ]*$",
        r"\bplus de messages,? (?:s'il (?:vous|te) plaît|svp|stp|merci)\b",
    ),
    "de": (
        (
            r"\bh(?:ö|oe)r(?:en sie)?(?: bitte)? auf,? mi(?:r|ch)(?: \S+){0,3} "
            r"zu (?:schreiben|kontaktieren|schicken|senden)"
        ),
        r"\bschreib(?:en sie|t)? mir(?: bitte)? (?:nicht|nie)(?: mehr| wieder)\b",
        r"\bkontaktier(?:e|en sie)? mich(?: bitte)? (?:nicht|nie)(?: mehr| wieder)\b",
        r"\bbitte(?: \S+){0,3} keine(?: weiteren)? nachrichten(?: mehr)?\b",
        r"\bbitte nicht mehr (?:schreiben|kontaktieren|anschreiben)\b",
        r"\blass(?:en sie|t)? mich(?: bitte)? in ruhe\b",
    ),
    "es": (
        r"\bdej(?:a|e|en|ad) de (?:escribirme|contactarme|enviarme|mandarme|molestarme)\b",
        (
            r"\bno me (?:escrib(?:as|a|an)|contact(?:es|e|en)|env[ií](?:es|e|en)|mand(?:es|e|en)|molest(?:es|e|en)) "
            r"(?:más|nunca más)\b"
        ),
        r"\bno (?:quiero|deseo)(?: recibir)? más mensajes\b",
        r"\bd[ée]j[ae]n?me en paz\b",
        r"^(?:basta|cancelar suscripción)[.! ]*$",
    ),
    "it": (r"\bsmett(?:i|a|ila|etela) di (?:scrivermi|contattarmi|mandarmi)", r"\bnon (?:scrivermi|contattarmi) più\b"),
    "pt": (
        r"\bpar[ea] de me (?:escrever|contactar|contatar|enviar|mandar)",
        r"\bnão me (?:escreva|contacte|contate) mais\b",
    ),
    "nl": (r"\bstop met (?:mij |me )?(?:berichten|schrijven|contacteren)", r"\blaat me met rust\b"),
}

NOT_STOPS: dict[str, tuple[str, ...]] = {
    "en": (
        r"\b(?:do not|don't|dont|never|can't|cannot|won't|didn't|couldn't|not) (?:please )?stop\b",
        r"\b(?:him|her|them|people|everyone|recruiters|bots|they|he|she|who|to) (?:to )?(?:please )?stop\b",
        r"\bif (?:you|he|she|they) (?:do not|don't|dont|never) (?:message|contact|write|text|email)\b",
        r"\bwhy don't you\b",
    ),
}
"""Sentences that hold the words of a request and are none."""

STOP_LENGTH = 400
"""Characters beyond which a message is a letter or an advertisement with a footer, not a request to stop."""

_TAG = re.compile(r"<[^<>]{0,500}>")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00b4": "'", "`": "'"})


class _Phrases:
    """A table as one pattern, compiled when it is first asked: most processes that know the rules read no message."""

    def __init__(self, table: dict[str, tuple[str, ...]]) -> None:
        self._table = table

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for patterns in self._table.values() for pattern in patterns))


_WISH, _THANK, _STOP, _NOT_STOP = _Phrases(WISHES), _Phrases(THANKS), _Phrases(STOPS), _Phrases(NOT_STOPS)
_BARE_STOP = re.compile(r"(?:please,? )?stop(?:,? please)?[.! ]*")


def plain(text: str) -> str:
    """A message as it was read by people: LinkedIn exports some with HTML markup and entities."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    return html.unescape(text) if "&" in text else text


def comparable(text: str) -> str:
    """A message in the form that the patterns are written for."""
    folded = unicodedata.normalize("NFKC", plain(text)).translate(_APOSTROPHES).lower()
    return " ".join(folded.split())


def is_wish(text: str) -> bool:
    """Whether a message wishes its reader a happy birthday."""
    message = comparable(text)
    if _WISH.pattern.search(message) is None:
        return False
    return _WISH.pattern.search(_THANK.pattern.sub(" ", message)) is not None


def is_stop_request(text: str) -> bool:
    """Whether a message asks its reader to send no more messages."""
    message = comparable(text)
    if len(message) > STOP_LENGTH:
        return False
    if _BARE_STOP.fullmatch(message):
        return True
    return any(
        _STOP.pattern.search(sentence) and not _NOT_STOP.pattern.search(sentence)
        for sentence in re.split(r"(?<=[.!?])\s+", message)
    )
