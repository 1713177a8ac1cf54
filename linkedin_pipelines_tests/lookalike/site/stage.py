"""Puts a case on stage: roles become slugs, and the people are changed as the traps need."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from linkedin_pipelines_tests.lookalike.site import labels, signs
from linkedin_pipelines_tests.lookalike.site.case import Case, CaseError, Switch
from linkedin_pipelines_tests.lookalike.site.people import Message, Person, days_late

DEFAULT_WISHES = ("Happy birthday, {first}!",)
STALE_DRAFT = "Hi Rufus, about the invoice of last week: could you"


@dataclass(frozen=True)
class Stage:
    """A case with its people, for one day."""

    case: Case
    people: tuple[Person, ...]
    today: date
    wishes: tuple[str, ...] = DEFAULT_WISHES

    def person(self, slug: str) -> Person:
        """The person of a slug; KeyError when nobody bears it."""
        return next(p for p in self.people if p.slug == slug)

    def trap(self, name: str) -> Switch | None:
        """The switch of a trap, wherever it fires; for page code use `World.trap`."""
        return next((s for s in self.case.traps if s.name == name), None)


def roles(people: Sequence[Person], today: date, late_days: int) -> dict[str, str]:
    """Role names (@today1, @late1, @old1, @other1, @second1, ...) and the slugs that play them."""
    kinds: dict[str, list[tuple[int, str]]] = {"today": [], "late": [], "old": [], "other": [], "second": []}
    for place, p in enumerate(people):
        late = days_late(p.birthday, today)
        if p.degree != 1:
            kinds["second"].append((place, p.slug))
        elif late == 0:
            kinds["today"].append((place, p.slug))
        elif late is not None and late <= late_days:
            kinds["late"].append((late, p.slug))
        elif late is not None and late <= 20:
            kinds["old"].append((place, p.slug))
        elif late is not None and late < 350:
            kinds["other"].append((place, p.slug))
    return {f"@{kind}{n}": slug for kind, found in kinds.items() for n, (_, slug) in enumerate(sorted(found), 1)}


def _resolve(switch: Switch, default_role: str, cast: dict[str, str]) -> Switch:
    def slug(value: Any) -> Any:
        if not (isinstance(value, str) and value.startswith("@")):
            return value
        if value not in cast:
            raise CaseError(f"{switch.name}: nobody plays {value} among these people")
        return cast[value]

    at = switch.at
    if not at.slug and default_role:
        at = replace(at, slug=default_role)
    return replace(switch, at=replace(at, slug=slug(at.slug)), args={k: slug(v) for k, v in switch.args.items()})


def _check(case: Case) -> None:
    for switch in case.traps:
        if switch.name not in signs.TRAPS:
            raise CaseError(f"unknown trap {switch.name!r}")
        if switch.variant and switch.variant not in signs.TRAPS[switch.name].verdicts:
            raise CaseError(f"{switch.name}: unknown variant {switch.variant!r}")
    for switch in case.stops:
        if switch.name not in signs.STOPS:
            raise CaseError(f"unknown stop sign {switch.name!r}")
        if switch.variant and switch.variant not in signs.STOPS[switch.name].variants:
            raise CaseError(f"{switch.name}: unknown variant {switch.variant!r}")


def _this_morning(today: date) -> datetime:
    now = datetime.now(UTC).replace(tzinfo=None)
    morning = datetime.combine(today, time(8, 12))
    return (
        max(datetime.combine(today, time(0, 1)), min(morning, now - timedelta(minutes=90)))
        if now.date() == today
        else morning
    )


def _changed(p: Person, switch: Switch, today: date, wish: str, language: str) -> Person:
    """The person a trap fires on, as the trap needs them."""
    match switch.name:
        case "last_year_same_wish_in_thread":
            late = days_late(p.birthday, today) or 0
            then = today - timedelta(days=late)
            last = then.replace(year=then.year - 1) if (then.month, then.day) != (2, 29) else then - timedelta(days=366)
            answer = labels.DATA[language]["like"]
            talk = (
                Message("me", wish, datetime.combine(last, time(9, 3))),
                Message("them", answer, datetime.combine(last, time(18, 40))),
            )
            return replace(p, thread=talk)
        case "wished_by_hand_today":
            text = wish if switch.variant != "unrelated" else "See you at three, room 4."
            return replace(p, thread=(*p.thread, Message("me", text, _this_morning(today))))
        case "second_degree_with_message_button":
            return replace(p, degree=2, thread=())
        case "thierry_hier_card":
            born = today - timedelta(days=12)
            return replace(p, name="Thierry Vaudrelin", first="Thierry", birthday=(born.month, born.day))
        case "headline_30_days":
            return replace(p, headline="Coach: 30 days ago you dreamt, today you do · il y a 30 jours")
        case "headline_birthday_word":
            return replace(p, headline="Wish me a happy birthday today! Joyeux anniversaire")
        case _:
            return p


def set_stage(case: Case, people: Sequence[Person], today: date, wishes: Sequence[str] = DEFAULT_WISHES) -> Stage:
    """Resolve and check a case against its people; raises CaseError when it cannot be played."""
    _check(case)
    cast = roles(people, today, case.options.late_days)
    traps = []
    for switch in case.traps:
        role = signs.TRAPS[switch.name].role
        if switch.name == "shell_without_main" and switch.variant != "person":
            role = ""
        traps.append(_resolve(switch, role, cast))
    stops = tuple(_resolve(s, "", cast) for s in case.stops)
    case = replace(case, traps=tuple(traps), stops=stops)
    staged = list(people)
    for switch in traps:
        for n, p in enumerate(staged):
            if p.slug == switch.at.slug:
                staged[n] = _changed(p, switch, today, wishes[0].format(first=p.first, name=p.name), case.language)
        if switch.name == "same_name_twins":
            one = next(p for p in staged if p.slug == switch.at.slug)
            twin = twin_slug(switch, cast)
            staged = [replace(p, name=one.name, first=one.first) if p.slug == twin else p for p in staged]
    return Stage(case, tuple(staged), today, tuple(wishes))


def twin_slug(switch: Switch, cast: dict[str, str]) -> str:
    """Who is the twin of `same_name_twins`: the argument ``twin``, or the first other connection."""
    return str(switch.args.get("twin") or cast["@other1"])
