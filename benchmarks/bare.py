"""The bare HTTP calls of each service: what the bot sent once, sent again without the bot.

Bodies and headers are those of a recorded task of the bot's own; only what must differ is put in
anew: ids that the service gave, moments, and the signatures over them.
"""

import asyncio
import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from playground.services.service import Received
from providers.dreamina.signing import Keys, authorization
from providers.volcengine.signing import sign

_BY_THE_CLIENT = {
    "host",
    "content-length",
    "accept",
    "accept-encoding",
    "connection",
    "user-agent",
    "transfer-encoding",
}


class Bare(ABC):
    """`first` has a recorded request of each route."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        url: str,
        environment: Mapping[str, str],
        first: Mapping[str, Received],
    ) -> None:
        self.client = client
        self.url = url
        self.environment = environment
        self.first = first

    @abstractmethod
    async def submit(self) -> str:
        """Order a video; gives the task's id."""

    @abstractmethod
    async def look(self, task: str) -> str | None:
        """Where the video lies, once it is done."""

    async def download(self, link: str, target: Path) -> None:
        async with self.client.stream("GET", link, headers=self.of_downloads()) as reply:
            assert reply.is_success, f"result: HTTP {reply.status_code}"
            with target.open("wb") as file:
                async for chunk in reply.aiter_raw():
                    file.write(chunk)

    def of_downloads(self) -> dict[str, str]:
        return {}

    def headers(self, route: str) -> dict[str, str]:
        sent = self.first[route].headers
        return {name: value for name, value in sent if name.lower() not in _BY_THE_CLIENT}

    async def send(self, route: str, *, place: str = "", **changed: Any) -> dict[str, Any]:
        """Send a recorded request with changes; gives the JSON of the answer."""
        one = self.first[route]
        request = {"headers": self.headers(route), "content": one.body or None, **changed}
        reply = await self.client.request(one.method, place or self.url + one.url, **request)
        assert reply.is_success, f"{route}: HTTP {reply.status_code} {reply.text[:300]}"
        found: dict[str, Any] = reply.json()
        return found


class DashScope(Bare):
    async def submit(self) -> str:
        return (await self.send("create"))["output"]["task_id"]

    async def look(self, task: str) -> str | None:
        reply = await self.send("look", place=f"{self.url}/api/v1/tasks/{task}")
        return reply["output"].get("video_url")


class Volcengine(Bare):
    async def submit(self) -> str:
        return (await self._signed("submit", self.first["submit"].body))["data"]["task_id"]

    async def look(self, task: str) -> str | None:
        body = json.loads(self.first["look"].body) | {"task_id": task}
        reply = await self._signed("look", json.dumps(body).encode())
        return reply["data"].get("video_url") or None

    async def _signed(self, route: str, body: bytes) -> dict[str, Any]:
        secrets = self.environment["VOLC_ACCESSKEY"], self.environment["VOLC_SECRETKEY"]
        url = httpx.URL(self.url + self.first[route].url)
        headers = sign(url, body, secrets, datetime.now(UTC))
        return await self.send(route, headers=headers, content=body)


class Gateway(Bare):
    async def submit(self) -> str:
        return (await self.send("create"))["id"]

    async def look(self, task: str) -> str | None:
        place = f"{self.url}/v1/videos/{task}"
        reply = await self.send("retrieve", place=place)
        return f"{place}/content" if reply["status"] == "completed" else None

    def of_downloads(self) -> dict[str, str]:
        return self.headers("content")


class Dreamina(Bare):
    async def submit(self) -> str:
        token = (await self.send("token"))["data"]
        keys = Keys(
            access_key=token["access_key_id"],
            secret_key=token["secret_access_key"],
            region="cn-north-1",
        )
        session = token["session_token"]
        applied = await self._stored("apply", keys, session, b"")
        address = applied["Result"]["UploadAddress"]
        store = address["StoreInfos"][0]
        place = f"http://{address['UploadHosts'][0]}/upload/v1/{store['StoreUri']}"
        headers = self.headers("upload") | {"Authorization": store["Auth"]}
        await self.send("upload", place=place, headers=headers)
        body = json.dumps({"SessionKey": address["SessionKey"]}).encode()
        await self._stored("commit", keys, session, body)
        one = self.first["generate"]
        old_uri = self.first["upload"].url.partition("/upload/v1/")[2]
        old_id = json.loads(one.body)["submit_id"]
        order = one.body.replace(old_uri.encode(), store["StoreUri"].encode())
        order = order.replace(old_id.encode(), str(uuid4()).encode())
        return (await self.send("generate", content=order))["data"]["aigc_data"][
            "history_record_id"
        ]

    async def look(self, task: str) -> str | None:
        body = json.loads(self.first["history"].body) | {"history_ids": [task]}
        record = (await self.send("history", content=json.dumps(body).encode()))["data"][task]
        if record["status"] != 50:
            return None
        return record["item_list"][0]["video"]["transcoded_video"]["origin"]["video_url"]

    async def _stored(self, route: str, keys: Keys, session: str, body: bytes) -> dict[str, Any]:
        one = self.first[route]
        sent = {name.lower(): value for name, value in self.headers(route).items()}
        moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        named = sent["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
        changed = {"x-amz-date": moment, "x-amz-security-token": session}
        if body:
            changed["x-amz-content-sha256"] = hashlib.sha256(body).hexdigest()
        signed = {name: changed[name] for name in named}
        query = one.url.partition("?")[2]
        sealed = authorization(one.method, query, signed, body, keys)
        place = f"{self.environment['DREAMINA_IMAGEX_URL']}/?{query}"
        headers = sent | changed | {"authorization": sealed}
        return await self.send(route, place=place, headers=headers, content=body or None)


BARE: Mapping[str, type[Bare]] = {
    "dashscope": DashScope,
    "volcengine": Volcengine,
    "tokenops": Gateway,
    "dreamina": Dreamina,
}


async def run(bare: Bare, looks: Sequence[Sequence[float]], at_once: int, folder: Path) -> None:
    """One task for each list of `looks`: seconds after the order at which it is looked at."""
    seats = asyncio.Semaphore(at_once)

    async def one(number: int, moments: Sequence[float]) -> None:
        async with seats:
            task = await bare.submit()
            loop = asyncio.get_running_loop()
            ordered, link, coming = loop.time(), None, list(moments)
            while link is None:
                # Where this service took longer than the recorded one: a look a second.
                wait = ordered + coming.pop(0) - loop.time() if coming else 1.0
                await asyncio.sleep(max(0.0, wait))
                link = await bare.look(task)
            await bare.download(link, folder / f"{number}.mp4")

    await asyncio.gather(*(one(number, moments) for number, moments in enumerate(looks)))
