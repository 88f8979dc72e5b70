"""What journeys through emulated video services share."""

import socket
import sqlite3
from contextlib import closing

from providers import catalog
from providers.base import Kit
from providers.web.wire import Web


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
