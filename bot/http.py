"""The bot's own HTTP server: its health, and updates by webhook."""

import hmac
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.inbox import Inbox
from bot.incoming import is_numbered
from bot.links import Links, serve_media
from bot.settings import Settings
from jobs.workshop import Workshop
from storage.database import ping

_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name
_LARGEST = 1_000_000  # bytes of one update


def make_app(
    settings: Settings, inbox: Inbox, workshop: Workshop, links: Links | None
) -> web.Application:
    """Routes: GET /health, the path of WEBHOOK_URL, and GET /m/<token> with PUBLIC_URL."""
    app = web.Application(client_max_size=_LARGEST)

    async def health(_: web.Request) -> web.Response:
        await workshop.database.read(ping)
        return web.json_response({"status": "ok"})

    async def webhook(request: web.Request) -> web.Response:
        """Answer 200 only after the update is committed."""
        assert settings.webhook_secret
        given = request.headers.get(_SECRET, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, settings.webhook_secret.get_secret_value().encode()):
            return web.Response(status=403)
        try:
            update: Any = await request.json()
        except ValueError:
            return web.Response(status=400)
        if not is_numbered(update):
            return web.Response(status=400)
        await inbox.take([update])
        return web.Response()

    app.router.add_get("/health", health)
    if links:
        app.add_routes([serve_media(links, workshop)])
    if settings.webhook_url:
        app.router.add_post(urlsplit(settings.webhook_url).path or "/", webhook)
    return app


async def serve(
    settings: Settings, inbox: Inbox, workshop: Workshop, links: Links | None
) -> web.AppRunner:
    """Listen on LISTEN; the caller cleans the runner up."""
    runner = web.AppRunner(make_app(settings, inbox, workshop, links), access_log=None)
    await runner.setup()
    host, _, port = settings.listen.rpartition(":")
    await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    return runner
