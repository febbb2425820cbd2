"""Reminders: ask now, be told later."""

from chandelier import Need, Page, Plugin
from chandelier_reminders.api import ReminderDelivered
from chandelier_reminders.commands import remind
from chandelier_reminders.config import Config
from chandelier_reminders.delivery import deliver
from chandelier_reminders.upkeep import guild_left, sweep, user_erased, user_exported

plugin = Plugin(
    "reminders",
    summary="Ask now, be told later.",
    commands=[remind],
    jobs=[deliver, sweep],
    config=Config,
    models="chandelier_reminders.models",
    needs=[Need.SEND_MESSAGES],
    emits=[ReminderDelivered],
    pages=[Page("Reminders", rows="GET /", columns=("id", "text", "due_at", "failure"))],
)
plugin.hook(guild_left)
plugin.hook(user_exported)
plugin.hook(user_erased)
