"""The server put together: sockets, HTTP, documents and the page, behind one guard."""

import asyncio
import contextlib
import logging
import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException
from starlette.websockets import WebSocket

from live_translator import __version__
from live_translator.direction import directions
from live_translator.errors import ClientError, LiveTranslateError
from live_translator.serve import asyncapi, rest
from live_translator.serve.codes import Code, code_of_status
from live_translator.serve.commons import Commons
from live_translator.serve.connection import Connections
from live_translator.serve.door import Door
from live_translator.serve.guard import Guard
from live_translator.serve.jobs import Jobs
from live_translator.serve.names import room_name
from live_translator.serve.replies import refusal
from live_translator.serve.room_socket import RoomConnection
from live_translator.serve.rooms import Rooms
from live_translator.serve.sessions import Sessions
from live_translator.serve.stream import StreamConnection

log = logging.getLogger(__name__)

PAGE = Path(__file__).parent / "page"
"""The page's files, served as they are."""


def create(commons: Commons, *, token: str | None = None, page: Path = PAGE) -> Guard:
    """Return the server as an ASGI application; its `app` is the FastAPI inside.

    On start it loads the models of the configured direction, and ends all talks when it is
    stopped. Whoever made `commons` closes it afterwards.
    """
    sessions = Sessions(commons)
    rooms = Rooms(commons)
    jobs = Jobs(commons.limits)
    door = Door(commons.limits, token, commons.clock)
    connections = Connections(commons, door)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(_load(commons))
        yield
        await asyncio.gather(sessions.close(), rooms.close())
        jobs.close()
        await loading

    app = FastAPI(
        title="live-translate",
        version=__version__,
        summary="Speech in one language becomes speech in another.",
        lifespan=lifespan,
        docs_url=None,  # Its page is fetched from elsewhere.
        redoc_url=None,
    )
    app.state.commons = commons
    app.state.sessions = sessions
    app.state.rooms = rooms
    app.state.connections = connections
    app.state.door = door
    app.state.jobs = jobs
    _answer_failures(app, commons)
    app.include_router(rest.public_routes(commons))
    locks = [] if token is None else [Depends(_lock(door))]
    app.include_router(rest.routes(commons, jobs), dependencies=locks)

    @app.get("/asyncapi.json")
    async def protocol() -> dict[str, Any]:
        """Describe the WebSockets."""
        return asyncapi.document()

    @app.websocket("/ws/stream")
    async def stream(socket: WebSocket) -> None:
        await connections.serve(
            socket, lambda: StreamConnection(connections, socket, sessions, live=True)
        )

    @app.websocket("/ws/translate")
    async def translate(socket: WebSocket) -> None:
        await connections.serve(
            socket, lambda: StreamConnection(connections, socket, sessions, live=False)
        )

    @app.websocket("/ws/room/{name}")
    async def room(socket: WebSocket, name: str) -> None:
        try:
            known = room_name(name)
        except ClientError as error:
            await connections.deny(socket, error)
            return
        await connections.serve(socket, lambda: RoomConnection(connections, socket, rooms, known))

    if page.is_dir():
        # A system's own table may say text/plain, which browsers do not run.
        mimetypes.add_type("text/javascript", ".js")
        for path in page.iterdir():
            app.add_route(f"/{path.name}", _file(path))
        app.add_route("/", _file(page / "index.html"))

        @app.get("/room/{name}", include_in_schema=False)
        async def room_page(name: str) -> FileResponse:
            room_name(name)
            return FileResponse(page / "room.html")

    return Guard(app, commons=commons, door=door)


def _file(path: Path) -> Callable[[Request], Awaitable[FileResponse]]:
    """Return what answers with one file: no path of a request leads to any other."""

    async def answer(_: Request) -> FileResponse:
        return FileResponse(path)

    return answer


async def _load(commons: Commons) -> None:
    """Load the models of the configured direction, off the event loop."""
    try:
        await asyncio.to_thread(commons.engines.prepare, *directions(commons.config))
    except LiveTranslateError as error:
        log.warning("not ready: %s", error)
    else:
        commons.is_ready = True


def _lock(door: Door) -> Any:
    bearer = HTTPBearer(auto_error=False)

    async def unlock(
        given: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    ) -> None:
        door.check_token(given.credentials if given else None)

    return unlock


def _answer_failures(app: FastAPI, commons: Commons) -> None:
    """Let all that is refused be answered in one shape."""

    def refuse(code: Code, message: str) -> JSONResponse:
        commons.meters.refused(code)
        return refusal(code, message, commons.limits)

    @app.exception_handler(ClientError)
    async def refused(_: Request, error: ClientError) -> JSONResponse:
        return refuse(Code(error.code), str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return refuse(Code.BAD_MESSAGE, f"{place}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def failed(_: Request, error: HTTPException) -> JSONResponse:
        response = refuse(code_of_status(error.status_code), str(error.detail))
        response.status_code = error.status_code
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    async def broken(_: Request, error: Exception) -> JSONResponse:
        log.error("a request failed", exc_info=error)
        return refuse(Code.INTERNAL, "the server made a mistake")
