"""A local Discord on loopback: start it, point a bot at it, and talk to the bot as a member would."""

from chandelier_sandbox.client.replies import Reply
from chandelier_sandbox.client.uploads import Upload
from chandelier_sandbox.errors import CannotSend, PortTaken
from chandelier_sandbox.people import Member
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, Guild, Overwrite, Role
from chandelier_sandbox.sandbox import Sandbox

__all__ = [
    "CannotSend",
    "Channel",
    "Guild",
    "Member",
    "Overwrite",
    "Permission",
    "PortTaken",
    "Reply",
    "Role",
    "Sandbox",
    "Upload",
]
