"""It has a blueprint whose route raises SystemExit.

When: use
Seen: say:Something broke; it is recorded as
Use: GET /api/v1/routing/out
"""

import quart

from chandelier import Plugin

blueprint = quart.Blueprint("routing", __name__)


@blueprint.get("/out")
async def out():
    raise SystemExit(7)


plugin = Plugin("routing", summary="Hostile.", blueprint=blueprint)
