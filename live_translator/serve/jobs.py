"""Work for requests over HTTP: on few threads, the others in a line that ends."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from starlette.requests import Request

from live_translator.config import ServeConfig
from live_translator.errors import ClientError
from live_translator.serve.codes import Code

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Job(Protocol[T_co]):
    """Work that may be given up."""

    def run(self) -> T_co:
        """Do it, on a thread of its own."""

    def cancel(self) -> None:
        """Let `run` end soon, from any thread."""


class Jobs:
    """Runs jobs; used by the event loop's thread alone."""

    def __init__(self, limits: ServeConfig) -> None:
        self._limits = limits
        self._pool = ThreadPoolExecutor(limits.jobs, thread_name_prefix="job")
        self._free = asyncio.Semaphore(limits.jobs)
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Return what some short work comes to; raises ClientError where too many wait."""
        await self._enter()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._free.release()

    async def run_for(self, request: Request, job: "Job[T]") -> T:
        """Return what a job comes to, given up when whoever asked for it has gone."""
        await self._enter()
        try:
            running: asyncio.Future[Any] = asyncio.get_running_loop().run_in_executor(
                self._pool, job.run
            )
            # Its body was read, so that all that can come is the end of the connection.
            gone: asyncio.Future[Any] = asyncio.ensure_future(request.receive())
            try:
                await asyncio.wait((running, gone), return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not running.done():
                    job.cancel()
                gone.cancel()
            result: T = await running
            return result
        finally:
            self._free.release()

    def close(self) -> None:
        """Begin nothing more; what runs ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _enter(self) -> None:
        if self._free.locked() and self._waiting >= self._limits.waiting_jobs:
            raise ClientError(Code.BUSY, f"{self._waiting} requests wait already: try again later")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
