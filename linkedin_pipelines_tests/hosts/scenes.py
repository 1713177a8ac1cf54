"""Which scenes there are: the cable at each step of the protocol, and clocks that are a little or far off."""

from __future__ import annotations

from linkedin_pipelines_tests.hosts.rounds import FAKETIME, Scene
from linkedin_pipelines_tests.hosts.worker import Shift
from linkedin_pipelines_tests.torture.plan import AROUND_THE_CLICK, STEPS
from linkedin_pipelines_tests.torture.steps import Halt

SHORT = Scene("click: before")
"""The click is announced, and made without a word from the database."""
LITTLE = 4
"""Seconds that a clock may be off where a machine still works: below the five that are refused."""
FAR = 120
BETWEEN_TWO, ANNOUNCED = Halt("close: after"), Halt("executor.announce: committed")
LAST_LOOK, SETTLING = "click: looked at everything", "executor.settle: before commit"
CLOCKS = (
    Scene(LAST_LOOK, cut=False, held=True, shift=Shift(+FAR)),
    Scene(LAST_LOOK, cut=False, held=True, shift=Shift(-FAR)),
    Scene(LAST_LOOK, cut=False, held=True, shift=Shift(+FAR, BETWEEN_TWO), attempt=2),
    Scene(LAST_LOOK, cut=False, held=True, shift=Shift(-FAR, BETWEEN_TWO), attempt=2),
    Scene(SETTLING, cut=False, held=True, shift=Shift(-FAR, BETWEEN_TWO), attempt=2),
    Scene(LAST_LOOK, cut=False, held=True, shift=Shift(+FAR, ANNOUNCED)),
    Scene(LAST_LOOK, cut=False, held=True, shift=Shift(-FAR, ANNOUNCED)),
)
"""From the start, from one person to the next, and between the announcement of a click and the click."""


def scenes(seconds: float) -> list[Scene]:
    """All of them; a cable is out for `seconds`. Every other host that is cut is a little off as well."""
    found = [Scene(step, seconds, shift=_little(number)) for number, step in enumerate(STEPS)]
    found += [
        Scene(step, seconds, held=True, shift=_little(number + 1)) for number, step in enumerate(AROUND_THE_CLICK)
    ]
    return found + list(CLOCKS if FAKETIME else ())


def _little(number: int) -> Shift | None:
    if FAKETIME is None or number % 3 == 0:
        return None
    return Shift(LITTLE if number % 3 == 1 else -LITTLE)
