"""Serve the look-alike site: ``python -m linkedin_pipelines_tests.lookalike.serve --port 8765 [--people people.json] [--case case.json | --name NAME]``."""

import argparse
import json
import logging
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from linkedin_pipelines_tests.lookalike import cases
from linkedin_pipelines_tests.lookalike.site import people as cast_of
from linkedin_pipelines_tests.lookalike.site.app import create_app
from linkedin_pipelines_tests.lookalike.site.case import CaseError, from_dict
from linkedin_pipelines_tests.lookalike.site.people import Person, urn_for
from linkedin_pipelines_tests.lookalike.site.world import World

LI_AT = "AQEDAHeldOutSession0001"


def storage_state(port: int, li_at: str) -> dict[str, Any]:
    """A Playwright storage state that is signed in to the site on this port."""
    until = int(time.time()) + 300 * 86400

    def cookie(name: str, value: str, http_only: bool) -> dict[str, Any]:
        fixed = {"domain": "127.0.0.1", "path": "/", "expires": until, "secure": False, "sameSite": "Lax"}
        return {"name": name, "value": value, "httpOnly": http_only, **fixed}

    origin = {"origin": f"http://127.0.0.1:{port}", "localStorage": []}
    return {"cookies": [cookie("li_at", li_at, True), cookie("JSESSIONID", "ajax:4711", False)], "origins": [origin]}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--people", type=Path, help="people.json; without it about forty people are made for --today")
    parser.add_argument("--case", type=Path, help="case.json")
    parser.add_argument("--name", default="benign-sdui-en", help="a case of cases.py, when there is no --case")
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    parser.add_argument("--me", default="demo-member:Demo Member", help="slug:name of the signed-in member")
    parser.add_argument("--li-at", default=LI_AT, help="the cookie value that counts as signed in")
    parser.add_argument(
        "--wish", action="append", help="text of last year's wish, with {first}; for the threads of the traps"
    )
    parser.add_argument("--write-state", type=Path, metavar="FILE", help="write a Playwright storage state and end")
    parser.add_argument("--write-people", type=Path, metavar="FILE", help="write the people of the case and end")
    return parser.parse_args()


def build_world(args: argparse.Namespace) -> World:
    """The world that the arguments describe; raises CaseError when they do not fit together."""
    slug, _, name = args.me.partition(":")
    me = Person(slug, urn_for(slug), name, name.split()[0], "Member", 0, None, "en")
    world = World(me, args.li_at, cast_of.read(args.people) if args.people else None, args.today)
    data = json.loads(args.case.read_text(encoding="utf-8")) if args.case else cases.CASES[args.name]
    world.switch(from_dict(data), args.wish or ("Happy birthday, {first}!",))
    return world


def main() -> int:
    """Run the server until it is interrupted."""
    args = _arguments()
    if args.write_state:
        args.write_state.write_text(json.dumps(storage_state(args.port, args.li_at), indent=1), encoding="utf-8")
        return 0
    try:
        world = build_world(args)
    except (CaseError, KeyError, ValueError, OSError) as wrong:
        print(f"serve.py: {type(wrong).__name__}: {wrong}", file=sys.stderr)
        return 2
    if args.write_people:
        args.write_people.write_text(
            json.dumps(cast_of.dump(world.stage.people), indent=1, ensure_ascii=False), encoding="utf-8"
        )
        return 0
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    WSGIRequestHandler.protocol_version = "HTTP/1.1"
    server = make_server("127.0.0.1", args.port, create_app(world, cases.CASES), threaded=True)
    print(f"look-alike site on http://127.0.0.1:{args.port}, case {world.case.name}, day {world.today}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
