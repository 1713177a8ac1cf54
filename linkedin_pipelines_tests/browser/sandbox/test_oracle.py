"""The sandbox's own record is what every other test believes."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkedin_pipelines.sandbox.record import Record
from linkedin_pipelines.sandbox.world import World

from .conftest import Visitor, world_with


def test_a_delivery_says_who_wrote_what_to_whom_and_when(visitor: Visitor) -> None:
    jane = visitor.named("Jane Whitfield")
    assert visitor.send(jane, "Happy birthday,\nJane 🎂").status_code == 200
    (delivery,) = visitor.deliveries()
    assert delivery["delivered_at"].startswith("2026-03-18T")
    del delivery["id"], delivery["delivered_at"]
    assert delivery == {
        "account": "demo",
        "recipient": jane.slug,
        "recipient_name": "Jane Whitfield",
        "text": "Happy birthday,\nJane 🎂",
    }


def test_deliveries_and_threads_survive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "record.jsonl"
    first = Visitor(world_with(), state)
    jane = first.named("Jane Whitfield")
    first.send(jane, "Happy birthday!")
    before = first.deliveries()
    first.close()
    second = Visitor(world_with(), state)
    assert second.deliveries() == before
    assert "Happy birthday!" in second.html(f"/voyager/api/messaging/bubble?recipient={jane.recipient}")
    second.close()


def test_a_last_line_that_a_kill_cut_short_is_dropped(tmp_path: Path) -> None:
    """Nobody was answered for it, and the next entry must not be glued to it."""
    path = tmp_path / "record.jsonl"
    record = Record(path)
    record.append("delivery", account="demo", text="one")
    record.close()
    with path.open("ab") as file:
        file.write(b'{"kind": "delivery", "text": "tw')
    again = Record(path)
    again.append("delivery", account="demo", text="three")
    again.close()
    assert [entry["text"] for entry in Record(path).of("delivery")] == ["one", "three"]


def test_a_damaged_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    path.write_text("not json\n{}\n")
    with pytest.raises(ValueError, match="line 1"):
        Record(path)


def test_two_sandboxes_do_not_share_a_record(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.jsonl")
    with pytest.raises(OSError, match="record of a sandbox that is running"):
        Record(tmp_path / "record.jsonl")
    record.close()


def test_a_new_world_forgets_drafts_and_threads_but_not_the_record(visitor: Visitor) -> None:
    visitor.send(visitor.named("Jane Whitfield"), "Happy birthday!")
    new = world_with(language="fr").model_dump(mode="json")
    assert visitor.http.post("/__sandbox__/world", json=new).status_code == 200
    assert len(visitor.deliveries()) == 1
    assert visitor.site.world == World.model_validate(new)
    assert not visitor.site.events(visitor.site.world.members[0], visitor.named("Jane Whitfield"))


def test_the_clock_can_be_moved_to_another_day_and_stays_there_over_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "record.jsonl"
    first = Visitor(world_with(), state)
    moved = first.http.post("/__sandbox__/clock", json={"today": "2027-01-03"})
    assert moved.json()["now"].startswith("2027-01-03")
    assert first.http.post("/__sandbox__/clock", json={"today": "30 Dec"}).status_code == 422
    first.close()
    second = Visitor(world_with(), state)
    assert second.site.now().date().isoformat() == "2027-01-03"
    second.close()


def test_sessions_tell_browsers_apart(visitor: Visitor) -> None:
    """Each browser gets a cookie of its own with its first answer, signed in or not."""
    visitor.http.get("/feed/")
    visitor.http.get("/feed/")
    (one,) = visitor.http.get("/__sandbox__/sessions").json()
    assert one["account"] == "demo"
    assert one["visit"] == visitor.http.cookies["visit"]
    assert one["requests"] == 2
    assert one["first_seen"] <= one["last_seen"]
    visitor.http.cookies.delete("visit")
    visitor.http.get("/feed/")
    assert len(visitor.http.get("/__sandbox__/sessions").json()) == 2


def test_the_storage_state_holds_the_session_cookie_alone(visitor: Visitor) -> None:
    visitor.http.get("/feed/")
    state = visitor.http.get("/__sandbox__/storage-state?account=demo").json()
    assert [cookie["name"] for cookie in state["cookies"]] == ["li_at"]
    assert state["cookies"][0]["domain"] == "127.0.0.1"
    assert visitor.http.get("/__sandbox__/storage-state?account=demo-member").json()["cookies"][0]["name"] == "li_at"
    missing = visitor.http.get("/__sandbox__/storage-state?account=nobody")
    assert missing.status_code == 404
    assert missing.json()["error"] == "no member 'nobody'; there are: demo"


def test_what_was_done_to_people_is_on_the_record(visitor: Visitor) -> None:
    jane = visitor.named("Jane Whitfield")
    visitor.http.get(f"/in/{jane.slug}/")
    visitor.http.post("/voyager/api/invitations", json={"person": jane.slug})
    visitor.http.post("/voyager/api/conduct", json={"what": "scripted click"})
    for name in ("visits", "invitations"):
        (entry,) = visitor.http.get(f"/__sandbox__/{name}").json()
        assert (entry["account"], entry["person"]) == ("demo", jane.slug)
    assert len(visitor.http.get("/__sandbox__/conduct").json()) == 1
    assert visitor.http.get("/__sandbox__/visits?account=other").json() == []
