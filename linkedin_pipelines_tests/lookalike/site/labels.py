"""Words of the interface, one table a language, and its ways to write dates."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from linkedin_pipelines_tests.lookalike.site.case import LANGUAGES

_HERE = Path(__file__).parent / "labels"
DATA: dict[str, dict[str, str]] = {
    code: json.loads((_HERE / f"{code}.json").read_text(encoding="utf-8")) for code in LANGUAGES
}

_LONG = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
_SHORT = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "de": "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "nl": "jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.",
}
_WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
}
_SHORT_DAY = {"en": "{m} {d}", "fr": "{d} {m}", "de": "{d}. {m}", "es": "{d} {m}", "nl": "{d} {m}"}
_LONG_DAY = {"en": "{m} {d}", "fr": "{d} {m}", "de": "{d}. {m}", "es": "{d} de {m}", "nl": "{d} {m}"}
_YEAR = {"en": ", {y}", "fr": " {y}", "de": " {y}", "es": " de {y}", "nl": " {y}"}


def short_day(language: str, month: int, day: int) -> str:
    """Day and abbreviated month, as late cards carry them: ``Nov 10``, ``10 nov.``."""
    return _SHORT_DAY[language].format(d=day, m=_SHORT[language].split()[month - 1])


def long_day(language: str, month: int, day: int, year: int | None = None) -> str:
    """Day and month in full, with the year when there is one."""
    text = _LONG_DAY[language].format(d=day, m=_LONG[language].split()[month - 1])
    return text + _YEAR[language].format(y=year) if year else text


def heading(language: str, day: date, today: date) -> str:
    """The line above the events of one day: today, yesterday, a weekday, a day, a day with its year."""
    if day == today:
        return DATA[language]["today"]
    if day == today - timedelta(days=1):
        return DATA[language]["yesterday"]
    if timedelta(0) < today - day < timedelta(days=7):
        return _WEEKDAYS[language].split()[day.weekday()]
    short = short_day(language, day.month, day.day)
    if day.year == today.year:
        return short
    return f"{short}, {day.year}" if language == "en" else f"{short} {day.year}"


def clock(language: str, when: datetime) -> str:
    """The time of an event: ``11:16 AM`` in English, ``11:16`` elsewhere."""
    return when.strftime("%-I:%M\N{NARROW NO-BREAK SPACE}%p") if language == "en" else when.strftime("%H:%M")


def age(language: str, days: int) -> str:
    """How long ago an invitation was sent, in the coarse units of the page."""
    table = DATA[language]
    if days < 2:
        return table["age_today" if days == 0 else "age_day"]
    if days < 7:
        return table["age_days"].format(n=days)
    if days < 30:
        return table["age_week"] if days < 14 else table["age_weeks"].format(n=days // 7)
    if days < 365:
        return table["age_month"] if days < 60 else table["age_months"].format(n=days // 30)
    return table["age_year"]
