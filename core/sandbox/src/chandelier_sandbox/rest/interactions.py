"""Answers to interactions: the callback, the original answer, follow-ups. The token in the path is the key."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.interactions.interactions import Interaction
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Auth, Call, Route


def post_callback(call: Call) -> Answer:
    """Take the first answer; 200 with the callback object if asked with_response, else 204."""
    body = call.form()
    interaction = call.discord.interactions.acknowledge(
        call.number("interaction_id"), call.path["interaction_token"], body, list(call.files)
    )
    call.discord.commands_known.set()
    if not call.flag("with_response"):
        return NO_CONTENT
    return Answer(_callback_json(call, interaction, int(body["type"])))


def _callback_json(call: Call, interaction: Interaction, kind: int) -> JsonObject:
    about: JsonObject = {"id": str(interaction.id), "type": int(interaction.kind)}
    if kind not in (4, 5, 6, 7) or interaction.original is None:
        return {"interaction": about}
    message = interaction.original
    about |= {
        "response_message_id": str(message.id),
        "response_message_loading": message.loading,
        "response_message_ephemeral": message.ephemeral,
        "channel_id": str(message.channel_id),
    }
    if message.guild_id is not None:
        about["guild_id"] = str(message.guild_id)
    if kind not in (4, 7):  # a deferral has made nothing yet
        return {"interaction": about}
    return {"interaction": about, "resource": {"type": kind, "message": call.discord.world.render(message)}}


def _interaction(call: Call) -> Interaction:
    return call.discord.interactions.by_token(call.number("webhook_id"), call.path["webhook_token"])


def get_message(call: Call) -> Answer:
    """Return the original answer or a follow-up."""
    found = call.discord.interactions.find_message(_interaction(call), call.path["message_id"])
    return Answer(call.discord.world.render(found))


def patch_message(call: Call) -> Answer:
    """Edit the original answer or a follow-up; a deferral becomes its real answer."""
    interactions, interaction = call.discord.interactions, _interaction(call)
    found = interactions.find_message(interaction, call.path["message_id"])
    message = interactions.edit(interaction, found, call.form(), list(call.files))
    return Answer(call.discord.world.render(message))


def delete_message(call: Call) -> Answer:
    """Delete the original answer or a follow-up."""
    interactions, interaction = call.discord.interactions, _interaction(call)
    interactions.delete(interaction, interactions.find_message(interaction, call.path["message_id"]))
    return NO_CONTENT


def post_follow_up(call: Call) -> Answer:
    """Send another message."""
    message = call.discord.interactions.follow_up(_interaction(call), call.form(), list(call.files))
    return Answer(call.discord.world.render(message))


ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/interactions/{interaction_id}/{interaction_token}/callback",
        post_callback,
        auth=Auth.NONE,
        limited=False,
    ),
)
