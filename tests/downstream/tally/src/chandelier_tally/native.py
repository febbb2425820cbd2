"""What the contract does not model: a command of lightbulb's, and a page of Quart's."""

import lightbulb
import quart

loader = lightbulb.Loader()
blueprint = quart.Blueprint("tally_pages", __name__)


@loader.command
class Abacus(lightbulb.SlashCommand, name="abacus", description="Show an abacus."):
    """A command of lightbulb's."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        """Answer."""
        await ctx.respond("🧮")


@blueprint.get("/abacus")
async def abacus() -> dict[str, str]:
    """Answer over HTTP."""
    return {"abacus": "🧮"}
