"""The same over HTTP: texts and recordings that are there as a whole."""

import shutil
import tempfile
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel, Field

from live_translator import __version__
from live_translator.errors import ClientError, LiveTranslateError, UsageError
from live_translator.languages import AUTO, LANGUAGES, Language, language
from live_translator.mt.engines import prospect
from live_translator.serve import phrases
from live_translator.serve.codes import Code
from live_translator.serve.commons import Commons
from live_translator.serve.failures import as_told
from live_translator.serve.jobs import Jobs
from live_translator.serve.protocol import Tag
from live_translator.serve.recording import Account, Recording
from live_translator.serve.replies import Refused

T = TypeVar("T")

_Responses: TypeAlias = dict[int | str, dict[str, Any]]

_REFUSALS: _Responses = {
    status: {"model": Refused, "description": description}
    for status, description in {
        400: "the request cannot be understood",
        401: "the token is missing or wrong",
        403: "from where the server may not be used",
        413: "too large or too long",
        415: "not sound that can be decoded",
        422: "a field is missing or wrong, or a language cannot be had",
        429: "too many requests",
        500: "an engine failed",
        503: "the machine is busy; see Retry-After",
    }.items()
}
_WAV: _Responses = {
    200: {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}}
}
_METRICS: _Responses = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


class TranslateRequest(BaseModel):
    """One text or a batch."""

    text: str | Annotated[list[str], Field(min_length=1)]
    source_lang: Tag
    target_lang: Tag


class TranslateResponse(BaseModel):
    """The translation, one or a list as the text was."""

    translation: str | list[str]
    source_lang: str
    target_lang: str


class SpeakRequest(BaseModel):
    """A text to be spoken."""

    text: Annotated[str, Field(min_length=1)]
    target_lang: Tag
    voice: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$")] = "auto"


class Segment(BaseModel):
    """A piece of a recording; seconds from its beginning."""

    id: int
    start: float
    end: float
    text: str


class TranslatedSegment(Segment):
    """A piece of a recording and its translation."""

    translation: str


class TranscribeResponse(BaseModel):
    """What was said."""

    text: str
    language: str = Field(description="ISO 639-1; empty where nothing was said")
    duration: float
    segments: list[Segment]


class TranscribeTranslateResponse(BaseModel):
    """What was said, and in the other language."""

    text: str
    translation: str
    source_lang: str
    target_lang: str
    duration: float
    segments: list[TranslatedSegment]


class LanguageEntry(BaseModel):
    """A language by its names, and what can be done with it here."""

    code: str
    name: str
    iso639_3: str
    flores: str
    translates_to: list[str]


class LanguagesResponse(BaseModel):
    """Languages that can be heard."""

    languages: list[LanguageEntry]


class HealthResponse(BaseModel):
    """Whether the server lives, and whether it can begin a talk at once."""

    live: bool
    ready: bool
    version: str
    talks: int
    busy: dict[str, float] = Field(description="share of the last seconds, by engine")


def public_routes(commons: Commons) -> APIRouter:
    """Return what is answered without a token."""
    router = APIRouter()

    def health() -> HealthResponse:
        return HealthResponse(
            live=True,
            ready=commons.is_ready,
            version=__version__,
            talks=commons.talks,
            busy={stage: round(share, 3) for stage, share in commons.gates.shares().items()},
        )

    @router.get("/health", responses={503: {"model": HealthResponse}})
    @router.get("/health/ready", responses={503: {"model": HealthResponse}})
    async def ready() -> Any:
        """Say whether talks can begin at once; 503 while the models are loaded."""
        now = health()
        return now if now.ready else JSONResponse(now.model_dump(), 503)

    @router.get("/health/live")
    async def live() -> HealthResponse:
        """Say that the server lives."""
        return health()

    return router


def routes(commons: Commons, jobs: Jobs) -> APIRouter:
    """Return what is for those who have the token, where there is one."""
    router = APIRouter(responses=_REFUSALS)
    limits = commons.limits

    @router.post("/translate")
    async def translate(body: TranslateRequest) -> TranslateResponse:
        """Translate a text, or each of a batch."""
        texts = [body.text] if isinstance(body.text, str) else body.text
        if len(texts) > limits.max_texts or sum(map(len, texts)) > limits.max_text_chars:
            raise ClientError(
                Code.TOO_LARGE,
                f"at most {limits.max_texts} texts of {limits.max_text_chars} characters together",
            )
        source, target = _pair(body.source_lang, body.target_lang)
        done = await _tried(jobs.run(lambda: phrases.translate(texts, source, target, commons)))
        return TranslateResponse(
            translation=done[0] if isinstance(body.text, str) else done,
            source_lang=source.code,
            target_lang=target.code,
        )

    @router.post("/speak", response_class=Response, responses=_WAV)
    async def speak(body: SpeakRequest) -> Response:
        """Speak a text: a WAV file, mono."""
        if len(body.text) > limits.max_speech_chars:
            raise ClientError(Code.TOO_LARGE, f"at most {limits.max_speech_chars} characters")
        target = _language(body.target_lang)
        wav = await _tried(jobs.run(lambda: phrases.speak(body.text, target, body.voice, commons)))
        return Response(wav, media_type="audio/wav")

    @router.post("/transcribe")
    async def transcribe(
        request: Request,
        file: Annotated[UploadFile, File(description="a recording in any usual format")],
        source_lang: Annotated[str, Form(min_length=1, max_length=35)],
    ) -> TranscribeResponse:
        """Write down what a recording says."""
        source = _language(source_lang)
        account = await heard(request, file, source.code, source.code)
        return TranscribeResponse(
            text=" ".join(segment.text for segment in account.segments),
            language=account.language,
            duration=round(account.duration_s, 3),
            segments=[
                Segment(
                    id=index,
                    start=round(segment.start_s, 3),
                    end=round(segment.end_s, 3),
                    text=segment.text,
                )
                for index, segment in enumerate(account.segments)
            ],
        )

    @router.post("/transcribe-translate")
    async def transcribe_translate(
        request: Request,
        file: Annotated[UploadFile, File(description="a recording in any usual format")],
        source_lang: Annotated[str, Form(min_length=1, max_length=35)],
        target_lang: Annotated[str, Form(min_length=1, max_length=35)],
    ) -> TranscribeTranslateResponse:
        """Write down what a recording says, and translate it; `source_lang` may be `auto`."""
        if source_lang.lower() == AUTO:
            source, target = AUTO, _language(target_lang).code
        else:
            source, target = (one.code for one in _pair(source_lang, target_lang))
        account = await heard(request, file, source, target)
        return TranscribeTranslateResponse(
            text=" ".join(s.text for s in account.segments if s.text),
            translation=" ".join(s.translation for s in account.segments if s.translation),
            source_lang=account.language or source,
            target_lang=target,
            duration=round(account.duration_s, 3),
            segments=[
                TranslatedSegment(
                    id=index,
                    start=round(segment.start_s, 3),
                    end=round(segment.end_s, 3),
                    text=segment.text,
                    translation=segment.translation,
                )
                for index, segment in enumerate(account.segments)
            ],
        )

    async def heard(request: Request, file: UploadFile, source: str, target: str) -> Account:
        # Named by us: neither the name nor anything else of the request is a path.
        with tempfile.TemporaryDirectory(prefix="live-translate-") as folder:
            path = Path(folder, "recording")
            with path.open("wb") as copy:
                await jobs.run(lambda: shutil.copyfileobj(file.file, copy))
            recording = Recording(path, source, target, commons)
            return await _tried(jobs.run_for(request, recording))

    @router.get("/languages")
    async def languages() -> LanguagesResponse:
        """List the languages that can be heard, and into which each can be translated."""
        return LanguagesResponse(languages=await jobs.run(lambda: _entries(commons)))

    @router.get("/metrics", response_class=PlainTextResponse, responses=_METRICS)
    async def metrics() -> Response:
        """Count what the server does, for Prometheus."""
        return Response(commons.meters.text(), media_type="text/plain; version=0.0.4")

    return router


async def _tried(work: Awaitable[T]) -> T:
    """Return what some work comes to, its failures as a client is told them."""
    try:
        return await work
    except LiveTranslateError as error:
        raise as_told(error) from error


def _entries(commons: Commons) -> list[LanguageEntry]:
    known: Mapping[str, Language] = LANGUAGES

    def targets(source: Language) -> list[str]:
        others = (other for other in known.values() if other is not source)
        mt, store = commons.config.mt, commons.store
        return [o.code for o in others if prospect(source, o, mt, store).engine is not None]

    return [
        LanguageEntry(
            code=one.code,
            name=one.name,
            iso639_3=one.iso3,
            flores=one.flores,
            translates_to=targets(one),
        )
        for one in known.values()
    ]


def _language(name: str) -> Language:
    try:
        return language(name)
    except UsageError as error:
        raise ClientError(Code.LANGUAGE, str(error)) from error


def _pair(source: str, target: str) -> tuple[Language, Language]:
    pair = _language(source), _language(target)
    if pair[0] is pair[1]:
        raise ClientError(Code.LANGUAGE, f"both languages are {pair[0].name}: choose another")
    return pair
