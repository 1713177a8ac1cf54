"""Errors as problem+json (RFC 9457): a title, the fact, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from linkedin_pipelines import errors

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

STATUS_OF: dict[type[errors.LinkedInPipelinesError], int] = {
    errors.BadCursorError: 400,
    errors.UnknownAccountError: 404,
    errors.NotOnListError: 404,
    errors.LaunchUnderWayError: 409,
    errors.LaunchRefusedError: 422,
    errors.ListChangedError: 409,
    errors.OrchestratorUnavailableError: 503,
    errors.DatabaseUnavailableError: 503,
    errors.SchemaError: 503,
    errors.ConfigurationError: 503,
}


class Problem(BaseModel):
    """What went wrong, for programs and people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Their entry in the OpenAPI document."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The response that states a problem."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return JSONResponse(body.model_dump(), status, dict(headers or {}), MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Have every error of the app answered as a problem."""

    @app.exception_handler(HTTPException)
    async def of_http(_request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    async def of_validation(_request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        return problem(422, wrong)

    @app.exception_handler(errors.LinkedInPipelinesError)
    async def of_ours(_request: Request, error: errors.LinkedInPipelinesError) -> JSONResponse:
        status = next((status for kind, status in STATUS_OF.items() if isinstance(error, kind)), 500)
        if status >= 500:
            log.warning("request_failed", error_type=type(error).__name__, code=str(status))
        return problem(status, str(error))

    @app.exception_handler(Exception)
    async def of_all(_request: Request, error: Exception) -> JSONResponse:
        log.error("request_failed", error_type=type(error).__name__, exc_info=error)
        return problem(500, "an error of this program; its log says where")
