"""What every task is worked with, put together once at the start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from jobs.forecasts import Forecasts
from jobs.ports import Front, now
from media.runner import MediaRunner
from providers.offer import Catalog
from storage.database import Database
from storage.media import MediaFolder


@dataclass(slots=True, kw_only=True)
class Workshop:
    """Tools shared by all tasks; `keep_inputs` and `keep_results` say how long files stay.

    `largest_video` is what can be sent, in bytes; `prices` are those that the owners have set. `link` gives a file of "task:12" or "draft:7" a public address.
    """

    database: Database
    folder: MediaFolder
    runner: MediaRunner
    catalog: Catalog
    front: Front
    keep_inputs: timedelta = timedelta(hours=24)
    keep_results: timedelta = timedelta(days=7)
    largest_video: int = 50_000_000
    prices: Mapping[str, float] = field(default_factory=dict)
    link: Callable[[str, Path], str] | None = None
    now: Callable[[], datetime] = now
    forecasts: Forecasts = field(default_factory=Forecasts)
