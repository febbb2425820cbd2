"""Test entitlements; nothing is sold in the sandbox, so every SKU number is accepted and none has subscriptions."""

from __future__ import annotations

from chandelier_sandbox.errors import plain, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import entitlement_json
from chandelier_sandbox.records import Entitlement
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Auth, Call, Route, Standing
from chandelier_sandbox.rest.scopes import must_be_own, must_have
from chandelier_sandbox.shapes import ObjectOf, OneOf, Plain, checked

_SCOPE = "applications.entitlements"
_TEST = ObjectOf(
    {"sku_id": Plain.SNOWFLAKE, "owner_id": Plain.SNOWFLAKE, "owner_type": OneOf((1, 2))},
    required=("sku_id", "owner_id", "owner_type"),
)


def _open(call: Call) -> None:
    must_have(call, _SCOPE)
    must_be_own(call)


def _find(call: Call) -> Entitlement:
    _open(call)
    found = call.discord.application.entitlements.get(call.number("entitlement_id"))
    if found is None:
        raise refusal(10029)
    return found


def _shown(call: Call, entitlement: Entitlement) -> JsonObject:
    return entitlement_json(entitlement, call.discord.application.id)


def _tell(call: Call, name: str, entitlement: Entitlement) -> None:
    call.discord.world.publish(name, _shown(call, entitlement), None)


def list_entitlements(call: Call) -> Answer:
    """List the entitlements to this application, oldest first."""
    _open(call)
    user_id, guild_id, most = call.marker("user_id"), call.marker("guild_id"), call.count("limit", 100, 100)
    before, after = call.marker("before"), call.marker("after") or 0
    skus = {text for text in call.query.get("sku_ids", "").split(",") if text}
    found = [
        one
        for one in call.discord.application.entitlements.values()
        if user_id in (None, one.user_id)
        and guild_id in (None, one.guild_id)
        and (not skus or str(one.sku_id) in skus)
        and after < one.id < (before or one.id + 1)
        and not (one.deleted and call.flag("exclude_deleted", default=True))
    ]
    return Answer([_shown(call, one) for one in found[:most]])


def list_own_entitlements(call: Call) -> Answer:
    """List what the person of the access token is entitled to."""
    must_be_own(call)
    mine = call.discord.application.entitlements.values()
    return Answer([_shown(call, one) for one in mine if one.user_id == call.user.id and not one.deleted])


def create_entitlement(call: Call) -> Answer:
    """Give a user or a server a test entitlement, which never ends."""
    _open(call)
    body, world, application = checked(call.body, _TEST), call.discord.world, call.discord.application
    owner_id, of_guild = int(body["owner_id"]), body["owner_type"] == 1
    if owner_id not in (world.guilds if of_guild else world.users):
        raise refusal(10004 if of_guild else 10013)
    user_id = application.owner.id if of_guild else owner_id
    number = call.discord.snowflakes.make()
    made = Entitlement(number, int(body["sku_id"]), user_id, owner_id if of_guild else None)
    application.entitlements[made.id] = made
    _tell(call, "ENTITLEMENT_CREATE", made)
    return Answer(_shown(call, made))


def get_entitlement(call: Call) -> Answer:
    """Describe an entitlement."""
    return Answer(_shown(call, _find(call)))


def delete_entitlement(call: Call) -> Answer:
    """Take a test entitlement back."""
    found = _find(call)
    found.deleted = True
    _tell(call, "ENTITLEMENT_DELETE", found)
    del call.discord.application.entitlements[found.id]
    return NO_CONTENT


def consume_entitlement(call: Call) -> Answer:
    """Mark an entitlement as consumed."""
    found = _find(call)
    if not found.consumed:
        found.consumed = True
        _tell(call, "ENTITLEMENT_UPDATE", found)
    return NO_CONTENT


def list_nothing(call: Call) -> Answer:
    """List SKUs or subscriptions: there are none."""
    if "application_id" in call.path:
        must_be_own(call)
    nothing: list[JsonObject] = []
    return Answer(nothing)


def find_nothing(call: Call) -> Answer:
    """Look for a subscription or an activity: there are none."""
    if "application_id" in call.path:
        must_be_own(call)
    raise plain(404, "Not Found")


_ALL = "/applications/{application_id}/entitlements"
_ONE = f"{_ALL}/{{entitlement_id}}"
_ACTIVITY = "/applications/{application_id}/activity-instances/{instance_id}"
_OWN = "/users/@me/applications/{application_id}/entitlements"
_TOLERATED = Standing.TOLERATED
ROUTES: tuple[Route, ...] = (
    Route("GET", _ALL, list_entitlements, auth=Auth.EITHER, standing=_TOLERATED),
    Route("POST", _ALL, create_entitlement, standing=_TOLERATED),
    Route("GET", _ONE, get_entitlement, auth=Auth.EITHER, standing=_TOLERATED),
    Route("DELETE", _ONE, delete_entitlement, auth=Auth.EITHER, standing=_TOLERATED),
    Route("POST", f"{_ONE}/consume", consume_entitlement, auth=Auth.EITHER, standing=_TOLERATED),
    Route("GET", _OWN, list_own_entitlements, auth=Auth.USER, standing=_TOLERATED),
    Route("GET", "/applications/{application_id}/skus", list_nothing, standing=_TOLERATED),
    Route("GET", "/skus/{sku_id}/subscriptions", list_nothing, standing=_TOLERATED),
    Route("GET", "/skus/{sku_id}/subscriptions/{subscription_id}", find_nothing, standing=_TOLERATED),
    Route("GET", _ACTIVITY, find_nothing, standing=_TOLERATED),
)
