"""Waiting for a database that cannot be written: a full disk is no reason to end the bot."""

import stamina

from core.errors import StorageError

patiently = stamina.retry(
    on=StorageError, attempts=None, timeout=None, wait_initial=1.0, wait_max=30.0
)
