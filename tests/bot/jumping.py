"""A clock for tests that jumps to whatever is waited for."""

import asyncio


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only by being waited for."""

    def __init__(self):
        super().__init__()
        self._moment = 0.0

    def time(self):
        return self._moment

    def _run_once(self):
        if not self._ready and self._scheduled:
            self._moment = max(self._moment, self._scheduled[0].when())
        super()._run_once()


def play(scene):
    """Run a scene to its end; hours of it take no time."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(scene)
