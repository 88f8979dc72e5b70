"""The shapes in which the visual API and the gateway before it answer."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from playground.services.volcengine.errors import MESSAGES, GatewayRefusal, http_status
from playground.services.volcengine.signature import REGION, SERVICE


def success(data: dict[str, Any] | None) -> web.Response:
    return envelope(10000, MESSAGES[10000], data)


def envelope(code: int, message: str, data: dict[str, Any] | None = None) -> web.Response:
    body = {
        "code": code,
        "data": data,
        "message": message,
        "request_id": uuid.uuid4().hex,
        "status": code,
        "time_elapsed": "102.1ms",
    }
    return _json(body, http_status(code))


def refused_at_gateway(refusal: GatewayRefusal, action: str, version: str) -> web.Response:
    body = {
        "ResponseMetadata": {
            "RequestId": uuid.uuid4().hex.upper(),
            "Action": action,
            "Version": version,
            "Service": SERVICE,
            "Region": REGION,
            "Error": {
                "CodeN": refusal.number,
                "Code": refusal.code,
                "Message": refusal.message,
            },
        }
    }
    return _json(body, refusal.status)


def task(status: str, *, link: str = "", resp_data: str = "") -> dict[str, Any]:
    """What a query says of a task; the slots that no video fills are there all the same."""
    return {
        "binary_data_base64": [],
        "image_urls": None,
        "resp_data": resp_data,
        "status": status,
        "video_url": link,
    }


def detection(links: Sequence[str]) -> dict[str, Any]:
    """`resp_data` is text; that its `code` is 0 when all went well is a guess."""
    found = {
        "code": 0,
        "status": int(bool(links)),
        "object_detection_result": {"mask": {"url": list(links)}},
    }
    return {"binary_data_base64": [], "image_urls": None, "resp_data": json.dumps(found)}


def _json(body: dict[str, Any], status: int) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(status=status, text=text, content_type="application/json")
