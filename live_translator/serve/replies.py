"""What is answered over HTTP: refusals of one shape."""

from pydantic import BaseModel
from starlette.responses import JSONResponse

from live_translator.config import ServeConfig
from live_translator.serve.codes import Code


class Refusal(BaseModel):
    """Why a request was refused."""

    code: Code
    message: str


class Refused(BaseModel):
    """The body of every answer that is not a success."""

    error: Refusal


def refusal(code: Code, message: str, limits: ServeConfig) -> JSONResponse:
    """Return the answer to a request that is refused."""
    headers = {}
    if code in (Code.BUSY, Code.STOPPING, Code.TOO_MANY):
        headers["Retry-After"] = str(limits.retry_after_s)
    if code is Code.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    body = Refused(error=Refusal(code=code, message=message))
    return JSONResponse(body.model_dump(mode="json"), code.http, headers)
