"""The built-in renderer: camera moves over a photo, drawn on this machine, without any key."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any

from core.capabilities import Capabilities, Need, PictureLimits, SoundLimits, Stops
from core.errors import MediaCrashError, MediaError, ProviderError
from core.request import VideoRequest
from core.words import say
from media.runner import MediaRunner
from providers.base import (
    Answer,
    Blame,
    Kit,
    Lost,
    Order,
    Pending,
    Provider,
    Ready,
    Refused,
    RemoteId,
    Trace,
)
from providers.health import Check

# Camera moves by name, and the words that the renderer reads them from.
_MOVES = {
    "push_in": "push in",
    "pull_out": "pull out",
    "pan_left": "pan left",
    "pan_right": "pan right",
    "tilt_up": "tilt up",
    "tilt_down": "tilt down",
    "roll_left": "counterclockwise",
    "roll_right": "clockwise",
    "orbit_left": "orbit left",
    "orbit_right": "orbit right",
    "dolly_zoom": "dolly zoom",
    "handheld": "handheld",
    "follow": "tracking shot",
    "static": "static shot",
}

CAMERA = Capabilities(
    model="local/camera",
    title=say("Camera moves (built in)"),
    last_frame=Need.OPTIONAL,
    audio=Need.OPTIONAL,
    picture=PictureLimits(min_side=16, max_side=4096, min_aspect=1 / 20, max_aspect=20),
    audio_limits=SoundLimits(min_seconds=1, max_seconds=60, format=None),
    prompt_chars=1024,
    seconds=tuple(range(3, 11)),
    default_seconds=5,
    resolutions=("480p", "720p", "1080p"),
    cameras=tuple(_MOVES),
    strengths=("slow", "fast"),
    seed=True,
    cancel=Stops.ALWAYS,
    usual=6,
    ai=False,
    pushes=True,
    sound_decides=True,
    sound_alone=True,
)

Drawn = Ready | Refused

# A 1080p minute takes about three minutes of one core; beyond this something is wrong.
_MOST = 64  # renders at a time
_LIMIT = 900


class _Film:
    """One film being drawn, and whether there is anything new to say of it."""

    def __init__(
        self, draw: Callable[[Callable[[float], None]], Coroutine[Any, Any, Drawn]]
    ) -> None:
        self.percent = 0.0
        self.news = asyncio.Event()
        self.work = asyncio.create_task(draw(self._tell))
        self.work.add_done_callback(lambda _: self.news.set())

    def _tell(self, part: float) -> None:
        self.percent = part * 100
        self.news.set()


class Local(Provider):
    """Draws in a child process; a restart loses nothing, since looking starts it again."""

    name = "local"
    running = 1
    can_find = True
    keeps = timedelta(0)

    settles = timedelta(0)

    def __init__(self, runner: MediaRunner, *, seats: int = 1) -> None:
        self.models = (CAMERA,)
        self.lanes = {self.name: seats}
        self._runner = runner
        self._films: dict[str, _Film] = {}

    async def submit(self, order: Order) -> RemoteId:
        return RemoteId(order.key)

    async def find(self, order: Order, trace: Trace) -> RemoteId:  # noqa: ARG002
        return RemoteId(order.key)

    async def look(self, remote: RemoteId, order: Order) -> Answer:
        """Wait until there is news of a film, which is started if nobody draws it yet."""
        film = self._films.get(remote)
        if film is None:
            film = self._films[remote] = _Film(partial(self._draw, order))
        await film.news.wait()
        film.news.clear()
        if not film.work.done():
            return Pending(percent=film.percent)
        if self._films.get(remote) is film:
            del self._films[remote]
        if film.work.cancelled():
            return Lost()
        try:
            return film.work.result()
        except MediaCrashError as error:
            raise ProviderError(str(error), retry_in=timedelta(seconds=2)) from error

    async def fetch(self, ready: Ready, order: Order) -> None:
        """Nothing to do: the film was drawn where it shall lie."""

    async def cancel(self, remote: RemoteId) -> bool:
        film = self._films.pop(remote, None)
        if film:
            film.work.cancel()
            await asyncio.wait({film.work})
        return True

    async def check(self, patience: float = 15.0) -> tuple[Check, ...]:  # noqa: ARG002
        return (Check(ok=True, text=say("built in")),)

    async def close(self) -> None:
        for remote in list(self._films):
            await self.cancel(RemoteId(remote))

    async def _draw(self, order: Order, report: Callable[[float], None]) -> Drawn:
        request = order.request
        heard = request.audio.seconds if request.audio else CAMERA.longest_sound
        try:
            await self._runner.run(
                "render",
                {
                    "first": str(order.first),
                    "last": str(order.last) if order.last else None,
                    "sound": str(order.audio) if order.audio else None,
                    "target": str(order.target),
                    "prompt": _words(request),
                    "seconds": request.seconds,
                    "ratio": request.ratio,
                    "resolution": request.resolution,
                    "seed": request.seed or 0,
                    "max_seconds": min(CAMERA.longest_sound, heard),
                },
                limit=_LIMIT,
                report=report,
            )
        except MediaError as error:
            return Refused(blame=Blame.INPUT, reason=error.sentence)
        return Ready(url=str(order.target))


def build(kit: Kit) -> Local:
    """Always there; renders have media seats of their own, so a long one holds up nobody's photo.

    How many run at a time is the lane's to say, also when it changes.
    """
    seats = int(kit.limit(Local.name, "running", Local.running))
    return Local(MediaRunner(seats=_MOST), seats=seats)


def _words(request: VideoRequest) -> str:
    """What shall happen; a camera move that is named stands for all words."""
    move, _, strength = (request.camera or "").partition(":")
    return f"{strength} {_MOVES[move]}".strip() if move else request.prompt
