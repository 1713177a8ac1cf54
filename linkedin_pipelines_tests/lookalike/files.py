"""The files that a member would import: LinkedIn's own list of connections, and an address book."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

Json = dict[str, Any]


def connections_csv(people: list[Json]) -> str:
    """LinkedIn's own file, with its notes above the header."""

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if re.search(r'[",\n]', text) else text

    lines = [
        "Notes:",
        '"When exporting your connection data, you may notice that some of the email addresses are missing."',
        "",
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
    ]
    for p in people:
        first, _, last = p["name"].partition(" ")
        if p["name"].startswith("Dr. "):
            first, last = p["first"], p["name"].split(p["first"], 1)[1].strip()
        if not p["first"].isascii() and p["name"].startswith(p["first"]) is False and p["first"] in p["name"]:
            first, last = p["name"].split(p["first"])[0] + p["first"], p["name"].split(p["first"], 1)[1].strip()
        row = (
            first,
            last,
            f"https://www.linkedin.com/in/{quote(p['slug'])}",
            "",
            "Northmill",
            p["headline"],
            "08 Feb 2021",
        )
        lines.append(",".join(cell(str(v)) for v in row))
    return "\r\n".join(lines) + "\r\n"


def vcards(people: list[Json]) -> str:
    """An address book with the birthdays, each with the profile's address."""
    out = []
    for p in people:
        if p["birthday"]:
            month, day = p["birthday"]
            first, _, last = p["name"].partition(" ")
            name = p["name"].replace(",", "\\,")
            out.append(
                "\r\n".join(
                    [
                        "BEGIN:VCARD",
                        "VERSION:3.0",
                        f"FN:{name}",
                        f"N:{last};{first};;;".replace(",", "\\,"),
                        f"URL:https://www.linkedin.com/in/{quote(p['slug'])}/",
                        f"BDAY:--{month:02d}{day:02d}",
                        "END:VCARD",
                        "",
                    ]
                )
            )
    return "".join(out)
