"""Errors as RFC 9457 problem details: one shape for ours, the framework's and the unexpected."""

import logging
from typing import Any

from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.plugins.problem_details import (
    ProblemDetailsConfig,
    ProblemDetailsException,
    ProblemDetailsPlugin,
)

from gantry_edge.errors import BadRequest, DiskFull, GantryError, NotFound, Problem
from gantry_edge.logs import request_id
from gantry_edge.storage.database import DatabaseError, is_full

log = logging.getLogger(__name__)

CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "not_json"}
SENTENCES = {
    404: "There is nothing at this address",
    405: "This address does not take that method",
    413: "The request is larger than this server takes",
}


def from_ours(error: GantryError) -> ProblemDetailsException:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
    return _problem(error.status, error.title, error.detail, error.code, headers=headers)


def from_validation(error: ValidationException) -> ProblemDetailsException:
    entries = error.extra if isinstance(error.extra, list) else []
    errors = [
        {"field": str(entry.get("key", "body")), "message": str(entry.get("message", ""))}
        for entry in entries
        if isinstance(entry, dict)
    ]
    named = "; ".join(f"{entry['field']}: {entry['message']}" for entry in errors)
    return _problem(400, BadRequest.title, named or error.detail, "bad_request", errors=errors)


def from_http(error: HTTPException) -> ProblemDetailsException:
    status = error.status_code
    code = CODES.get(status, "internal" if status >= 500 else "bad_request")
    title = NotFound.title if status == 404 else error.detail
    headers = dict(error.headers) if error.headers else None
    return _problem(status, title, SENTENCES.get(status, error.detail), code, headers=headers)


def from_nesting(error: RecursionError) -> ProblemDetailsException:
    """JSON of a hundred thousand brackets; the decoder gives up in its own way."""
    return _problem(400, BadRequest.title, "The request is nested too deeply", BadRequest.code)


def from_database(error: DatabaseError) -> ProblemDetailsException:
    if not is_full(error):
        return from_unexpected(error)
    log.error("the disk is full")
    return from_ours(DiskFull("The disk of this machine is full, and this was not stored; make room and try again"))


def from_unexpected(error: Exception) -> ProblemDetailsException:
    log.error("unexpected error", exc_info=error)
    sentence = f"Something went wrong inside Gantry Edge; the log says what, at {request_id.get()}. Try again"
    return _problem(500, GantryError.title, sentence, GantryError.code)


def _problem(
    status: int,
    title: str,
    detail: str,
    code: str,
    *,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> ProblemDetailsException:
    extra: dict[str, Any] = {"code": code} | ({"errors": errors} if errors else {})
    return ProblemDetailsException(
        type_="about:blank", title=title, detail=detail, status_code=status, headers=headers, extra=extra
    )


plugin = ProblemDetailsPlugin(
    ProblemDetailsConfig(
        exception_to_problem_detail_map={
            GantryError: from_ours,
            ValidationException: from_validation,
            HTTPException: from_http,
            RecursionError: from_nesting,
            DatabaseError: from_database,
            Exception: from_unexpected,
        }
    )
)


def responses(*statuses: int) -> dict[int, ResponseSpec]:
    """For the OpenAPI document: these statuses answer with a problem."""
    return {
        status: ResponseSpec(
            Problem, generate_examples=False, description="Problem", media_type="application/problem+json"
        )
        for status in statuses
    }
