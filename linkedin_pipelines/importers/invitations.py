"""Invitations.csv: whose export this is.

Its rows may be long accepted or withdrawn, so they are neither contacts nor a list of pending invitations, and the
product takes neither from them. What they prove is the owner: LinkedIn writes the member's own profile address into
every outgoing row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.domain.records import RefusedRow
from linkedin_pipelines.importers.part import Part, UntrustedFileError
from linkedin_pipelines.importers.tables import read_frames

REQUIRED = ("Sent At", "Direction")


def read(part: Part, stream: BinaryIO) -> Iterator[RefusedRow]:
    """Check the owner and count the rows.

    Raises:
        RefusedFileError: an outgoing invitation was sent by another member than the account's, or the file has another
            header.
    """
    refused: list[RefusedRow] = []
    outgoing = incoming = 0
    for frame in read_frames(part, stream, REQUIRED, refused):
        yield from refused
        refused.clear()
        directions = frame["direction"].str.strip().str.upper()
        outgoing += int((directions == "OUTGOING").sum())
        incoming += int((directions == "INCOMING").sum())
        for line, direction in directions[~directions.isin(["OUTGOING", "INCOMING"])].items():
            yield part.refuse(int(str(line)), "the row is neither OUTGOING nor INCOMING", str(direction))
        if "inviterprofileurl" not in frame:  # the older header
            continue
        for line, url in frame.loc[directions == "OUTGOING", "inviterprofileurl"].items():
            slug = slug_of(url)
            if slug is not None and slug != part.owner_slug:
                raise UntrustedFileError(
                    f"{part.name}: line {line} shows an invitation sent by /in/{slug}, but the account is "
                    f"/in/{part.owner_slug}: this is another member's export"
                )
    part.notes.append(f"{outgoing} invitations sent and {incoming} received; they are counted, not imported")
