"""Delivery of updates to webhooks: in order per person, in parallel otherwise, with retries."""

import asyncio
from dataclasses import dataclass, field
from functools import partial

import aiohttp

from playground.telegram import ApiError, Bot, Telegram
from playground.telegram.mailbox import Update, Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LONGEST_PAUSE = 60.0
SUCCESS = range(200, 300)


@dataclass(eq=False, slots=True)
class Delivery:
    task: asyncio.Task[None]
    bot: Bot
    update: Update


@dataclass(slots=True)
class Postman:
    """`pause` is the first wait after a failure; each further failure doubles it."""

    telegram: Telegram
    pause: float = 1.0
    _under_way: list[Delivery] = field(default_factory=list)

    async def run(self) -> None:
        async with aiohttp.ClientSession() as session:
            try:
                while True:
                    for bot in self.telegram.bots.values():
                        if bot.webhook:
                            self._send_out(session, bot, bot.webhook)
                    await self.telegram.journal.changed(None)
            finally:
                tasks = [delivery.task for delivery in self._under_way]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    def _send_out(self, session: aiohttp.ClientSession, bot: Bot, hook: Webhook) -> None:
        own = [delivery for delivery in self._under_way if delivery.bot is bot]
        busy = {delivery.update.author for delivery in own}
        for update in list(bot.mailbox.waiting):
            if len(own) >= hook.max_connections:
                return
            if update.author in busy or any(delivery.update is update for delivery in own):
                continue
            busy.add(update.author)
            task = asyncio.create_task(self._deliver(session, bot, hook, update))
            delivery = Delivery(task, bot, update)
            own.append(delivery)
            self._under_way.append(delivery)
            task.add_done_callback(partial(self._finish, delivery))

    def _finish(self, delivery: Delivery, _: asyncio.Task[None]) -> None:
        self._under_way.remove(delivery)
        self.telegram.journal.wake()

    async def _deliver(
        self, session: aiohttp.ClientSession, bot: Bot, hook: Webhook, update: Update
    ) -> None:
        pause = self.pause
        while bot.webhook is hook and update in bot.mailbox.waiting:
            if update.expires <= self.telegram.clock.now():
                bot.mailbox.waiting.remove(update)
                return
            problem = await self._post(session, bot, hook, update)
            if not problem:
                if update in bot.mailbox.waiting:
                    bot.mailbox.settle(update)
                return
            hook.last_error_date = self.telegram.now()
            hook.last_error_message = problem
            self.telegram.journal.add("webhook_failed", bot_id=bot.id, problem=problem)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(
        self, session: aiohttp.ClientSession, bot: Bot, hook: Webhook, update: Update
    ) -> str:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=update.json(), headers=headers) as answer:
                if answer.status not in SUCCESS:
                    return f"Wrong response from the webhook: {answer.status} {answer.reason}"
                self.telegram.journal.add("webhook_ok", bot_id=bot.id, update_id=update.id)
                body = await answer.read()
                if body and answer.content_type == "application/json":
                    self._reply_in_response(bot, await answer.json())
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"Connection failed: {error}"
        return ""

    def _reply_in_response(self, bot: Bot, body: object) -> None:
        """The answer to a delivery may carry one call; its outcome is told to nobody."""
        if isinstance(body, dict) and isinstance(body.get("method"), str):
            try:
                self.telegram.call(bot, body.pop("method"), body)
            except ApiError:
                return
