"""Which reader reads which kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from linkedin_pipelines.domain.records import Record
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.importers import (
    connections,
    google_contacts,
    icalendar,
    invitations,
    messages,
    outlook,
    vcard,
)
from linkedin_pipelines.importers.part import Part

READERS: dict[FileKind, Callable[[Part, BinaryIO], Iterator[Record]]] = {
    FileKind.CONNECTIONS: connections.read,
    FileKind.MESSAGES: messages.read,
    FileKind.INVITATIONS: invitations.read,
    FileKind.VCARD: vcard.read,
    FileKind.GOOGLE: google_contacts.read,
    FileKind.OUTLOOK: outlook.read,
    FileKind.ICALENDAR: icalendar.read,
}
"""Every kind but the archive, which is several of these."""
