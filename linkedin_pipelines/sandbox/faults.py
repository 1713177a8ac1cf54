"""What the sandbox is told to do wrong: stop signs, errors and traps, armed one by one and used up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import Field

from linkedin_pipelines.sandbox.interface import Model

StopFault = Literal[
    "http_500", "http_503", "http_429", "http_999", "hang", "frozen", "frozen_early", "no_content", "shell",
    "sign_out", "sign_in_bounce", "public_profile", "authwall", "cold_join", "redirect_loop", "challenge",
    "checkpoint_app", "checkpoint_pin", "checkpoint_captcha",
]  # fmt: skip
"""In place of a page."""
NoticeFault = Literal[
    "weekly_limit_dialog", "weekly_limit_toast", "weekly_limit_main", "weekly_limit_shadow",
    "restricted_dialog", "restricted_toast", "restricted_main", "restricted_shadow",
    "upsell_dialog", "upsell_shadow",
]  # fmt: skip
"""An announcement on a page, or in answer to a send; upsell is an advertisement and no stop sign at all."""
ContentFault = Literal["fragment_fails", "fragment_hangs"]
"""The page comes, what belongs into it does not."""
PageFault = Literal[
    "stale_profile", "list_empty", "no_signs", "no_dialog", "dialog_names_other", "withdraw_fails", "stale_list"
]
"""A page that shows something else than it should."""
ComposerFault = Literal["opens_other"]
SendFault = Literal[
    "fail_after_click", "failed_bubble", "silent_drop", "echo_instead", "hang_send",
    "deliver_then_error", "deliver_then_hang", "slow_event", "text_stays",
]  # fmt: skip
"""What becomes of a message: the first five do not deliver it, the others do."""

STOPS: tuple[str, ...] = get_args(StopFault)
NOTICES: tuple[str, ...] = get_args(NoticeFault)
CONTENT: tuple[str, ...] = get_args(ContentFault)
SENDS: tuple[str, ...] = get_args(SendFault)
UNDELIVERED = SENDS[:5]


class Fault(Model):
    """One thing to do wrong, as `POST /__sandbox__/faults` takes it."""

    fault: StopFault | NoticeFault | ContentFault | PageFault | ComposerFault | SendFault | Literal["checkpoint"]
    """`checkpoint` is `checkpoint_app`."""
    account: str = ""
    """Only for this member; empty means everybody."""
    person: str = ""
    """Only where this person is concerned: their profile, composer or thread."""
    path: str = ""
    """Only for pages whose path starts like this."""
    times: int | None = Field(default=1, ge=1)
    """How often; null until cleared."""
    skip: int = Field(default=0, ge=0)
    """How many occasions to let pass first."""
    at: Literal["load", "send"] = "load"
    """Notices only: shown when a page loads, or as the answer to a send that is then not delivered."""
    seconds: float = Field(default=8.0, ge=0)
    """How long, for those that hang or are slow."""


@dataclass
class _Armed:
    fault: Fault
    left: int | None
    skip: int


class Faults:
    """The faults that are armed, in order of arming."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []

    def arm(self, fault: Fault) -> None:
        if fault.fault == "checkpoint":
            fault = fault.model_copy(update={"fault": "checkpoint_app"})
        self._armed.append(_Armed(fault, fault.times, fault.skip))

    def clear(self, account: str = "") -> None:
        """Disarm everything, or what was armed for one account."""
        self._armed = [one for one in self._armed if account and one.fault.account != account]

    def pass_challenge(self, account: str) -> None:
        """A human passed the challenge: what led there is over."""
        self._armed = [
            one
            for one in self._armed
            if not (one.fault.fault.startswith("checkpoint") and one.fault.account in ("", account))
        ]

    def armed(self) -> list[dict[str, Any]]:
        """What is still armed, for people to see."""
        return [{**one.fault.model_dump(), "left": one.left} for one in self._armed]

    def take(
        self, names: Collection[str], *, account: str = "", person: str = "", path: str = "", at: str = "load"
    ) -> Fault | None:
        """Use up the first armed fault of one of these names that applies here; None if there is none."""
        for one in self._armed:
            fault = one.fault
            if fault.fault not in names or (fault.fault in NOTICES and fault.at != at):
                continue
            if (fault.account and fault.account != account) or (fault.person and fault.person != person):
                continue
            if fault.path and not path.startswith(fault.path):
                continue
            if one.skip > 0:
                one.skip -= 1
                continue
            if one.left is not None:
                one.left -= 1
                if one.left == 0:
                    self._armed.remove(one)
            return fault
        return None
