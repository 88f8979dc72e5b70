"""getUpdates and the webhook methods, as far as they need no waiting."""

import re
from urllib.parse import urlsplit

from playground.telegram.errors import ApiError, bad
from playground.telegram.mailbox import Mailbox, Webhook
from playground.telegram.request import Request
from playground.telegram.state import Json

MAX_BATCH = 100
WEBHOOK_PORTS = {443, 80, 88, 8443}
MAX_CONNECTIONS = 100
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


def subscribe(req: Request) -> None:
    """`allowed_updates` stays in force until it is given again; an empty list is the default."""
    given = req.json("allowed_updates")
    if given is None:
        return
    if not isinstance(given, list):
        raise bad("can't parse allowed updates: expected an Array of String")
    req.bot.mailbox.allowed = [str(kind) for kind in given]


def begin_poll(req: Request) -> None:
    """What a poll does at once, before it waits: subscribe and confirm."""
    if req.bot.webhook:
        raise ApiError(409, WEBHOOK_ACTIVE)
    subscribe(req)
    mailbox: Mailbox = req.bot.mailbox
    if offset := req.number("offset"):
        mailbox.confirm(offset)


def finish_poll(req: Request) -> list[Json]:
    limit = min(max(req.number("limit", MAX_BATCH), 1), MAX_BATCH)
    return [update.json() for update in req.bot.mailbox.batch(limit, req.world.clock.now())]


def get_updates(req: Request) -> list[Json]:
    begin_poll(req)
    return finish_poll(req)


def set_webhook(req: Request) -> bool:
    url = req.text("url")
    if not url:
        return delete_webhook(req)
    parts = urlsplit(url)
    # The real server takes public HTTPS addresses only; a test listens on its own machine.
    if parts.hostname not in LOOPBACK:
        if parts.scheme != "https":
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in WEBHOOK_PORTS:
            raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = req.text("secret_token")
    if secret and not SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    subscribe(req)
    if req.flag("drop_pending_updates"):
        req.bot.mailbox.clear()
    connections = min(max(req.number("max_connections", 40), 1), MAX_CONNECTIONS)
    req.bot.webhook = Webhook(
        url,
        secret,
        connections,
        req.text("ip_address"),
        own_certificate=req.has("certificate"),
    )
    req.world.journal.add("webhook", bot_id=req.bot.id, url=url)
    return True


def delete_webhook(req: Request) -> bool:
    if req.flag("drop_pending_updates"):
        req.bot.mailbox.clear()
    req.bot.webhook = None
    req.world.journal.add("webhook", bot_id=req.bot.id, url="")
    return True


def get_webhook_info(req: Request) -> Json:
    hook = req.bot.webhook
    body: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": bool(hook and hook.own_certificate),
        "pending_update_count": len(req.bot.mailbox.waiting),
    }
    if hook:
        body["max_connections"] = hook.max_connections
        body["ip_address"] = hook.ip_address or "127.0.0.1"
        if hook.last_error_date:
            body["last_error_date"] = hook.last_error_date
            body["last_error_message"] = hook.last_error_message
    if req.bot.mailbox.allowed:
        body["allowed_updates"] = req.bot.mailbox.allowed
    return body
