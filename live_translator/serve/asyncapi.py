"""The protocol of the WebSockets as an AsyncAPI 3.0 document, made of its models."""

from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from live_translator import __version__
from live_translator.serve.codes import Code
from live_translator.serve.protocol import VERSION, ClientMessage, ServerMessage

_CHANNELS = {
    "stream": ("/ws/stream", "A talk as it is spoken: words and speech come while it goes on."),
    "translate": ("/ws/translate", "A complete recording, sent as fast as it is taken."),
}
_SOUND = {
    "clientSound": "A client's sound, in the format that start_stream names, cut anywhere. Of "
    "PCM whole samples, mono s16le.",
    "serverSound": "16 bytes, little-endian: uint32 seq, uint32 sample rate in Hz, float64 the "
    "second on the source's clock at which the first sample sounds. Then mono s16le samples.",
}


def document() -> dict[str, Any]:
    """Return the document, as it stands in JSON."""
    client, server = _models(ClientMessage), _models(ServerMessage)
    _, schemas = models_json_schema(
        [(model, "serialization") for model in (*client, *server)],
        ref_template="#/components/schemas/{model}",
    )
    messages = {model.__name__: _message(model) for model in (*client, *server)}
    for name, text in _SOUND.items():
        messages[name] = {
            "contentType": "application/octet-stream",
            "summary": text,
            "payload": {"type": "string", "format": "binary"},
        }
    names = {
        "receive": [*(model.__name__ for model in client), "clientSound"],
        "send": [*(model.__name__ for model in server), "serverSound"],
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
            channel: {
                "address": address,
                "description": text,
                "messages": {
                    name: {"$ref": f"#/components/messages/{name}"}
                    for name in (*names["receive"], *names["send"])
                },
            }
            for channel, (address, text) in _CHANNELS.items()
        },
        "operations": {
            f"{action}{channel.capitalize()}": {
                "action": action,
                "channel": {"$ref": f"#/channels/{channel}"},
                "messages": [
                    {"$ref": f"#/channels/{channel}/messages/{name}"} for name in names[action]
                ],
            }
            for channel in _CHANNELS
            for action in ("receive", "send")
        },
        "components": {"messages": messages, "schemas": schemas["$defs"]},
    }


def _models(union: Any) -> tuple[type[BaseModel], ...]:
    return get_args(union)


def _message(model: type[BaseModel]) -> dict[str, Any]:
    return {
        "name": model.model_fields["type"].default,
        "summary": (model.__doc__ or "").strip(),
        "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
    }
