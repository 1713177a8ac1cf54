"""Named cases: ``CASES[name]`` is a case in its JSON form. The truth of each is told by the server."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
LANGUAGES = ("en", "fr", "de", "es", "nl")
GENERATIONS = ("sdui", "viewname", "ember")
CASES: dict[str, Json] = {}

# The messaging of every generation of today is still Ember; ``all-`` cases go beyond that.
EMBER_MESSAGING = {"composer": "ember", "thread": "ember"}
MIXED = {
    "chrome": "sdui",
    "feed": "sdui",
    "catchup": "sdui",
    "profile": "viewname",
    "search": "viewname",
    "sent_invitations": "ember",
}


def _add(name: str, kind: str, generation: str, language: str, **more: Any) -> None:
    assert name not in CASES, name
    surfaces: Mapping[str, str] = more.pop("surfaces", EMBER_MESSAGING)
    CASES[name] = {
        "name": name,
        "kind": kind,
        "generation": generation,
        "language": language,
        "surfaces": dict(surfaces),
        **more,
    }


def _benign(label: str, generation: str, language: str, **more: Any) -> None:
    _add(f"benign-{label}", "benign", generation, language, **more)


def _trap(
    trap: str, skin: tuple[str, str], variant: str = "", suffix: str = "", *, at: Any = None, **more: Any
) -> None:
    switch = {"name": trap, "variant": variant} | ({"at": at} if at else {}) | more.pop("args", {})
    parts = ["trap", trap, *([variant] if variant else []), *skin, *([suffix] if suffix else [])]
    _add("-".join(parts), "hostile", *skin, traps=[switch], **more)


def _stop(stop: str, skin: tuple[str, str], where: str, at: Any, variant: str = "", **more: Any) -> None:
    parts = ["stop", stop, *([variant] if variant else []), where, *skin]
    _add("-".join(parts), "hostile", *skin, stops=[{"name": stop, "at": at, "variant": variant}], **more)


# --- benign ------------------------------------------------------------------------------------
for generation in GENERATIONS:
    for language in LANGUAGES:
        _benign(f"{generation}-{language}", generation, language)
for generation in ("sdui", "viewname"):
    for language in LANGUAGES:
        _benign(f"all-{generation}-{language}", generation, language, surfaces={})
for language in ("en", "fr", "de", "es"):
    _benign(
        f"mixed-{language}",
        "ember",
        language,
        surfaces=MIXED | EMBER_MESSAGING,
        options={"dialogs": "shadow", "doubled_text": True},
    )
for generation, language in zip(GENERATIONS, ("en", "fr", "de"), strict=True):
    _benign(f"doubled-{generation}-{language}", generation, language, options={"doubled_text": True})
    _benign(f"inner-label-{generation}-{language}", generation, language, options={"inner_label": True})
    _benign(
        f"full-page-{generation}-{language}",
        generation,
        language,
        options={"card_opens": "page", "profile_opens": "page"},
    )
    _benign(
        f"slow-render-{generation}-{language}",
        generation,
        language,
        options={"hydrate_ms": 1200, "history_delay_ms": 1200},
    )
    _benign(f"many-{generation}-{language}", generation, language, cast={"today": 6, "late": 4})
    _benign(f"nobody-{generation}-{language}", generation, language, cast={"today": 0, "late": 0, "old": 0})
_benign(
    "tags-button-sdui-en",
    "sdui",
    "en",
    controls={"catchup": "button", "profile": "button", "sent_invitations": "button"},
)
_benign("tags-a-viewname-es", "viewname", "es", controls={"catchup": "a", "profile": "a", "sent_invitations": "a"})
_benign("tags-a-ember-fr", "ember", "fr", controls={"catchup": "a", "profile": "a", "sent_invitations": "a"})
_benign("send-div-ember-en", "ember", "en", controls={"composer": "div"})
for language in ("en", "fr", "de", "es"):
    _benign(f"late-{language}", "sdui", language, cast={"today": 1, "late": 4}, options={"birthday_source": "site"})
_benign("search-200-sdui-en", "sdui", "en", options={"search_total": 200})
_benign("search-200-ember-fr", "ember", "fr", options={"search_total": 200})
for language, generation in zip(("en", "fr", "de", "es"), ("sdui", "ember", "viewname", "sdui"), strict=True):
    _benign(
        f"invitations-120-{generation}-{language}",
        generation,
        language,
        options={"invitations": 120, "auto_loads": 4, "page_size": 18},
    )

# --- traps: wrong person ---------------------------------------------------------------------------
S_EN, S_FR, S_DE, S_ES = (("sdui", code) for code in ("en", "fr", "de", "es"))
E_EN, E_FR, E_DE, E_ES = (("ember", code) for code in ("en", "fr", "de", "es"))
V_EN, V_FR, V_DE, V_ES = (("viewname", code) for code in ("en", "fr", "de", "es"))
PAGES = {"card_opens": "page", "profile_opens": "page"}

for skin in (S_EN, E_FR, V_DE):
    _trap("same_name_twins", skin)
for skin in (S_EN, E_FR, V_ES):
    _trap("same_name_twins", skin, "swap")
for skin in (S_FR, E_EN, V_DE):
    _trap("rail_message_controls", skin)
for skin in (S_EN, E_FR, S_ES):
    _trap("rail_message_controls", skin, "in_main")
for skin in (S_EN, E_FR, V_ES):
    _trap("open_bubble_of_other", skin)
_trap("open_bubble_of_other", S_EN, suffix="after-one", at={"after_deliveries": 1})
_trap("open_bubble_of_other", E_DE, suffix="on-birthday-person", args={"other": "@today2"})
for skin in (S_FR, E_EN):
    _trap("open_bubble_of_other", skin, "stuck")
for skin in (S_EN, E_FR, V_DE):
    _trap("stale_draft_for_other", skin)
for skin in (S_ES, E_EN):
    _trap("stale_draft_for_other", skin, "late")
for skin in (S_FR, E_EN, V_ES):
    _trap("prefilled_body", skin)
for skin in (S_EN, E_FR, V_DE):
    _trap("unaddressed_composer", skin)
_trap("unaddressed_composer", S_ES, suffix="page", options=PAGES)
for skin in (S_EN, E_FR, V_DE):
    _trap("redirect_to_previous_profile", skin)
_trap("redirect_to_previous_profile", S_ES, suffix="page", options=PAGES)
for variant in ("paywall", "open_profile"):
    for skin in (S_EN, E_FR, V_DE):
        _trap("second_degree_with_message_button", skin, variant)
for skin in (S_DE, E_EN, V_FR):
    _trap("inmail_subject", skin)
for skin in (S_EN, E_FR):
    _trap("say_hello_widget", skin)
for skin in (S_EN, E_ES):
    _trap("name_is_self", skin)

# --- traps: wrong proof -------------------------------------------------------------------------------
for skin in (S_EN, E_FR, V_DE):
    _trap("last_year_same_wish_in_thread", skin)
for skin in (S_FR, E_EN):
    _trap("last_year_same_wish_in_thread", skin, "lost")
for skin in (S_EN, E_FR, V_ES):
    _trap("wished_by_hand_today", skin)
_trap("wished_by_hand_today", S_DE, "unrelated")
for skin in (S_EN, E_DE):
    _trap("their_event_only", skin, "lost")
_trap("their_event_only", S_FR, "recorded")
for skin in (S_EN, E_FR):
    _trap("send_fails_after_click", skin, "mark")
for skin in (S_ES, E_EN):
    _trap("send_fails_after_click", skin, "keeps_text")
for variant in ("hang", "blank"):
    _trap("delivered_but_page_dies", S_EN, variant)
_trap("delivered_but_page_dies", E_FR, "hang")
_trap("slow_event_8s", S_EN)
_trap("slow_event_8s", E_FR, "cleared")
for skin in (S_EN, E_DE):
    _trap("enter_sends", skin)
for skin in (S_EN, E_FR):
    _trap("share_contact_prompt", skin)
_trap("share_contact_prompt", S_ES, suffix="shadow", options={"dialogs": "shadow"})

# --- traps: misread pages --------------------------------------------------------------------------------
for skin in (S_FR, E_FR, V_FR):
    _trap("thierry_hier_card", skin)
for skin in (S_EN, E_FR):
    _trap("headline_30_days", skin)
for skin in (S_EN, V_FR):
    _trap("headline_birthday_word", skin)
for skin in (S_EN, E_FR):
    _trap("shell_without_main", skin, "list")
_trap("shell_without_main", S_DE, "list", suffix="site-only", options={"birthday_source": "site"})
for skin in (S_EN, E_FR):
    _trap("shell_without_main", skin, "person")
for skin in (S_EN, E_FR, V_DE):
    _trap("empty_list_but_count_says_12", skin, options={"birthday_source": "site"})
for skin in (S_EN, E_ES):
    _trap("count_mismatch", skin, options={"birthday_source": "site"})
for skin in (S_EN, E_FR, V_DE):
    _trap("duplicate_cards", skin)

# --- traps: awkward controls --------------------------------------------------------------------------------
for skin in (S_EN, E_FR, V_ES):
    _trap("button_as_div", skin)
for skin in (E_EN, V_FR):
    _trap("name_h2", skin)
for variant in ("profile", "everywhere", "clears"):
    _trap("overlay_intercepts_click", S_EN, variant)
_trap("overlay_intercepts_click", E_FR, "everywhere")
for skin in (S_EN, E_FR, V_DE):
    _trap("shadow_dialog", skin)
for skin in (S_EN, E_FR):
    _trap("editor_newlines", skin)
_trap("editor_newlines", S_ES, suffix="shadow", options={"dialogs": "shadow"})
for trap in ("withdraw_dialog_other_name", "withdraw_without_dialog"):
    _trap(trap, S_EN)
    _trap(trap, E_FR)

# --- stop signs ---------------------------------------------------------------------------------------------
FIRST, ONE = "first_request", {"after_deliveries": 1}
PERSON = {"slug": "@today1"}
_stop("signed_out_redirect", S_EN, "first", FIRST, "login")
_stop("signed_out_redirect", E_FR, "first", FIRST, "uas")
_stop("signed_out_redirect", S_DE, "after1", ONE, "login")
for stop in (
    "authwall",
    "redirect_loop",
    "checkpoint_app",
    "checkpoint_pin",
    "checkpoint_captcha",
    "http_429_tiny",
    "http_999",
):
    _stop(stop, S_EN, "first", FIRST)
    _stop(stop, E_FR, "after1", ONE)
for stop in ("http_429_tiny", "checkpoint_app", "http_503", "hang_30s"):
    _stop(stop, S_EN, "person", PERSON)
_stop("http_429_tiny", V_DE, "catchup", {"surface": "catchup"})
for stop in ("weekly_limit_dialog", "limit_toast", "limit_in_shadow"):
    _stop(stop, S_EN, "first-send", FIRST)
    _stop(stop, E_EN, "after1", ONE, "send")
    _stop(stop, S_FR, "after1", ONE, "send")
    _stop(stop, S_EN, "first-page", FIRST, "page")
_stop("temporarily_restricted_page", S_EN, "first", FIRST)
_stop("temporarily_restricted_page", E_EN, "after1", ONE)
_stop("temporarily_restricted_page", S_FR, "first", FIRST)
_stop("http_503", S_EN, "first", FIRST)
_stop("http_503", E_FR, "after1", ONE)
_stop("hang_30s", S_EN, "first", FIRST)
_stop("session_expires_after_n", S_EN, "after1", ONE)
_stop("session_expires_after_n", E_FR, "after2", {"after_deliveries": 2})
