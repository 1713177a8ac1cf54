"""The application: which address answers what, and what holds for every answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.accounts.crypto import api_keys, status_key
from linkedin_pipelines.services.listings.pages import Listings
from linkedin_pipelines.services.notices.posture import posture
from linkedin_pipelines.services.reporting import launches
from linkedin_pipelines.services.reporting.calendar_feed import feed
from linkedin_pipelines.services.reporting.metrics import collect
from linkedin_pipelines.services.reporting.readiness import OK, NotReadyError, Part, Readiness, own_parts
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server import dagster_state, problems
from linkedin_pipelines.status_server.approving import approving_router
from linkedin_pipelines.status_server.graphql import DagsterWeb
from linkedin_pipelines.status_server.keys import Gate
from linkedin_pipelines.status_server.listings import listings_router
from linkedin_pipelines.status_server.metrics import Metrics
from linkedin_pipelines.status_server.queue import DagsterQueue, NoQueue


def create_app(settings: Settings, database: Database, clock: Clock, web: DagsterWeb | None = None) -> FastAPI:
    """The status server over one database; `web` is Dagster's web server, without which Dagster is not watched.

    Makes `api.key` and `status.key` in the home where they are missing.

    Raises:
        ConfigurationError: a key file can be read by others, or holds no key.
    """
    api_keys(settings, create=True)
    gate = Gate(partial(api_keys, settings), clock)
    listings = Listings(database, status_key(settings, "cursors"))
    metrics = Metrics(partial(collect, database, settings, clock), web, clock)
    protections = Protections(settings, database, clock)
    parts = {**own_parts(settings, database, clock), **(_dagster_parts(web, clock) if web else {})}
    readiness = Readiness({**parts, "protections": Part(protections.examine, 5)})

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        yield
        readiness.close()

    app = FastAPI(
        title="LinkedIn Pipelines",
        summary="How the product stands, what it holds, and a way to launch a campaign.",
        version="1",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        lifespan=life,
    )
    problems.install(app)
    app.add_middleware(Every, metrics=metrics)
    app.include_router(_open_router(settings, database, clock, metrics, readiness, protections))
    app.include_router(approving_router(settings, database, clock, no_query))
    keyed = APIRouter(
        prefix="/api", dependencies=[Depends(gate)], responses=problems.responses(401, 404, 422, 429, 503)
    )
    keyed.include_router(listings_router(listings, database))
    keyed.include_router(_launching_router(database, clock, DagsterQueue(web) if web else NoQueue()))
    app.include_router(keyed)
    _document_problems(app)
    return app


def no_query(request: Request) -> None:
    """Refuse query parameters where an address takes none: a filter misspelt must not look as if it had been used."""
    if request.query_params:
        raise HTTPException(422, f"no query parameters here: {', '.join(request.query_params)}")


class Every:
    """What holds for every answer: it is not stored by anyone on the way, and its time is measured."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = monotonic(), [500]

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                own = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
                message["headers"] = [*message["headers"], *own]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            route = getattr(scope.get("route"), "path", "unknown")
            method = scope["method"] if scope["method"] in {"GET", "POST", "HEAD"} else "other"
            self._metrics.requests.labels(method, route, str(status[0])).observe(monotonic() - begun)


class Protections:
    """The state of each protection, as the last look found it; looked at as a part of readiness, in its time."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._around = (database, settings, clock)
        self.states: dict[str, str] = {}

    def examine(self) -> None:
        self.states = {each.name: each.state.value for each in posture(*self._around)}


def _dagster_parts(web: DagsterWeb, clock: Clock) -> dict[str, Part]:
    def check_daemon() -> None:
        for daemon in dagster_state.daemons(web, clock.now()):
            if not daemon.alive:
                age = (
                    "never gave a heartbeat"
                    if daemon.age_seconds is None
                    else (f"gave its last heartbeat {daemon.age_seconds:.0f} seconds ago")
                )
                raise NotReadyError(f"the {daemon.name} daemon {age}: see that `dagster-daemon` runs")

    def check_location() -> None:
        if not dagster_state.location_loaded(web):
            raise NotReadyError("Dagster has not loaded the code location: its own page says why")

    return {"daemon": Part(check_daemon, 15), "code_location": Part(check_location, 15)}


def _open_router(
    settings: Settings,
    database: Database,
    clock: Clock,
    metrics: Metrics,
    readiness: Readiness,
    protections: Protections,
) -> APIRouter:
    router = APIRouter(dependencies=[Depends(no_query)], responses=problems.responses(422))

    @router.get("/health")
    async def health() -> dict[str, str]:
        """Say that the process is alive; touches nothing."""
        return {"status": "healthy", "timestamp": clock.now().isoformat()}

    @router.get("/ready", responses={503: {"description": "A part is not well; each says why."}})
    def ready() -> JSONResponse:
        """Look at each part; `ok`, or the reason. Protections are told with their state; what is off is no fault."""
        parts: dict[str, Any] = dict(readiness.examine())
        well = all(found == OK for found in parts.values())
        if parts["protections"] == OK:
            parts["protections"] = protections.states
        body = {"status": "ready" if well else "not ready", **parts, "timestamp": clock.now().isoformat()}
        return JSONResponse(body, 200 if well else 503)

    @router.get("/metrics", responses={200: {"content": {"text/plain": {}}}}, response_class=Response)
    def prometheus() -> Response:
        """Metrics in Prometheus' text format."""
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.get(
        "/calendar/{secret}.ics",
        responses={200: {"content": {"text/calendar": {}}}, **problems.responses(404)},
        response_class=Response,
    )
    def calendar(secret: Annotated[str, Path(max_length=100)]) -> Response:
        """Birthdays as iCalendar; `linkedin-pipelines status ACCOUNT --calendar` tells the address."""
        found = feed(database, settings, clock, secret)
        if found is None:
            raise HTTPException(404, "there is no such calendar")
        return Response(found, media_type="text/calendar; charset=utf-8")

    return router


def _iso_day(given: object) -> object:
    """Only a date as YYYY-MM-DD: a number would be taken for seconds since 1970."""
    if given is None:
        return None
    if not isinstance(given, str):
        raise ValueError("must be a date like 2026-11-20")  # noqa: TRY004 - pydantic turns this one into an answer
    return date.fromisoformat(given)


class LaunchBody(BaseModel):
    """What to launch. A rehearsal unless `live` is true."""

    model_config = ConfigDict(strict=True, extra="forbid")

    account: str = Field(min_length=1, max_length=48)
    list_date: Annotated[date | None, Field(strict=False), BeforeValidator(_iso_day)] = None
    """The campaign's day; the account's present one if left out."""
    live: bool = False


class LaunchAnswer(BaseModel):
    """The run that was queued."""

    request_id: int
    run_id: str
    job: str
    account: str
    list_date: date
    live: bool
    repeated: bool


def _launching_router(database: Database, clock: Clock, queue: launches.Queue) -> APIRouter:
    router = APIRouter(dependencies=[Depends(no_query)], responses=problems.responses(409))

    @router.post("/campaigns/{job}", status_code=202)
    def launch(
        job: Annotated[str, Path(max_length=100)],
        body: LaunchBody,
        idempotency_key: Annotated[str, Header(min_length=8, max_length=200, pattern=r"^[!-~]+$")],
    ) -> LaunchAnswer:
        """Queue a campaign; the same key and body again answer with the same run."""
        found = launches.launch(
            database,
            clock,
            queue,
            idempotency_key=idempotency_key,
            job=job,
            account=body.account,
            list_date=body.list_date,
            live=body.live,
        )
        return LaunchAnswer.model_validate(found, from_attributes=True)

    return router


def _document_problems(app: FastAPI) -> None:
    """Put the problem's schema where the documented responses refer to it."""
    original = app.openapi

    def document() -> dict[str, Any]:
        found = original()
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault("Problem", problems.Problem.model_json_schema())
        return found

    app.openapi = document  # type: ignore[method-assign]
