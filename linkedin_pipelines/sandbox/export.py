"""A member's own files, as the real site and an address book would hand them out, for the people of the world."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import date
from urllib.parse import quote

from linkedin_pipelines.sandbox.site import Site
from linkedin_pipelines.sandbox.world import Member, Person, thread_id_of

_SITE = "https://www.linkedin.com"
_NOTES = (
    "When exporting your connection data, you may notice that some of the email addresses are missing. You will only "
    "see email addresses for connections who have allowed their connections to see or download their email address "
    "using this setting https://www.linkedin.com/psettings/privacy/email. You can learn more here "
    "https://www.linkedin.com/help/linkedin/answer/261"
)
_MESSAGES = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER,"
    "ATTACHMENTS,IS MESSAGE DRAFT"
)


def archive_name(day: date) -> str:
    """The name that the site gives to a complete archive."""
    return f"Complete_LinkedInDataExport_{day:%m-%d-%Y}.zip"


def files_of(site: Site, member: Member) -> dict[str, bytes]:
    """Every file that the member can get, by name: the archive, its parts, and an address book with birthdays."""
    today = site.today(member)
    connections = _connections(site, member, today)
    messages = _messages(site, member)
    invitations = _invitations(site, member)
    profile = _csv(
        "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry,Zip Code,Geo Location",
        [[member.first_name, member.last_name, "", "", "Jan 1", member.headline, "", "", "", "Paris"]],
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in (
            ("Connections.csv", connections), ("messages.csv", messages),
            ("Invitations.csv", invitations), ("Profile.csv", profile),
        ):  # fmt: skip
            out.writestr(name, content)
    return {
        archive_name(today): archive.getvalue(),
        "Connections.csv": connections,
        "messages.csv": messages,
        "Invitations.csv": invitations,
        "contacts.vcf": _address_book(site, member),
    }


def _connections(site: Site, member: Member, today: date) -> bytes:
    rows = []
    for person in site.acquaintances(member):
        relation = site.relation(member, person)
        if relation.degree == 1:
            since = relation.connected_on or today
            row = [
                person.first_name,
                person.last_name,
                _url(person.slug),
                person.email,
                person.company,
                person.position,
            ]
            rows.append([*row, f"{since:%d} {_MONTHS[since.month - 1]} {since.year}"])
    table = _csv("First Name,Last Name,URL,Email Address,Company,Position,Connected On", rows)
    return b"Notes:\n" + f'"{_NOTES}"\n\n'.encode() + table


def _messages(site: Site, member: Member) -> bytes:
    rows = []
    for person in site.acquaintances(member):
        for event in site.events(member, person):
            pair = [(member.name, _url(member.slug)), (person.name, _url(person.slug))]
            (sender, sender_url), (to, to_url) = pair if event.by == "me" else pair[::-1]
            at = f"{event.at:%Y-%m-%d %H:%M:%S} UTC"
            thread = thread_id_of(member.account, person.slug)
            rows.append([thread, "", sender, sender_url, to, to_url, at, "", event.text, "INBOX", "", "No"])
    return _csv(_MESSAGES, rows)


def _invitations(site: Site, member: Member) -> bytes:
    rows = []
    for person, invitation in site.pending_invitations(member):
        day = invitation.sent_on
        at = f"{day.month}/{day.day}/{day:%y}, 9:15\u202fAM"
        rows.append([member.name, person.name, at, "", "OUTGOING", _url(member.slug), _url(person.slug)])
    return _csv("From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl", rows)


def _address_book(site: Site, member: Member) -> bytes:
    """VCards of the connections whose birthday the member knows, with and without a year, folded and escaped."""
    cards: list[str] = []
    for number, person in enumerate(site.acquaintances(member)):
        if person.birthday and site.relation(member, person).degree == 1:
            cards += _card(person, "4.0" if number % 2 else "3.0")
    return "".join(_folded(line) for line in cards).encode()


def _card(person: Person, version: str) -> Iterable[str]:
    month, day = person.birthday.split("-")
    birthday = f"{person.birth_year}-{month}-{day}" if person.birth_year else f"--{month}{day}"
    yield from ("BEGIN:VCARD", f"VERSION:{version}", f"FN:{_escaped(person.name)}")
    yield f"N:{_escaped(person.last_name)};{_escaped(person.first_name)};;;"
    yield f"BDAY:{birthday}"
    yield f"URL:{_url(person.slug)}"
    if person.email:
        yield f"EMAIL:{person.email}"
    yield from (f"NOTE:{_escaped(person.headline)}", "END:VCARD")


def _escaped(text: str) -> str:
    for character in "\\,;":
        text = text.replace(character, "\\" + character)
    return text


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none within a character."""
    pieces, piece, room = [], "", 75
    for character in line:
        width = len(character.encode())
        if width > room:
            pieces.append(piece)
            piece, room = "", 74
        piece += character
        room -= width
    return "\r\n ".join([*pieces, piece]) + "\r\n"


def _csv(header: str, rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue().encode()


def _url(slug: str) -> str:
    return f"{_SITE}/in/{quote(slug, safe='-')}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
