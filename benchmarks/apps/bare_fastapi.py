"""A bare FastAPI application: its own reading of bodies and writing of models, and nothing besides."""

from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import BaseModel
from work import add, opened, page, serve

from chandelier_custom.answers import Added, Page


@asynccontextmanager
async def lifespan(_: FastAPI):
    async with opened():
        yield


app = FastAPI(lifespan=lifespan)


class Wish(BaseModel):
    name: str
    content: str


class Pong(BaseModel):
    latency_ms: float


@app.get("/api/v1/ping")
async def ping() -> Pong:
    return Pong(latency_ms=41.5)


@app.get("/commands")
async def commands() -> Page:
    return await page()


@app.post("/commands", status_code=201)
async def add_command(wish: Wish) -> Added:
    return await add(wish.name, wish.content)


if __name__ == "__main__":
    serve(app)
