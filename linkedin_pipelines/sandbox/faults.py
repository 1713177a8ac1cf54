"""What the sandbox is told to do wrong: stop signs, errors and traps, armed one by one and used up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from linkedin_pipelines.sandbox.interface import Model

PageFault = Literal[
    "http_500", "http_503", "http_429", "http_999", "hang", "no_content", "shell",
    "sign_out", "authwall", "redirect_loop", "checkpoint_app", "checkpoint_pin", "checkpoint_captcha",
    "weekly_limit_dialog", "weekly_limit_toast", "weekly_limit_main",
    "restricted_dialog", "restricted_toast", "restricted_main",
    "stale_profile", "fragment_fails", "list_empty", "no_signs",
    "no_dialog", "dialog_names_other", "withdraw_fails",
]  # fmt: skip
SendFault = Literal[
    "fail_after_click", "failed_bubble", "silent_drop", "deliver_then_error", "slow_event", "text_stays",
    "echo_instead", "hang_send", "opens_other",
]  # fmt: skip

NOTICES = (
    "weekly_limit_dialog", "weekly_limit_toast", "weekly_limit_main",
    "restricted_dialog", "restricted_toast", "restricted_main",
)  # fmt: skip


class Fault(Model):
    """One thing to do wrong, as `POST /__sandbox__/faults` takes it."""

    fault: PageFault | SendFault | Literal["checkpoint"]
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
    """For hang, hang_send and slow_event: how long."""


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
