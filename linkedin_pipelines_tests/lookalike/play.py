"""One case: what the product did with it, and what the site's record says of that."""

from __future__ import annotations

import argparse
import os
import re
import time
import traceback
from collections import defaultdict
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from linkedin_pipelines.browser import launch, session
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines_tests.lookalike import cases
from linkedin_pipelines_tests.lookalike.oracle import Site, ask
from linkedin_pipelines_tests.lookalike.product import Product, Said

Json = dict[str, Any]
PLAIN = re.compile(r"benign-(sdui|viewname|ember)-")
WORDED = ("last_year_same_wish_in_thread", "wished_by_hand_today", "their_event_only")
"""Traps whose thread holds the very wish of the product, so the case is staged again once the wish is known."""
READ_TOO = (
    "thierry_hier_card",
    "headline_30_days",
    "headline_birthday_word",
    "shell_without_main",
    "duplicate_cards",
    "empty_list_but_count_says_12",
    "count_mismatch",
)
SIGNS = {
    "signed_out_redirect": {"signed_out"},
    "session_expires_after_n": {"signed_out"},
    "authwall": {"auth_wall"},
    "redirect_loop": {"redirect_loop"},
    "checkpoint_app": {"challenge"},
    "checkpoint_pin": {"pin"},
    "checkpoint_captcha": {"captcha"},
    "http_429_tiny": {"rate_limited"},
    "http_999": {"rate_limited"},
    "weekly_limit_dialog": {"weekly_limit"},
    "limit_toast": {"weekly_limit"},
    "limit_in_shadow": {"weekly_limit"},
    "temporarily_restricted_page": {"restricted"},
    "http_503": set(),
    "hang_30s": set(),
}


def share_browser() -> None:
    """One Chromium for all cases of a worker, a context each, as long as it lives: starting one costs as much as a wish."""

    kept: dict[str, Any] = {}

    @contextmanager
    def running(settings: Any, extra_flags: tuple[str, ...] = (), *, headless: bool | None = None) -> Any:
        if kept and not kept["browser"].is_connected():
            with suppress(Exception):
                kept["driver"].stop()
            kept.clear()
        if not kept:
            kept["driver"] = sync_playwright().start()
            kept["browser"] = kept["driver"].chromium.launch(
                executable_path=launch.without_window(launch.executable_of(settings)),
                args=[*launch.QUIET_FLAGS, *extra_flags],
                chromium_sandbox=os.geteuid() != 0,
            )
        yield kept["browser"]

    session.running_chromium = running


def play(site: Site, folder: Path, template: Path, name: str, args: argparse.Namespace) -> Json:
    """Play a case; everything that the report needs."""

    quick = Timeouts(
        element=4_500,
        action=2_500,
        thread=4_500,
        rest=250,
        empty_rest=600,
        proof=11_000,
        proof_stays=500,
        poll=125,
        draft=300,
    )
    real = args.timeouts == "real" or any(part in name for part in ("hang", "slow", "session_expires"))
    began = time.monotonic()
    data = cases.CASES[name]
    asked: Json = {"name": name}
    if "cast" not in data and not args.full and (data.get("traps") or not PLAIN.match(name)) and not data.get("stops"):
        asked = {"case": {**data, "cast": {"today": 2, "late": 0, "old": 3}}}
    staged = ask(site.base, "/__oracle__/case", asked)
    truth, case = staged["truth"], staged["case"]
    people = ask(site.base, "/__oracle__/people")
    said, product = Said(), Product(folder, site, case, template, Timeouts() if real else quick)
    result: Json = {"case": name, "kind": data["kind"]}
    try:
        product.furnish(people, files=truth["birthday_source"] != "site")
        traps = [t["name"] for t in truth["traps"]]
        stops = [s["name"] for s in case["stops"]]
        at_catch_up = any(isinstance(s["at"], dict) and s["at"].get("surface") == "catchup" for s in case["stops"])
        if (
            args.reading == "always"
            or truth["birthday_source"] == "site"
            or any(t in READ_TOO for t in traps)
            or at_catch_up
            or (
                data["kind"] == "benign"
                and args.reading == "auto"
                and re.search(r"^benign-(sdui|viewname|ember|many|nobody|doubled|mixed)-", name)
            )
        ):
            product.read(said)
        product.build(said)
        if any(t in WORDED for t in traps):
            body = said.bodies.get(truth["traps"][0]["slug"]) or "Happy birthday!"
            staged = ask(
                site.base, "/__oracle__/case", asked | {"wishes": [body.replace("{", "{{").replace("}", "}}")]}
            )
        probe = args.probe == "always" or (
            args.probe == "auto" and (stops or re.search(r"^benign-(sdui|viewname|ember|mixed)-en$", name) is not None)
        )
        if not probe:
            product.looked()
        product.campaign(said)
        product.tell(said)
        first = judge(site, truth, said, stops)
        result |= {"truth": truth, "first": first, "said": vars(said).copy() | {"ledger": dict(said.ledger)}}
        if "in_doubt" in {status for rows in said.ledger.values() for status in rows[-1:]} and not args.once:
            product.clock.ahead += timedelta(minutes=3)
            if not said.sign:
                again = Said(bodies=said.bodies)
                product.build(again)
                product.campaign(again)
                product.tell(again)
                second = judge(site, truth, again, stops)
                result |= {"second": second, "said_again": vars(again).copy() | {"ledger": dict(again.ledger)}}
    except Exception:
        result["crash"] = traceback.format_exc()
    finally:
        product.close()
    result["seconds"] = round(time.monotonic() - began, 1)
    result["record"] = (
        {k: ask(site.base, f"/__oracle__/{k}") for k in ("deliveries", "misdeeds")} if "crash" not in result else {}
    )
    return result


def judge(site: Site, truth: Json, said: Said, stops: list[str]) -> Json:
    """What became of everybody, by the site's record against the ledger."""
    delivered = ask(site.base, "/__oracle__/deliveries")
    requests = ask(site.base, "/__oracle__/requests")
    misdeeds = ask(site.base, "/__oracle__/misdeeds")
    by_slug: dict[str, list[str]] = defaultdict(list)
    for d in delivered:
        by_slug[d["slug"]].append(d["text"])
    wrong: list[str] = []
    ends: dict[str, str] = {}
    stopped = bool(said.sign)
    everybody = set(truth["verdicts"]) | set(by_slug)
    for slug in sorted(everybody):
        got, want = by_slug.get(slug, []), truth["verdicts"].get(slug, ["refused"])
        status = (said.ledger.get(slug) or [""])[-1]
        due = (
            slug in truth["list"]["today"]
            or 0 < truth["list"]["late"].get(slug, 99) <= 7
            or "delivered" in want
            or slug in said.planned
        )
        if got:
            if len(got) > 1:
                wrong.append(f"{slug}: delivered {len(got)} times")
            if slug not in said.bodies or any(text != said.bodies[slug] for text in got):
                wrong.append(f"{slug}: wrong text or wrong person: {got!r}, meant {said.bodies.get(slug)!r}")
            if "delivered" not in want:
                wrong.append(f"{slug}: delivered, though the truth is {want}")
            if status in ("failed", "") or status not in ("sent", "in_doubt", "clicked"):
                wrong.append(f"{slug}: delivered, but the ledger says {status or 'nothing'}")
            ends[slug] = {"sent": "delivered+sent"}.get(status, f"delivered+{status or 'nothing'}")
        elif status == "sent" and not truth_by_hand(truth, slug):
            wrong.append(f"{slug}: said sent, but nothing was delivered")
            ends[slug] = "sent+nothing"
        elif status == "in_doubt":
            ends[slug] = "in_doubt"
        elif due:
            reason = said.reason.get(slug, "")
            if reason in ("stop_sign", "breaker_open") or (stopped and not status):
                ends[slug] = "stopped"
            else:
                ends[slug] = f"refused:{reason or said.outcome.get(slug, 'not listed')}"
    expected: set[str] = set().union(*(SIGNS[s] for s in stops)) if stops else set()
    after = [r for r in requests if r["after_stop"]]
    sends_after = [r for r in after if r["path"].startswith("/voyager/api/voyagerMessaging") and r["method"] == "POST"]
    least, most = truth["deliveries"]["min"], truth["deliveries"]["max"]
    if len(delivered) > most:
        wrong.append(f"{len(delivered)} deliveries, at most {most} are right")
    return {
        "ends": ends,
        "wrong": wrong,
        "misdeeds": [m["kind"] for m in misdeeds],
        "delivered": len(delivered),
        "least": least,
        "most": most,
        "signs_expected": sorted(expected),
        "sign": said.sign,
        "pages_after_stop": sum(r["page"] for r in after),
        "sends_after_stop": len(sends_after),
        "requests": len(requests),
    }


def truth_by_hand(truth: Json, slug: str) -> bool:
    """Whether the member wished this person by hand, which the ledger keeps as sent."""
    return any(t["name"] == "wished_by_hand_today" and t["slug"] == slug for t in truth["traps"])
