"""The table of traps and stop signs: what each shows, whom it fires on, and which verdicts are right.

Verdicts, best first: D delivered, R refused (nothing went out and the tool says so), Q in doubt,
A the account is stopped. A trap has one entry per variant; the first variant is the default.
"""

from dataclasses import dataclass, field

Verdict = tuple[str, ...]
D: Verdict = ("delivered",)
R: Verdict = ("refused",)
DR: Verdict = ("delivered", "refused")
RD: Verdict = ("refused", "delivered")
RA: Verdict = ("refused", "account_stopped")
RQ: Verdict = ("refused", "in_doubt")
QR: Verdict = ("in_doubt", "refused")
QD: Verdict = ("in_doubt", "delivered")
DQ: Verdict = ("delivered", "in_doubt")
DRA: Verdict = ("delivered", "refused", "account_stopped")
DA: Verdict = ("delivered", "account_stopped")


@dataclass(frozen=True)
class Trap:
    """A trap: the claim that the page makes true, and the right verdict for the person it fires on."""

    about: str
    verdicts: dict[str, Verdict]
    role: str = "@today1"
    list_unknown: bool = False


TRAPS: dict[str, Trap] = {
    "same_name_twins": Trap(
        "another connection bears the same name; 'swap': the person's composer belongs to the twin",
        {"plain": D, "swap": R},
    ),
    "rail_message_controls": Trap(
        "people suggested beside the profile carry message controls; 'in_main': inside main, ahead of the top card",
        {"plain": D, "in_main": D},
    ),
    "open_bubble_of_other": Trap(
        "a conversation bubble of somebody else is open on every page; 'stuck': no other bubble opens",
        {"plain": DR, "stuck": RD},
        role="",
    ),
    "stale_draft_for_other": Trap(
        "the editor opens with a draft meant for somebody else; 'late': it is put in after the editor shows",
        {"plain": DR, "late": DR},
    ),
    "prefilled_body": Trap("the editor opens with LinkedIn's own draft", {"plain": D}),
    "unaddressed_composer": Trap("the composer opens without a recipient", {"plain": R}),
    "redirect_to_previous_profile": Trap(
        "every navigation to the person answers 204, so the old page stays", {"plain": R}
    ),
    "second_degree_with_message_button": Trap(
        "no connection, yet a message control; it opens a paywall, or ('open_profile') an ordinary composer",
        {"paywall": R, "open_profile": R},
    ),
    "inmail_subject": Trap("the composer has a subject field", {"plain": R}),
    "say_hello_widget": Trap(
        "the overlay offers ready-made greetings and no editor; the full page has one", {"plain": DR}
    ),
    "name_is_self": Trap("the profile is the member's own", {"plain": R}),
    "last_year_same_wish_in_thread": Trap(
        "the thread holds last year's wish, same words; 'lost': and the new one never appears",
        {"plain": DR, "lost": QR},
    ),
    "wished_by_hand_today": Trap(
        "the member wrote a wish today; 'unrelated': wrote something else today", {"plain": R, "unrelated": DR}
    ),
    "their_event_only": Trap(
        "after the click only an event of the other side, same words, appears; nothing went out, or ('recorded') it did",
        {"lost": QR, "recorded": QD},
    ),
    "send_fails_after_click": Trap(
        "the POST fails: the bubble shows an error mark, or ('keeps_text') the editor keeps the text under a toast",
        {"mark": RQ, "keeps_text": RQ},
    ),
    "delivered_but_page_dies": Trap(
        "the message goes out and the page hangs, or ('blank') goes blank, before the event shows",
        {"hang": QD, "blank": QD},
    ),
    "slow_event_8s": Trap(
        "the event shows after 8 seconds; 'cleared': the editor empties at once",
        {"plain": DQ, "cleared": DQ},
    ),
    "enter_sends": Trap("the Enter key sends", {"plain": D}, role=""),
    "share_contact_prompt": Trap("a prompt to share contact info follows the first message", {"plain": D}, role=""),
    "thierry_hier_card": Trap("a late card, 12 days old, of a man whose name holds 'hier'", {"plain": R}, role="@old1"),
    "headline_30_days": Trap("the headline of a today card says '30 days ago'", {"plain": D}),
    "headline_birthday_word": Trap(
        "a work anniversary of somebody whose headline says 'birthday today'", {"plain": R}, role="@other1"
    ),
    "shell_without_main": Trap(
        "the page is a shell without <main>; 'person': that person's profile, else the catch-up page",
        {"list": DRA, "person": RA},
        list_unknown=True,
    ),
    "empty_list_but_count_says_12": Trap(
        "no card, but the heading counts 12", {"plain": DRA}, role="", list_unknown=True
    ),
    "count_mismatch": Trap(
        "the heading counts three more than there are cards", {"plain": DRA}, role="", list_unknown=True
    ),
    "duplicate_cards": Trap("one person has two cards", {"plain": D}),
    "button_as_div": Trap("message controls are div[role=button]", {"plain": D}, role=""),
    "name_h2": Trap("the name is an h2 in every generation", {"plain": D}, role=""),
    "overlay_intercepts_click": Trap(
        "an overlay lies above the profile, or ('everywhere') above all, or ('clears') goes after 2 seconds",
        {"profile": RD, "everywhere": R, "clears": D},
    ),
    "shadow_dialog": Trap("overlays and dialogs live in an open shadow root", {"plain": D}, role=""),
    "editor_newlines": Trap("the editor turns line breaks into paragraphs", {"plain": D}, role=""),
    # Beyond the brief, for the clean-up of invitations: no effect on messages.
    "withdraw_dialog_other_name": Trap("the withdraw dialog names somebody else", {"plain": D}, role=""),
    "withdraw_without_dialog": Trap("pressing withdraw opens nothing and withdraws nothing", {"plain": D}, role=""),
}


@dataclass(frozen=True)
class Stop:
    """A stop sign; ``hard`` ones must stop the account. ``on_send`` ones answer the click on Send."""

    about: str
    family: str
    hard: bool = True
    on_send: bool = False
    variants: tuple[str, ...] = field(default=("plain",))


STOPS: dict[str, Stop] = {
    "signed_out_redirect": Stop("every page redirects to the login page", "signed_out", variants=("login", "uas")),
    "authwall": Stop("every page redirects to /authwall", "signed_out"),
    "redirect_loop": Stop("every page redirects to itself without end", "signed_out"),
    "checkpoint_app": Stop("a checkpoint asks for the LinkedIn app", "checkpoint"),
    "checkpoint_pin": Stop("a checkpoint asks for a PIN", "checkpoint"),
    "checkpoint_captcha": Stop("a checkpoint shows a captcha", "checkpoint"),
    "http_429_tiny": Stop("status 429, a tiny page at the requested address", "rate_limited"),
    "http_999": Stop("status 999, a tiny page at the requested address", "rate_limited"),
    "weekly_limit_dialog": Stop(
        "a dialog says that the weekly limit is reached", "limit", on_send=True, variants=("send", "page")
    ),
    "limit_toast": Stop("a toast says so, for five seconds", "limit", on_send=True, variants=("send", "page")),
    "limit_in_shadow": Stop("a dialog in a shadow root says so", "limit", on_send=True, variants=("send", "page")),
    "temporarily_restricted_page": Stop("a page in place of any other says the account is restricted", "restricted"),
    "http_503": Stop("status 503", "server_error", hard=False),
    "hang_30s": Stop("the answer takes 30 seconds", "hang", hard=False),
    "session_expires_after_n": Stop("after N deliveries the session is gone", "signed_out"),
}


def verdict_of(name: str, variant: str) -> Verdict:
    """The verdict for the person a trap fires on."""
    verdicts = TRAPS[name].verdicts
    return verdicts[variant] if variant else next(iter(verdicts.values()))
