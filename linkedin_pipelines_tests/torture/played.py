"""What came of a round, as its lane hands it over."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from linkedin_pipelines_tests.torture.oracle import Books


@dataclass
class Played:
    """What came of a round."""

    number: int
    seed: str
    database: str
    seconds: float = 0.0
    kills: Counter[str] = field(default_factory=Counter)
    """By target and point, as `worker | click: before`."""
    missed: Counter[str] = field(default_factory=Counter)
    """Kills whose point the run never came to."""
    books: Books = field(default_factory=Books)
    through_stack: bool = False
    """Through daemon, code server and all, in real time; else at a worker alone."""
    wrong: list[str] = field(default_factory=list)
    folder: str = ""

    def to_json(self) -> str:
        return json.dumps(vars(self) | {"books": vars(self.books)})

    @classmethod
    def from_json(cls, line: str) -> Played:
        values = json.loads(line)
        values["books"] = Books(**values["books"])
        return cls(**values | {name: Counter(values[name]) for name in ("kills", "missed")})
