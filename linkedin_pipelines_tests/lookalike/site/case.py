"""One case: which markup, which language, which traps and stop signs, and where each fires."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, cast

SURFACES = ("chrome", "feed", "catchup", "profile", "composer", "thread", "search", "sent_invitations")
GENERATIONS = ("sdui", "viewname", "ember")
LANGUAGES = ("en", "fr", "de", "es", "nl")
TAGS = ("button", "a", "div")
DEFAULT_TAGS = {
    "sdui": {"catchup": "a", "profile": "a", "composer": "button", "sent_invitations": "a"},
    "viewname": {"catchup": "button", "profile": "button", "composer": "button", "sent_invitations": "button"},
    "ember": {"catchup": "button", "profile": "button", "composer": "button", "sent_invitations": "button"},
}
CAST = {"today": 2, "late": 1, "old": 3}
Kind = Literal["benign", "hostile"]


class CaseError(ValueError):
    """A case names something the site does not know; the message says what."""


@dataclass(frozen=True)
class Trigger:
    """Where a switch fires: every part that is set must hold. Nothing set is the first request."""

    after_deliveries: int = 0
    slug: str = ""
    surface: str = ""

    def fires(self, deliveries: int, slug: str, surface: str) -> bool:
        """Whether a request for this person and surface, after so many deliveries, meets the switch."""
        return (
            deliveries >= self.after_deliveries
            and (not self.slug or self.slug == slug)
            and (not self.surface or self.surface == surface)
        )


@dataclass(frozen=True)
class Switch:
    """A trap or a stop sign, switched on."""

    name: str
    at: Trigger = field(default_factory=Trigger)
    variant: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """Delays in milliseconds and the page habits that are no traps."""

    event_delay_ms: int = 250
    history_delay_ms: int = 150
    hydrate_ms: int = 80
    page_size: int = 3
    auto_loads: int = 1
    doubled_text: bool = False
    inner_label: bool = False
    dialogs: Literal["light", "shadow"] = "light"
    card_opens: Literal["overlay", "page"] = "overlay"
    profile_opens: Literal["overlay", "page"] = "overlay"
    late_days: int = 7
    birthday_source: Literal["site", "files", "both"] = "both"
    search_total: int = 24
    invitations: int = 8


@dataclass(frozen=True)
class Case:
    """Everything the site needs to play one situation."""

    name: str
    kind: Kind
    language: str = "en"
    surfaces: Mapping[str, str] = field(default_factory=dict)
    controls: Mapping[str, str] = field(default_factory=dict)
    cast: Mapping[str, int] = field(default_factory=lambda: dict(CAST))
    options: Options = field(default_factory=Options)
    traps: tuple[Switch, ...] = ()
    stops: tuple[Switch, ...] = ()

    def tag(self, surface: str) -> str:
        """The element that plays a control on a surface."""
        if surface in self.controls:
            return self.controls[surface]
        return DEFAULT_TAGS[self.surfaces[surface]].get(surface, "button")


def _only(data: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    unknown = sorted(set(data) - set(allowed))
    if unknown:
        raise CaseError(f"{where}: unknown key {unknown[0]!r}; known: {', '.join(allowed)}")


def _one_of(value: str, allowed: tuple[str, ...], where: str) -> str:
    if value not in allowed:
        raise CaseError(f"{where}: {value!r} is none of {', '.join(allowed)}")
    return value


def _trigger(data: Any, where: str) -> Trigger:
    if data in (None, "first_request"):
        return Trigger()
    if not isinstance(data, dict):
        raise CaseError(f"{where}: 'at' is \"first_request\" or an object")
    _only(data, ("after_deliveries", "slug", "surface"), where)
    if "surface" in data:
        _one_of(data["surface"], (*SURFACES, "connections"), where)
    return Trigger(int(data.get("after_deliveries", 0)), data.get("slug", ""), data.get("surface", ""))


def _switch(data: Any, where: str) -> Switch:
    if isinstance(data, str):
        return Switch(data)
    if not isinstance(data, dict) or "name" not in data:
        raise CaseError(f"{where}: a switch is a name or an object with 'name'")
    args = {k: v for k, v in data.items() if k not in ("name", "at", "variant")}
    return Switch(data["name"], _trigger(data.get("at"), f"{where}.{data['name']}"), data.get("variant", ""), args)


def from_dict(data: Mapping[str, Any]) -> Case:
    """A case from its JSON form (see README); raises CaseError on anything unknown."""
    allowed = ("generation", *(f.name for f in fields(Case)))
    _only(data, allowed, "case")
    everywhere = _one_of(data.get("generation", "sdui"), GENERATIONS, "generation")
    given = data.get("surfaces", {})
    _only(given, SURFACES, "surfaces")
    surfaces = {s: _one_of(given.get(s, everywhere), GENERATIONS, f"surfaces.{s}") for s in SURFACES}
    controls = data.get("controls", {})
    _only(controls, SURFACES, "controls")
    for surface, tag in controls.items():
        _one_of(tag, TAGS, f"controls.{surface}")
    options = data.get("options", {})
    _only(options, tuple(f.name for f in fields(Options)), "options")
    casting = CAST | data.get("cast", {})
    _only(casting, tuple(CAST), "cast")
    return Case(
        name=data["name"],
        kind=cast("Kind", _one_of(data.get("kind", "benign"), ("benign", "hostile"), "kind")),
        language=_one_of(data.get("language", "en"), LANGUAGES, "language"),
        surfaces=surfaces,
        controls=controls,
        cast=casting,
        options=Options(**options),
        traps=tuple(_switch(s, "traps") for s in data.get("traps", [])),
        stops=tuple(_switch(s, "stops") for s in data.get("stops", [])),
    )


def to_dict(case: Case) -> dict[str, Any]:
    """The JSON form of a case, the inverse of `from_dict`."""

    def switch(s: Switch) -> dict[str, Any]:
        at = {k: v for k, v in asdict(s.at).items() if v}
        return {"name": s.name, "at": at or "first_request", "variant": s.variant, **s.args}

    out = {f.name: getattr(case, f.name) for f in fields(Case)}
    out["surfaces"], out["controls"], out["cast"] = dict(case.surfaces), dict(case.controls), dict(case.cast)
    out["options"] = asdict(case.options)
    out["traps"] = [switch(s) for s in case.traps]
    out["stops"] = [switch(s) for s in case.stops]
    return out
