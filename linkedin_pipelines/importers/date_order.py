"""`5/4/1986` in a file whose other dates prove whether the day or the month comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from linkedin_pipelines.domain.birth_dates import BirthDate, RefusedDate, UnorderedDate, proven_order
from linkedin_pipelines.domain.records import RefusedRow, StatedBirthday

Make = Callable[[BirthDate | RefusedDate], StatedBirthday | RefusedRow]


class DateOrder:
    """Rows held back until the whole file is seen. One date of the other order, and none of them is read."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._proofs: Counter[str] = Counter()
        self._held: list[tuple[UnorderedDate, Make]] = []

    def take(
        self, written: str, birthday: BirthDate | RefusedDate, make: Make
    ) -> Iterator[StatedBirthday | RefusedRow]:
        """The row, unless it must wait."""
        order = proven_order(written.split(" ", maxsplit=1)[0].rstrip(","))
        if order is not None:
            self._proofs[order] += 1
        if isinstance(birthday, UnorderedDate):
            self._held.append((birthday, make))
        else:
            yield make(birthday)

    def rest(self) -> Iterator[StatedBirthday | RefusedRow]:
        """The rows that waited, in the order that the file proves; refused if it proves none, or both."""
        day_first, month_first = self._proofs["day_first"], self._proofs["month_first"]
        for birthday, make in self._held:
            if bool(day_first) == bool(month_first):
                yield make(birthday)
            else:
                yield make(birthday.ordered("day_first" if day_first else "month_first", today=self._today))
