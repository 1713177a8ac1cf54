"""What really happened, and the switch to another case. Only the test harness calls this."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Flask, Response, jsonify, request

from linkedin_pipelines_tests.lookalike.site import people as cast_of
from linkedin_pipelines_tests.lookalike.site.case import CaseError, from_dict, to_dict
from linkedin_pipelines_tests.lookalike.site.truth import tell
from linkedin_pipelines_tests.lookalike.site.world import World

Catalogue = Callable[[], Mapping[str, Mapping[str, Any]]]


def _switch(world: World, said: dict[str, Any], catalogue: Catalogue) -> None:
    """Play the case that a request asks for, by name or in full, with its overrides."""
    named = said.get("name")
    if named is not None and named not in catalogue():
        raise CaseError(f"no case is named {named!r}")
    data = dict(catalogue()[named]) if named is not None else dict(said["case"])
    data["options"] = dict(data.get("options", {})) | said.get("options", {})
    if "today" in said:
        world.today = date.fromisoformat(said["today"])
    people = cast_of.load(said["people"]) if "people" in said else None
    world.switch(from_dict(data), said.get("wishes") or world.stage.wishes, people)


def add(app: Flask, world: World, catalogue: Catalogue) -> None:
    """Register the oracle."""

    def record(name: str) -> Callable[[], Response]:
        def give() -> Response:
            with world.lock:
                return jsonify(list(getattr(world, name)))

        return give

    for name in ("deliveries", "visits", "withdrawals", "requests", "misdeeds"):
        app.add_url_rule(f"/__oracle__/{name}", f"oracle_{name}", record(name))

    @app.get("/__oracle__/truth")
    def truth() -> Response:
        return jsonify(tell(world.stage))

    @app.get("/__oracle__/people")
    def people() -> Response:
        return jsonify(cast_of.dump(world.stage.people))

    @app.get("/__oracle__/cases")
    def cases() -> Response:
        return jsonify({name: data["kind"] for name, data in catalogue().items()})

    @app.get("/__oracle__/case")
    def case() -> Response:
        return jsonify(to_dict(world.case))

    @app.post("/__oracle__/case")
    def switch() -> tuple[Response, int]:
        try:
            _switch(world, request.get_json(), catalogue)
        except (CaseError, KeyError, TypeError, ValueError) as wrong:
            return jsonify({"error": f"{type(wrong).__name__}: {wrong}"}), 400
        return jsonify({"case": to_dict(world.case), "truth": tell(world.stage)}), 200
