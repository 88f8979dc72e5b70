"""The chat of the owners: the one that is set, or what that has become since."""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import Connection

from core.words import Sentence, say
from jobs.ports import now
from storage import overrides
from storage.database import Database

log = structlog.get_logger()

_NAME = "owners.chat"
_NOBODY = 0  # no owner has set it


class OwnersChat:
    """Where reports go and owners' commands are answered.

    A group that becomes a supergroup has another number from then on; the setting still has the
    old one. That is remembered for as long as the setting is not mended.
    """

    def __init__(self, database: Database, setting: int | None, owners: Sequence[int]) -> None:
        self._database = database
        self._setting = setting
        self._owners = owners
        self.id = setting

    @property
    def chats(self) -> Sequence[int]:
        """Where to report: the owners' chat, or each of them in private."""
        return [self.id] if self.id else self._owners

    async def restore(self) -> None:
        """Find the chat again after a restart."""
        known = await self._database.read(_read)
        if self._setting and known.get("set") == self._setting:
            self.id = known["now"]
            log.warning("OWNERS_CHAT is outdated", set=self._setting, now=self.id)

    async def follow(self, old: int, new: int) -> Sentence | None:
        """Go along with a chat that has moved; gives what to tell the owners, None for others."""
        if self.id != old or old == new:
            return None
        self.id = new
        value = {"set": self._setting, "now": new}
        await self._database.write(overrides.put, _NAME, value, by=_NOBODY, now=now())
        log.warning("the owners' chat has moved", old=old, new=new)
        return say(
            "This group has become a supergroup, so its number is {new} now. I follow it, but "
            "please set OWNERS_CHAT={new} and restart the bot when it suits you.",
            new=new,
        )


def _read(connection: Connection) -> dict[str, Any]:
    found: dict[str, Any] = overrides.read_all(connection).get(_NAME) or {}
    return found
