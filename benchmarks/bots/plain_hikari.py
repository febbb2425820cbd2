"""The shortest bot in hikari that answers /ping, with connections kept alive."""

from __future__ import annotations

import asyncio
import os
import signal

import hikari


async def main() -> None:
    """Register /ping and answer it until SIGTERM."""
    bot = hikari.GatewayBot(
        os.environ["DISCORD_TOKEN"],
        rest_url=os.environ["DISCORD_API_URL"],
        intents=hikari.Intents.NONE,
        http_settings=hikari.impl.HTTPSettings(force_close_transports=False),
        banner=None,
        logs=None,
        suppress_optimization_warning=True,
    )

    @bot.listen()
    async def answer(event: hikari.InteractionCreateEvent) -> None:
        if isinstance(event.interaction, hikari.CommandInteraction):
            await event.interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, "Pong!")

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await bot.start(check_for_updates=False)
    try:
        application = await bot.rest.fetch_application()
        await bot.rest.set_application_commands(application.id, [bot.rest.slash_command_builder("ping", "Answer")])
        await stop.wait()
    finally:
        await bot.close()


if __name__ == "__main__":
    asyncio.run(main())
