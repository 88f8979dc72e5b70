"""The person's side over HTTP, `/sim/...`: looking, waiting, faults and the clock."""

from aiohttp import web

from playground.actions import ACTIONS
from playground.forms import read_form
from playground.steps import Step
from playground.telegram import ClientRefusalError, Telegram
from playground.telegram.state import Json
from playground.views import chat_view, message_view, query_view

NO_LIMIT = 1 << 40
FAULT_FIELDS = {"method", "code", "description", "retry_after", "delay", "drop", "hold"} | {
    "zero_id",
    "contains",
    "times",
}


class Sim:
    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sim/state", self.state),
            web.get("/sim/history", self.history),
            web.get("/sim/calls", self.calls),
            web.get("/sim/events", self.events),
            web.get("/sim/queries/{query_id}", self.query),
            web.get("/sim/files/{file_id}", self.file),
            web.get("/sim/faults", self.faults),
            web.post("/sim/faults", self.add_fault),
            web.delete("/sim/faults", self.clear_faults),
            web.post("/sim/faults/{fault_id}/release", self.release_fault),
            web.post("/sim/{action}", self.act),
        ]

    async def act(self, http: web.Request) -> web.Response:
        """One thing a person does; the names are the keys of ACTIONS."""
        action = ACTIONS.get(http.match_info["action"])
        if action is None:
            return _refused(404, f"no such action, there are: {', '.join(ACTIONS)}")
        params, files = await read_form(http, NO_LIMIT)
        try:
            return web.json_response(action(Step(self._telegram, params, files)))
        except ClientRefusalError as error:
            return _refused(409, str(error))
        except KeyError as error:
            return _refused(404, f"unknown or missing: {error}")

    async def state(self, _: web.Request) -> web.Response:
        world = self._telegram
        chats = [*world.private_chats.values(), *world.chats.values()]
        return web.json_response(
            {
                "bots": [
                    {
                        "id": bot.id,
                        "token": bot.token,
                        "username": bot.username,
                        "privacy": bot.privacy,
                        "waiting_updates": len(bot.mailbox.waiting),
                        "webhook": bot.webhook.url if bot.webhook else "",
                    }
                    for bot in world.bots.values()
                ],
                "users": [
                    {"id": user.id, "first_name": user.first_name, "username": user.username}
                    for user in world.users.values()
                    if not user.is_bot
                ],
                "chats": [chat_view(chat) for chat in chats],
                "last_seq": world.journal.seq,
            },
        )

    async def history(self, http: web.Request) -> web.Response:
        step = Step(self._telegram, dict(http.query), {})
        try:
            thread = int(http.query["thread"]) if "thread" in http.query else None
            seen = self._telegram.history(step.chat(), thread)
        except KeyError as error:
            return _refused(404, f"unknown: {error}")
        return web.json_response([message_view(self._telegram, message) for message in seen])

    async def calls(self, http: web.Request) -> web.Response:
        after = int(http.query.get("after", 0))
        found = self._telegram.calls(http.query.get("method", ""))
        return web.json_response([call.json() for call in found if call.seq > after])

    async def events(self, http: web.Request) -> web.Response:
        """Answer with what happened after `after`, waiting up to `timeout` seconds for it."""
        after = int(http.query.get("after", 0))
        timeout = float(http.query.get("timeout", 0))
        journal = self._telegram.journal
        if not journal.after(after) and timeout > 0:
            await journal.wait_for_after(after, timeout)
        return web.json_response([event.json() for event in journal.after(after)])

    async def query(self, http: web.Request) -> web.Response:
        query = self._telegram.queries.get(http.match_info["query_id"])
        return web.json_response(query_view(query)) if query else _refused(404, "no such query")

    async def file(self, http: web.Request) -> web.Response:
        try:
            content = self._telegram.download(http.match_info["file_id"])
        except KeyError:
            return _refused(404, "no such file")
        return web.Response(body=content)

    # Faults

    def _fault_views(self) -> list[Json]:
        return [
            {"id": f.id, "method": f.method, "what": f.label, "used": f.used, "waiting": f.waiting}
            for f in self._telegram.faults.all
        ]

    async def faults(self, _: web.Request) -> web.Response:
        return web.json_response(self._fault_views())

    async def add_fault(self, http: web.Request) -> web.Response:
        body = await http.json()
        step = Step(self._telegram, body, {})
        unknown = body.keys() - FAULT_FIELDS - {"bot"}
        if unknown or "method" not in body:
            return _refused(400, f"unknown fields {sorted(unknown)}, or no method")
        bot = step.bot() if "bot" in body else None
        chosen = {name: body[name] for name in FAULT_FIELDS & body.keys()}
        fault = self._telegram.fail(**chosen, bot=bot)
        return web.json_response({"id": fault.id})

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._telegram.faults.clear()
        return web.json_response([])

    async def release_fault(self, http: web.Request) -> web.Response:
        fault = self._telegram.faults.get(int(http.match_info["fault_id"]))
        if fault is None:
            return _refused(404, "no such fault")
        self._telegram.release(fault)
        return web.json_response(self._fault_views())


def _refused(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)
