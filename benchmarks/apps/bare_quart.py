"""A bare Quart application: no host, no checks, no document."""

from contextlib import AsyncExitStack

from quart import Quart, Response, request
from work import add, opened, page, serve

app = Quart(__name__)
stack = AsyncExitStack()


@app.before_serving
async def begin() -> None:
    await stack.enter_async_context(opened())


@app.after_serving
async def end() -> None:
    await stack.aclose()


@app.get("/api/v1/ping")
async def ping() -> dict[str, float]:
    return {"latency_ms": 41.5}


@app.get("/commands")
async def commands() -> Response:
    return Response((await page()).model_dump_json(), content_type="application/json")


@app.post("/commands")
async def add_command() -> Response:
    body = await request.get_json()
    made = await add(body["name"], body["content"])
    return Response(made.model_dump_json(), 201, content_type="application/json")


if __name__ == "__main__":
    serve(app)
