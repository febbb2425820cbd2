"""What the plugin takes part in: calls that ended, a person's rows, a server's rows; and old rows."""

from __future__ import annotations

from datetime import timedelta

from chandelier import Call, JobContext, Outcome, Plugin, job
from chandelier_logging.answers import Use
from chandelier_logging.config import Config
from chandelier_logging.models import CommandUse, delete_before
from chandelier_logging.uses import Recorder

AT_ONCE = 10_000


def add_hooks(plugin: Plugin, recorder: Recorder) -> None:
    """Let the plugin take part, with the recorder that its hooks share."""

    @plugin.hook
    async def command_finished(call: Call, outcome: Outcome) -> None:
        """Queue one row."""
        recorder.record(call, outcome)

    @plugin.hook
    async def guild_left(guild_id: int) -> None:
        """Delete a server's rows, those that wait included."""
        async with recorder.hold() as waiting:
            kept = [use for use in waiting if use.guild_id != guild_id]
            waiting.clear()
            waiting.extend(kept)
            await CommandUse.filter(guild_id=guild_id).delete()

    @plugin.hook
    async def user_exported(user_id: int) -> dict[str, object] | None:
        """Give a person's rows, latest first."""
        await recorder.write_all()
        rows = await CommandUse.filter(user_id=user_id).order_by("-at")
        uses = [Use.model_validate(row, from_attributes=True).model_dump(mode="json") for row in rows]
        return {"uses": uses} if uses else None

    @plugin.hook
    async def user_erased(user_id: int) -> None:
        """Keep that a command was used, not by whom nor with what."""
        async with recorder.hold() as waiting:
            for use in waiting:
                if use.user_id == user_id:
                    use.user_id, use.user_name, use.metadata = None, None, {}
            await CommandUse.filter(user_id=user_id).update(user_id=None, user_name=None, metadata={})

    @plugin.hook
    async def health() -> str | None:
        """Tell when uses cannot be written, or were lost lately."""
        return recorder.ailment()


@job(every=timedelta(days=1))
async def sweep(ctx: JobContext[Config]) -> None:
    """Delete the rows that are older than the operator wants, a few at a time."""
    if not ctx.config.keep_days:
        return
    oldest = ctx.now() - timedelta(days=ctx.config.keep_days)
    deleted = 0
    while some := await delete_before(oldest, AT_ONCE):
        deleted += some
    if deleted:
        ctx.log.info("old_uses_deleted", rows=deleted)
