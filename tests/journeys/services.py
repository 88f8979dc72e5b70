"""What journeys through emulated video services share."""

import socket
import sqlite3
from contextlib import closing

from providers import catalog
from providers.base import Kit
from providers.web.wire import Web

# Services that nobody reaches, for what is said and asked before an order goes out.
SILENT_TOKENOPS = {
    "TOKENOPS_API_KEY": "key",
    "TOKENOPS_BASE_URL": "http://127.0.0.1:9/v1",
    "PUBLIC_URL": "http://127.0.0.1:9",
    "SECRET_KEY": "a secret that signs links",
    "ACCESS": "open",
    "LIMITS": "tokenops.running=0,local.running=0",
}
SILENT_DASHSCOPE = {
    "DASHSCOPE_API_KEY": "sk-0123456789",
    "DASHSCOPE_HTTP_BASE_URL": "http://127.0.0.1:9/api/v1",
    "ALLOW_PRIVATE_HOSTS": "true",
    "ACCESS": "open",
    "LIMITS": "local.running=0,dashscope.running=0",
}
WITHOUT_SOUND = (
    "UPDATE tasks SET request = json_set(json_remove(request, '$.audio'), '$.seconds', 5)"
)


def models_of(environment):
    kit = Kit(environment=environment, runner=None, web=Web(), links="PUBLIC_URL" in environment)
    return catalog.build(kit).models()


def teach(database, environment):
    """Have a database remember that renders take a second here, so that looks come early."""
    rows = [
        (-number * 100 - place, model.model, resolution, seconds, 1.0, number)
        for place, model in enumerate(models_of(environment))
        for number in range(1, 20)
        for resolution, seconds in [(model.default_resolution, model.default_seconds)]
    ]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany("INSERT INTO renders VALUES (?, ?, ?, ?, ?, ?)", rows)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def public_address():
    """Settings under which services can fetch files from the bot."""
    port = free_port()
    return {
        "LISTEN": f"127.0.0.1:{port}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "a secret that signs links",
    }


def told(service, *secrets):
    """Which of these secrets the service was told, in any byte of any request."""
    return [
        secret for secret in secrets for one in service.requests if secret.encode() in one.wire
    ]
