"""Logs: one line an event, with secrets taken out whoever writes them."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, WrappedLogger

_HIDDEN = "***"
# A bot token, anywhere; values of keys and cookies; the query of an address (signatures).
_PATTERNS = (
    re.compile(r"(?i)(?<!\d)\d{3,20}(?::|%3A)[a-z0-9_-]{30,}"),
    re.compile(r"(?i)(?<=bearer )[^\s'\"]+"),
    re.compile(r"(?i)(?<=sessionid=)[^\s;'\"]+"),
    re.compile(r"(?<=\?)[^\s'\"]*(?:sign|token|key|secret|credential)[^\s'\"]*", re.IGNORECASE),
)


class Redactor:
    """Takes known secrets, and whatever looks like one, out of every text."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)

    def clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        for pattern in _PATTERNS:
            text = pattern.sub(_HIDDEN, text)
        return text

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {name: self._plain(value) for name, value in event.items()}

    def _plain(self, value: Any) -> Any:
        return value if isinstance(value, int | float | None) else self.clean(str(value))


class _Lines(structlog.WriteLogger):
    """Writes lines itself, for the way through `logging` costs several times as much."""

    def __init__(self, file: TextIO, name: str) -> None:
        super().__init__(file)
        self.name = name


def set_up(secrets: Iterable[str], *, level: str = "INFO") -> None:
    """Send every log, ours and the libraries', to standard error through the redactor."""
    origin: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    clean: list[Any] = [structlog.processors.format_exc_info, Redactor(secrets)]
    render = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])
    plain = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[plain, *clean, render],
            foreign_pre_chain=[*origin, structlog.stdlib.ExtraAdder()],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # These print whole addresses, and so the token, at INFO.
    for chatty in ("httpx", "httpcore", "aiohttp.access", "alembic", "telegram.ext"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # What it cannot read it also raises.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
    named = structlog.stdlib.LoggerFactory(ignore_frame_names=[__name__])
    structlog.configure(
        processors=[*clean, *origin, render],
        logger_factory=lambda *name: _Lines(handler.stream, named(*name).name),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
