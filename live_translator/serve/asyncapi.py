"""The protocol of the WebSockets as an AsyncAPI 3.0 document, made of its models."""

from dataclasses import dataclass, field
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from live_translator import __version__
from live_translator.serve import protocol, room_protocol
from live_translator.serve.codes import Code
from live_translator.serve.protocol import VERSION

_SOUND = {
    "clientSound": "A client's sound, in the format that start_stream or join names, cut "
    "anywhere. Of PCM whole samples, mono s16le.",
    "serverSound": "16 bytes, little-endian: uint32 seq, uint32 sample rate in Hz, float64 the "
    "second on the source's clock at which the first sample sounds. Then mono s16le samples.",
    "roomSound": "24 bytes, little-endian: uint32 seq, uint32 member, uint32 talk, uint32 sample "
    "rate in Hz, float64 the second on that talk's clock at which the first sample sounds. Then "
    "mono s16le samples.",
}


@dataclass(frozen=True, slots=True)
class _Channel:
    address: str
    description: str
    client: Any = protocol.ClientMessage
    server: Any = protocol.ServerMessage
    sound: str = "serverSound"
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, list[str]]:
        """What the server receives and sends here."""
        return {
            "receive": [*(model.__name__ for model in get_args(self.client)), "clientSound"],
            "send": [*(model.__name__ for model in get_args(self.server)), self.sound],
        }


_CHANNELS = {
    "stream": _Channel(
        "/ws/stream", "A talk as it is spoken: words and speech come while it goes on."
    ),
    "translate": _Channel("/ws/translate", "A complete recording, sent as fast as it is taken."),
    "room": _Channel(
        "/ws/room/{name}",
        "A conversation: each speaks his language, and reads and hears all others in it.",
        room_protocol.ClientMessage,
        room_protocol.ServerMessage,
        "roomSound",
        {"name": {"description": "1 to 40 letters, digits, hyphens and underscores, in any case"}},
    ),
}


def document() -> dict[str, Any]:
    """Return the document, as it stands in JSON."""
    models: dict[str, type[BaseModel]] = {
        model.__name__: model
        for channel in _CHANNELS.values()
        for union in (channel.client, channel.server)
        for model in get_args(union)
    }
    _, schemas = models_json_schema(
        [(model, "serialization") for model in models.values()],
        ref_template="#/components/schemas/{model}",
    )
    messages = {name: _message(model) for name, model in models.items()}
    for name, text in _SOUND.items():
        messages[name] = {
            "contentType": "application/octet-stream",
            "summary": text,
            "payload": {"type": "string", "format": "binary"},
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "live-translate",
            "version": __version__,
            "description": (
                f"Protocol version {VERSION}. Text messages are JSON, told apart by `type`. "
                "Codes: " + ", ".join(f"{code.value} (closes with {code.close})" for code in Code)
            ),
        },
        "defaultContentType": "application/json",
        "channels": {
            name: {
                "address": channel.address,
                "description": channel.description,
                "parameters": channel.parameters,
                "messages": {
                    message: {"$ref": f"#/components/messages/{message}"}
                    for messages in channel.names.values()
                    for message in messages
                },
            }
            for name, channel in _CHANNELS.items()
        },
        "operations": {
            f"{action}{name.capitalize()}": {
                "action": action,
                "channel": {"$ref": f"#/channels/{name}"},
                "messages": [
                    {"$ref": f"#/channels/{name}/messages/{message}"} for message in messages
                ],
            }
            for name, channel in _CHANNELS.items()
            for action, messages in channel.names.items()
        },
        "components": {"messages": messages, "schemas": schemas["$defs"]},
    }


def _message(model: type[BaseModel]) -> dict[str, Any]:
    return {
        "name": model.model_fields["type"].default,
        "summary": (model.__doc__ or "").strip(),
        "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
    }
