"""Problems: every "no" of the API, as RFC 9457 has it.

The rule for ``type``: a code of the table below is ``/problems/<code>`` and means the same everywhere; every other code
belongs to the plugin that refused and is ``/problems/<plugin>.<code>``. ``code`` is the bare word in both cases.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from quart import Response

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """What the host itself means by a code: the usual status, a title, and what to do about it."""

    status: int
    title: str
    advice: str


KINDS: Mapping[str, Kind] = {
    "malformed_request": Kind(400, "The request cannot be read", "Correct what the detail names."),
    "login_invalid": Kind(400, "The login cannot go on", "Begin the login again."),
    "malformed_body": Kind(400, "The body cannot be read as JSON", "Send one JSON object, in UTF-8."),
    "token_needed": Kind(401, "A token is needed", "Send the header Authorization: Bearer with the API token."),
    "token_wrong": Kind(401, "The token is wrong", "Use a token that is in use; make one with chandelier token create."),
    "token_ended": Kind(401, "The token is no longer in use", "Make a new token."),
    "signature_wrong": Kind(401, "The signature is wrong", "Only Discord posts here; check DISCORD_PUBLIC_KEY."),
    "foreign_origin": Kind(403, "The request came from another site", "Call from a page of the same origin."),
    "scope_missing": Kind(403, "The token was not made for this", "Make a token with the scope that the detail names."),
    "not_allowed": Kind(403, "Not allowed", "Ask somebody who holds the permission."),
    "no_such_route": Kind(404, "There is no such route", "Look the route up in /api/v1/openapi.json."),
    "not_found": Kind(404, "Not found", "Check the name or the id."),
    "off_here": Kind(404, "The plugin is off in this server", "Ask a moderator of the server to switch it on."),
    "plugin_off": Kind(404, "The plugin is off", "Switch it on in plugins.toml; /api/v1/plugins tells its state."),
    "method_not_allowed": Kind(405, "The method does not fit the route", "Use a method from the header Allow."),
    "not_acceptable": Kind(406, "That form is not to be had", "Accept application/json."),
    "too_slow": Kind(408, "The request took too long to arrive", "Send the request again."),
    "still_running": Kind(409, "The same request is being answered", "Try again in a moment."),
    "answer_not_kept": Kind(409, "The answer is not kept", "Look at what the first request has made."),
    "too_many_webhooks": Kind(409, "There are too many webhooks", "Delete a webhook that is not needed."),
    "too_many_tokens": Kind(409, "There are too many tokens", "Revoke a token that is not needed."),
    "conflict": Kind(409, "It conflicts with what is there", "Read the current state, then decide."),
    "changed_meanwhile": Kind(412, "It has changed meanwhile", "Read it again, then decide."),
    "body_too_large": Kind(413, "The body is too large", "Send less at once."),
    "not_json": Kind(415, "The body is not JSON", "Send the header Content-Type: application/json."),
    "wrong_host": Kind(421, "The request is meant for another host", "Use the address that the API listens on."),
    "bad_option": Kind(422, "An option does not fit", "Correct the option that the detail names."),
    "key_reused": Kind(422, "The key belongs to another request", "Make a new Idempotency-Key for each request."),
    "no_etag": Kind(422, "There is nothing to compare with", "Leave If-Match out."),
    "bad_user": Kind(422, "The acting user is no Discord id", "Put one id in X-Discord-User-Id, or leave it out."),
    "dm_needed": Kind(422, "It works in a direct message only", "Leave the server out."),
    "guild_needed": Kind(422, "A server is needed", "Name the server with guild_id."),
    "missing_option": Kind(422, "An option is missing", "Add what the detail names."),
    "refused": Kind(422, "The value is refused", "Correct what the detail names."),
    "unknown_option": Kind(422, "There is no such option", "Check the spelling; the detail names the nearest."),
    "user_needed": Kind(422, "A Discord user is needed", "Name one with the header X-Discord-User-Id."),
    "too_soon": Kind(429, "Too soon", "Wait as long as Retry-After says."),
    "failed": Kind(500, "Something broke", "Tell the operator the reference; it finds the traceback."),
    "check_failed": Kind(503, "A check before the command failed", "The operator has been told; try again later."),
    "database_away": Kind(503, "The database does not answer", "Try again as Retry-After says; /health tells more."),
    "no_discord": Kind(503, "There is no connection to Discord here", "Set DISCORD_TOKEN for this process."),
    "no_login": Kind(503, "There is no login here", "Set DISCORD_CLIENT_SECRET and CHANDELIER_PUBLIC_URL."),
    "no_gateway": Kind(503, "There is no gateway here", "Ask the process that runs the bot."),
    "parked": Kind(503, "This part is out of use", "Try again later; /api/v1/plugins/<name> says when."),
    "plugin_not_ready": Kind(503, "The plugin is not ready", "Try again in a moment; /api/v1/plugins tells its state."),
    "stopping": Kind(503, "The bot is shutting down", "Try again in a minute."),
    "unavailable": Kind(503, "It does not work right now", "Try again later."),
    "timed_out": Kind(504, "It took too long", "Try again, or ask for less."),
}  # fmt: skip
_BY_STATUS = {400: "malformed_request", 401: "token_needed", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed",
              406: "not_acceptable", 408: "too_slow", 409: "conflict", 412: "changed_meanwhile", 413: "body_too_large",
              415: "not_json", 422: "refused", 429: "too_soon", 500: "failed", 503: "unavailable", 504: "timed_out"}  # fmt: skip


class Problem(Exception):
    """Answer with a problem: a code, one sentence, and what was wrong where.

    ``plugin`` is who refused, if a plugin did. ``errors`` are members for RFC 9457's extension ``errors``.
    """

    def __init__(
        self, code: str, sentence: str, *, status: int | None = None, plugin: str | None = None,
        errors: Sequence[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.status = status or (KINDS[code].status if code in KINDS else 409)
        self.plugin = plugin
        self.errors = tuple(errors)[:20]
        self.headers = dict(headers or {})

    def retry_after(self, seconds: object) -> Problem:
        """Say when to try again, in whole seconds and at least one (RFC 9110, section 10.2.3)."""
        if isinstance(seconds, int | float) and math.isfinite(seconds):
            self.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
        return self


def code_for(status: int) -> str:
    """Give the host's code for an HTTP status that somebody raised without one."""
    return _BY_STATUS.get(status, "malformed_request" if status < 500 else "failed")


def type_of(code: str, plugin: str | None) -> str:
    """Give the address of a problem's page."""
    return f"/problems/{code}" if code in KINDS or plugin is None else f"/problems/{plugin}.{code}"


def title_of(code: str) -> str:
    """Give a problem's title: the same for the same type, always."""
    return KINDS[code].title if code in KINDS else code.replace("_", " ").capitalize()


def respond(problem: Problem, reference: str) -> Response:
    """Render a problem. Holds no value that was sent, and no trace."""
    body: dict[str, object] = {
        "type": type_of(problem.code, problem.plugin), "title": title_of(problem.code), "status": problem.status,
        "code": problem.code, "detail": problem.sentence, "instance": reference,
    }  # fmt: skip
    if problem.errors:
        body["errors"] = [dict(error) for error in problem.errors]
    text = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)
    return Response(text, problem.status, headers=problem.headers, content_type=MEDIA_TYPE)


def broken(reference: str) -> Problem:
    """Make the Problem for a bug: its reference, and nothing of what it was."""
    return Problem("failed", f"Something broke; it is recorded as {reference}.")
