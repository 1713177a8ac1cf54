"""The member's own files, in the forms that the real site and address books give them."""

from __future__ import annotations

import csv
import io
import zipfile

from .conftest import Visitor


def test_the_archive_has_the_real_name_and_files(visitor: Visitor) -> None:
    listing = visitor.http.get("/__sandbox__/export/").json()
    assert listing["account"] == "demo"
    assert "Complete_LinkedInDataExport_03-18-2026.zip" in listing["files"]
    content = visitor.http.get("/__sandbox__/export/Complete_LinkedInDataExport_03-18-2026.zip").content
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.namelist() == ["Connections.csv", "messages.csv", "Invitations.csv", "Profile.csv"]
    lines = archive.read("Connections.csv").decode().split("\n")
    assert lines[0] == "Notes:"
    assert lines[1].startswith('"When exporting your connection data')
    assert lines[2] == ""
    assert lines[3] == "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
    rows = list(csv.DictReader(lines[3:]))
    assert len(rows) == 36
    robert = next(row for row in rows if row["First Name"] == "Robert")
    assert robert["Last Name"] == "Doe, PhD"
    assert robert["URL"].startswith("https://www.linkedin.com/in/robert-doe-phd-")


def test_messages_tell_own_ones_from_the_others(visitor: Visitor) -> None:
    text = visitor.http.get("/__sandbox__/export/messages.csv?account=demo").text
    rows = list(csv.DictReader(io.StringIO(text)))
    stop = next(row for row in rows if "Please stop" in row["CONTENT"])
    assert (stop["FROM"], stop["TO"], stop["DATE"]) == ("Vera Ivanova", "Demo Member", "2025-03-19 09:01:00 UTC")
    wish = next(row for row in rows if "Wei" in row["CONTENT"])
    assert wish["SENDER PROFILE URL"] == "https://www.linkedin.com/in/demo-member"


def test_the_address_book_folds_escapes_and_leaves_years_out(visitor: Visitor) -> None:
    content = visitor.http.get("/__sandbox__/export/contacts.vcf").content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    text = content.decode().replace("\r\n ", "")
    assert "FN:Jane Whitfield\r\nN:Whitfield;Jane;;;\r\nBDAY:1985-03-18" in text
    assert "FN:Robert Doe\\, PhD\r\nN:Doe\\, PhD;Robert;;;\r\nBDAY:--0318" in text
    assert "BDAY:1988-02-29" in text
    assert "Jane Holloway" not in text


def test_files_that_do_not_exist_are_told(visitor: Visitor) -> None:
    missing = visitor.http.get("/__sandbox__/export/nothing.zip")
    assert missing.status_code == 404
    assert "contacts.vcf" in missing.json()["error"]
    assert visitor.http.get("/__sandbox__/export/contacts.vcf?account=nobody").status_code == 404
