"""Signing in, and every way of not being let in."""

from __future__ import annotations

import pytest

from .conftest import Visitor, world_with

FORM = {"session_key": "demo@example.com", "session_password": "correct-horse"}


def signed_out() -> Visitor:
    visitor = Visitor(world_with())
    visitor.http.cookies.delete("li_at")
    return visitor


def challenged(kind: str) -> Visitor:
    world = world_with()
    member = world.members[0].model_copy(update={"sign_in_challenge": kind})
    visitor = Visitor(world.model_copy(update={"members": (member,)}))
    visitor.http.cookies.delete("li_at")
    return visitor


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/feed/", "/uas/login?session_redirect="),
        ("/mynetwork/catch-up/birthday/", "/uas/login?session_redirect="),
        ("/in/camille-login/", "/authwall?trk=gf&sessionRedirect="),
    ],
)
def test_who_is_not_signed_in_is_led_away(path: str, leads_to: str) -> None:
    response = signed_out().http.get(path)
    assert response.status_code == 302
    assert response.headers["location"].startswith(leads_to)


def test_content_is_refused_without_a_session() -> None:
    assert signed_out().http.get("/voyager/api/feed").status_code == 401


def test_the_right_password_gives_the_session_and_leads_on() -> None:
    visitor = signed_out()
    response = visitor.http.post("/checkpoint/lg/login-submit", data={**FORM, "session_redirect": "/mynetwork/"})
    assert (response.status_code, response.headers["location"]) == (303, "/mynetwork/")
    assert visitor.http.get("/feed/").status_code == 200


@pytest.mark.parametrize("redirect", ["https://elsewhere.example/", "//elsewhere.example", "", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(redirect: str) -> None:
    response = signed_out().http.post("/checkpoint/lg/login-submit", data={**FORM, "session_redirect": redirect})
    assert response.headers["location"] == "/feed/"


def test_a_wrong_password_is_told() -> None:
    response = signed_out().http.post("/checkpoint/lg/login-submit", data={**FORM, "session_password": "wrong"})
    assert response.status_code == 200
    assert "error-for-password" in response.text


def test_a_pin_is_wanted_and_checked() -> None:
    visitor = challenged("pin")
    challenge = visitor.http.post("/checkpoint/lg/login-submit", data=FORM).headers["location"]
    assert challenge.startswith("/checkpoint/challenge/")
    assert 'name="pin"' in visitor.http.get(challenge).text
    assert visitor.http.post(challenge, data={"pin": "000000"}).status_code == 200
    assert visitor.http.get("/feed/").status_code == 302
    assert visitor.http.post(challenge, data={"pin": "482915"}).headers["location"] == "/feed/"
    assert visitor.http.get("/feed/").status_code == 200


@pytest.mark.parametrize("kind", ["app", "captcha"])
def test_other_challenges_wait_for_a_human(kind: str) -> None:
    visitor = challenged(kind)
    challenge = visitor.http.post("/checkpoint/lg/login-submit", data=FORM).headers["location"]
    assert ('id="captcha-internal"' in visitor.http.get(challenge).text) == (kind == "captcha")
    assert visitor.http.get(f"{challenge}&poll=1").status_code == 202
    visitor.http.post("/__sandbox__/confirm?account=demo")
    assert visitor.http.get(f"{challenge}&poll=1").json() == {"next": "/feed/"}
    assert visitor.http.get("/feed/").status_code == 200


@pytest.mark.parametrize(
    ("fault", "status", "sign"),
    [
        ("http_500", 500, ""),
        ("http_503", 503, ""),
        ("http_429", 429, ""),
        ("http_999", 999, ""),
        ("no_content", 204, ""),
        ("shell", 200, ""),
        ("sign_out", 302, "/uas/login"),
        ("authwall", 302, "/authwall"),
        ("cold_join", 302, "/signup/cold-join"),
        ("redirect_loop", 302, "http://127.0.0.1/feed/"),
        ("challenge", 302, "/challenge/"),
        ("checkpoint", 302, "/checkpoint/challenge/"),
        ("checkpoint_pin", 302, "/checkpoint/challenge/"),
        ("checkpoint_captcha", 302, "/checkpoint/challenge/"),
    ],
)
def test_each_stop_sign_is_served_once_as_armed(visitor: Visitor, fault: str, status: int, sign: str) -> None:
    visitor.arm(fault, account="demo", path="/feed")
    assert visitor.http.get("/mynetwork/").status_code == 200
    response = visitor.http.get("/feed/")
    assert response.status_code == status
    assert "<main" not in response.text
    assert response.headers.get("location", "").startswith(sign)
    if fault != "sign_out":
        assert visitor.http.get("/feed/").status_code == 200


def test_signed_out_means_that_the_old_cookie_is_dead_and_a_new_one_works(visitor: Visitor) -> None:
    visitor.arm("sign_out")
    visitor.http.get("/feed/")
    assert visitor.http.get("/feed/").headers["location"].startswith("/uas/login")
    (cookie,) = visitor.http.get("/__sandbox__/storage-state?account=demo").json()["cookies"]
    visitor.http.cookies.set("li_at", cookie["value"])
    assert visitor.http.get("/feed/").status_code == 200


def test_a_checkpoint_in_mid_session_holds_until_a_human_passes_it(visitor: Visitor) -> None:
    visitor.arm("checkpoint_pin", times=None)
    challenge = visitor.http.get("/feed/").headers["location"]
    assert visitor.http.get("/mynetwork/").headers["location"].startswith("/checkpoint/challenge/")
    visitor.http.post(challenge, data={"pin": "482915"})
    assert visitor.http.get("/feed/").status_code == 200


def test_faults_count_down_skip_and_keep_to_their_person(visitor: Visitor) -> None:
    jane, joao = visitor.named("Jane Whitfield"), visitor.named("João Almeida")
    visitor.arm("http_500", person=jane.slug, skip=1, times=2)
    pages = [visitor.http.get(f"/in/{p.slug}/").status_code for p in (joao, jane, jane, joao, jane, jane)]
    assert pages == [200, 200, 500, 200, 500, 200]
    visitor.arm("http_429", times=None)
    assert visitor.http.get("/__sandbox__/faults").json()[0]["left"] is None
    visitor.http.delete("/__sandbox__/faults")
    assert visitor.http.get("/feed/").status_code == 200


def test_an_unknown_fault_is_refused(visitor: Visitor) -> None:
    assert visitor.http.post("/__sandbox__/faults", json={"fault": "meteor"}).status_code == 422
