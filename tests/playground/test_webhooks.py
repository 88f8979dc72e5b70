"""Webhooks: secret, order, parallelism, retries, an answer that carries a call."""

import asyncio

import pytest
from aiohttp import web

SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Hook:
    """A bot's web server: remembers what came and answers as told."""

    def __init__(self):
        self.came = []
        self.answers = []
        self.gate = None
        self.expected = 0
        self.full = asyncio.Event()
        self.inside = 0
        self.most = 0

    async def handle(self, request):
        self.came.append((request.headers.get(SECRET), await request.json()))
        self.inside += 1
        self.most = max(self.most, self.inside)
        if self.inside == self.expected:
            self.full.set()
        if self.gate:
            await self.gate.wait()
        self.inside -= 1
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self):
        return [update["message"]["text"] for _, update in self.came]


@pytest.fixture
async def hook():
    made = Hook()
    app = web.Application()
    app.router.add_post("/hook", made.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def test_delivery_with_secret(api, world, anna, hook):
    world.send_text(anna, "before")
    await api("setWebhook", url=hook.url, secret_token="s3cret", max_connections=7)
    world.send_text(anna, "after")
    await world.wait_for(lambda: len(world.events(kind="webhook_ok")) == 2)
    assert hook.texts() == ["before", "after"]
    assert {secret for secret, _ in hook.came} == {"s3cret"}
    await world.wait_for(lambda: not world.bot.mailbox.waiting)
    info = (await api("getWebhookInfo")).result
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (hook.url, 0, 7)
    assert "last_error_date" not in info


async def test_failures_are_retried_in_order(api, world, anna, hook):
    hook.answers = [web.Response(status=500), web.Response(status=302)]
    await api("setWebhook", url=hook.url)
    world.send_text(anna, "one")
    world.send_text(anna, "two")
    await world.wait_for(lambda: len(world.events(kind="webhook_ok")) == 2)
    assert hook.texts() == ["one", "one", "one", "two"]
    assert hook.came[0][0] is None
    info = (await api("getWebhookInfo")).result
    assert info["last_error_message"].startswith("Wrong response from the webhook: 302")
    assert info["last_error_date"]


async def test_an_absent_server_is_tried_again(api, world, anna, hook):
    await api("setWebhook", url="http://127.0.0.1:1/hook")
    world.send_text(anna, "one")
    await world.wait_for(lambda: len(world.events(kind="webhook_failed")) >= 2)
    await api("setWebhook", url=hook.url)
    await world.wait_for(lambda: hook.came)


@pytest.mark.parametrize("limit", [1, 2])
async def test_people_in_parallel_up_to_the_limit(api, world, hook, limit):
    hook.gate = asyncio.Event()
    hook.expected = limit
    await api("setWebhook", url=hook.url, max_connections=limit)
    for name in "abcd":
        world.send_text(world.create_user(name), name)
    await hook.full.wait()
    hook.gate.set()
    await world.wait_for(lambda: len(world.events(kind="webhook_ok")) == 4)
    assert hook.most == limit


async def test_one_person_in_order(api, world, anna, hook):
    hook.gate = asyncio.Event()
    await api("setWebhook", url=hook.url)
    for number in range(3):
        world.send_text(anna, str(number))
    hook.gate.set()
    await world.wait_for(lambda: len(world.events(kind="webhook_ok")) == 3)
    assert (hook.most, hook.texts()) == (1, ["0", "1", "2"])


async def test_the_answer_may_carry_a_call(api, world, anna, hook):
    call = {"method": "sendMessage", "chat_id": anna.id, "text": "reply"}
    hook.answers = [web.json_response(call), web.json_response(call | {"text": ""})]
    await api("setWebhook", url=hook.url)
    world.start(anna)
    await world.wait_for(lambda: world.from_bot(anna, "reply"))
    world.send_text(anna, "again")
    await world.wait_for(lambda: world.calls("sendMessage", ok=False))


async def test_the_subscription_holds_for_webhooks(api, world, anna, hook):
    await api("setWebhook", url=hook.url, allowed_updates=["edited_message"])
    message = world.send_text(anna, "one")
    world.edit(anna, message, "two")
    await world.wait_for(lambda: hook.came)
    assert "edited_message" in hook.came[0][1]
    assert (await api("getWebhookInfo")).result["allowed_updates"] == ["edited_message"]


async def test_bad_secret(api):
    answer = await api("setWebhook", url="http://127.0.0.1/x", secret_token="no spaces")
    assert answer.refusal[0] == 400


async def test_an_empty_address_removes_the_webhook(api, hook):
    await api("setWebhook", url=hook.url)
    await api("setWebhook", url="")
    assert (await api("getWebhookInfo")).result["url"] == ""
    assert await api.updates() == []
