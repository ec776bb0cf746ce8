"""The ceiling: a FastAPI endpoint that does one insert and nothing else, served as our services are.

python -m tests.bench.bare PORT DATABASE_URL
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from fastapi import FastAPI, Request
from pydantic import BaseModel

from shared.db import open_pool

TABLE = (
    "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, aid_type text, amount numeric)"
)
INSERT = "INSERT INTO bare (name, aid_type, amount) VALUES ($1, $2, $3) RETURNING id"


class Form(BaseModel):
    name: str
    aid_type: str
    amount: int


class Kept(BaseModel):
    id: int


def create_app(database_url: str) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = await open_pool(database_url, size=8, application="bare")
        yield
        await app.state.pool.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/", status_code=201)
    async def keep(form: Form, request: Request) -> Kept:
        pool: asyncpg.Pool = request.app.state.pool
        return Kept(id=await pool.fetchval(INSERT, form.name, form.aid_type, form.amount))

    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False,
        server_header=False,
    )  # fmt: skip
