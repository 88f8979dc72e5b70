"""The process that media children are forked from: it imports what they need, once.

It opens no file of anybody and hears nothing from its children, so each starts out clean.
"""

import gc
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module

from media import worker

_ORDERS = 0  # the descriptor that orders come by


def main() -> None:
    """Fork a child for every order, till the process that gives them is gone.

    An order is a byte, the number of the child's first job, with two descriptors: what the child
    talks by, and a leash. Whoever lets go of the leash ends the child; its end is told there.
    """
    worker.die_with(int(sys.argv[1]))
    _Template().serve()


class _Template:
    def __init__(self) -> None:
        self._orders = socket.socket(fileno=_ORDERS)
        self._children: dict[int, int] = {}  # by their leashes
        self._ended, wake = os.pipe()
        os.set_blocking(self._ended, False)
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector = selectors.PollSelector()
        for descriptor in (_ORDERS, self._ended):
            self._selector.register(descriptor, selectors.EVENT_READ)

    def serve(self) -> None:
        while True:
            ready = {key.fd for key, _ in self._selector.select()}
            for leash in ready & self._children.keys():
                # Only we wait for it, so its number cannot be another process's yet.
                os.kill(self._children[leash], signal.SIGKILL)
                self._selector.unregister(leash)
            if self._ended in ready:
                self._reap()
            if _ORDERS in ready:
                order, descriptors, _, _ = socket.recv_fds(self._orders, 1, 2)
                if not order:
                    return
                self._fork(order[0], *descriptors)

    def _fork(self, job: int, conversation: int, leash: int) -> None:
        import_module(worker.MODULES[job])
        gc.freeze()  # or its next round would copy every page that is shared
        child = os.fork()
        if not child:
            _work(conversation)
        os.close(conversation)
        self._children[leash] = child
        self._selector.register(leash, selectors.EVENT_READ)

    def _reap(self) -> None:
        os.read(self._ended, 1024)
        for leash, child in list(self._children.items()):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                del self._children[leash]
                with suppress(KeyError):  # it was killed
                    self._selector.unregister(leash)
                with suppress(OSError):  # nobody cares any more
                    os.write(leash, str(os.waitstatus_to_exitcode(status)).encode())
                os.close(leash)


def _work(conversation: int) -> None:
    """Be a child: nothing of the template's stays open, and its end is at once."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(conversation, 0)
        os.dup2(conversation, 1)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        worker.main()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
