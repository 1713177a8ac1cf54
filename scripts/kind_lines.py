"""Prints how many lines each kind beside birthdays has of its own, by folder, and where the engine names one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "linkedin_pipelines"
ENGINE = ("services/actions", "services/messages", "db/ledger", "defs/shared")
KINDS = {
    "profile_visit": (
        "services/visits", "db/visits", "defs/visits", "domain/people_searches.py", "domain/profiles.py",
        "domain/fit_score.py", "db/models/sourcing.py", "browser/pages/people_search.py",
        "browser/pages/profile_reading.py", "browser/pages/profile_sections.py",
    ),
    "invitation_withdrawal": (
        "services/invitations", "db/invitations", "defs/invitations", "domain/invitations.py",
        "db/models/invitations.py", "browser/pages/sent_invitations.py", "browser/invitation_ages.py",
    ),
    "moment_message": (
        "services/moments", "db/moments", "defs/moments", "domain/moments.py", "domain/moment_list.py",
        "domain/moment_wording.py", "browser/pages/moments.py",
    ),
}  # fmt: skip
"""Folders and modules that a kind has to itself."""
NAMES = {
    "profile_visit": ("services.visits", "db.visits", "PROFILE_VISITS", "SOURC"),
    "invitation_withdrawal": ("services.invitations", "db.invitations", "INVITATION"),
    "moment_message": ("services.moments", "db.moments", "MOMENT"),
}
"""How the engine would have to name it."""


def own_lines(paths: tuple[str, ...]) -> Counter[str]:
    """Lines that hold something, by folder, of what a kind has to itself."""
    found: Counter[str] = Counter()
    for name in paths:
        path = PACKAGE / name
        for module in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            text = module.read_text(encoding="utf-8")
            found[module.parent.relative_to(PACKAGE).as_posix()] += sum(
                bool(line.strip()) for line in text.splitlines()
            )
    return found


def in_engine(kind: str) -> dict[str, list[str]]:
    """Lines of the engine that name the kind, by folder."""
    return {
        folder: [
            f"{module.name}: {line.strip()}"
            for module in sorted((PACKAGE / folder).glob("*.py"))
            for line in module.read_text(encoding="utf-8").splitlines()
            if any(name in line for name in NAMES[kind])
        ]
        for folder in ENGINE
    }


def main() -> None:
    """Print it all."""
    for kind, paths in KINDS.items():
        own = own_lines(paths)
        print(f"{kind}: {sum(own.values())} lines of its own")
        for folder, number in own.items():
            print(f"  {folder:24} {number:5}")
        for folder, named in in_engine(kind).items():
            print(f"  {folder:24} {len(named):5}  {'; '.join(named)}")


if __name__ == "__main__":
    main()
