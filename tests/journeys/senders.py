"""A world with everybody who may write to the bot, and the things that a row of a table names."""

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial

import sqlalchemy as sa

from core.states import State
from core.task import NewTask, Place
from storage import drafts, ledger, tables, tasks
from storage.content import Content, Received
from tests.factories import make_request, policy
from tests.world import CAT, PATIENCE

CLIP = {"video": "gone.mp4", "poster": "gone.jpg", "width": 64, "height": 48, "seconds": 3}
RICH = policy(daily_credits=1_000_000, daily_budget=1_000_000_000, unfinished=1_000_000)


class World:
    """People, a group, the owners' chat and a channel; and the bot's database before it starts."""

    def __init__(self, playground, folder):
        self.telegram = telegram = playground.telegram
        names = ("stranger", "member", "other", "group admin", "support", "admin", "owner")
        self.people = {name: telegram.create_user(name) for name in (*names, "banned", "loner")}
        people = self.people
        others = [people[name] for name in people if name != "group admin"]
        self.group = telegram.create_supergroup("Group", people["group admin"], *others)
        helpers = [people[name] for name in ("member", "support", "admin")]
        self.owners = telegram.create_supergroup("Owners", people["owner"], *helpers)
        self.channel = telegram.create_channel("Channel", people["owner"], telegram.bot)
        for chat in (self.group, self.owners):
            telegram.add(chat, telegram.bot)
        self.path = folder / "bot.db"
        (folder / "media").mkdir()
        (folder / "media" / "photo.jpg").write_bytes(CAT)
        self._engine = sa.create_engine(f"sqlite:///{self.path}")
        self._number = 100_000

    def settings(self):
        return {
            "ADMIN_IDS": str(self.people["owner"].id),
            "OWNERS_CHAT": str(self.owners.id),
            "ACCESS": "closed",
            "DAILY_CREDITS": "100000",
            "DAILY_BUDGET": "1000000",
            "PRICES": "local/camera=2",
            "LIMITS": "local.running=0",
        }

    def voice(self, place, sender):
        """Who writes, and where."""
        chat = {"group": self.group, "owners": self.owners}.get(place)
        host = self.people["owner" if chat is self.owners else "group admin"]
        match sender:
            case "anonymous":
                return host, {"chat": chat, "as_chat": chat}
            case "as channel":
                return self.people["owner"], {"chat": chat, "as_chat": self.channel}
            case "in channel":
                return self.people["owner"], {"chat": self.channel}
        return self.people[sender], {"chat": chat} if chat else {}

    async def appoint(self):
        """The owner lets people in, gives roles, and keeps one helper out; as owners do."""
        ids = {name: person.id for name, person in self.people.items()}
        for line in (
            f"/allow {ids['member']}",
            f"/allow {ids['other']}",
            f"/allow {self.group.id}",
            f"/allow {self.owners.id}",
            f"/grant {self.group.id} 1000",
            f"/grant {self.owners.id} 1000",
            f"/roles {ids['support']} support",
            f"/roles {ids['admin']} admin",
            f"/roles {ids['banned']} admin",
            f"/ban {ids['banned']} spam",
            "/set videos.unfinished 1000",
        ):
            self.telegram.send_text(self.people["owner"], line)
        await self.settle()
        with self.making():
            # So that no number of a video begins another one.
            first = self._task(1, 1, State.FAILED)
            change = sa.update(tables.tasks).where(tables.tasks.c.id == first)
            self._connection.execute(change.values(id=10_000))
            loner = {"id": self.people["loner"].id, "quiet": True, "created": _now()}
            self._connection.execute(sa.insert(tables.accounts).values(loner))

    async def settle(self):
        """Wait until every update was dealt with; each answer to somebody shows that it goes on.

        The first one comes after all that was poured in.
        """
        telegram = self.telegram
        end = telegram.bot.mailbox.next_id
        left = f"SELECT 1 FROM inbox WHERE done IS NULL AND update_id < {end}"
        while True:
            other = telegram.create_user("Zoe")
            telegram.start(other)
            await telegram.wait_for(partial(telegram.from_bot, other), timeout=4 * PATIENCE)
            if not self.rows(left):
                return

    # The database

    def rows(self, query):
        with closing(sqlite3.connect(self.path)) as database:
            return database.execute(query).fetchall()

    # What a row names

    def close(self):
        self._engine.dispose()

    @contextmanager
    def making(self):
        """All at once: a transaction for each would take its time."""
        with self._engine.begin() as self._connection:
            yield

    def things(self, needed, *, place, me):
        """Make what a row needs for one sender."""
        chat = {"group": self.group.id, "owners": self.owners.id}.get(place)
        self._number += 1
        member = self.people["member"].id
        known = {
            "tag": self._number,
            "new": 900_000_000 + self._number,
            "word": f"word{self._number}",
            "old_word": f"old{self._number}",
            "me": me,
            "chat": chat,
            "here": chat or me,
            "member": member,
            "loner": self.people["loner"].id,
        }
        public, private = chat or self.group.id, chat or member
        makers = {
            "video": partial(self._task, member, private, State.DELIVERED),
            "elsewhere": partial(self._task, member, member, State.DELIVERED),
            "failed": partial(self._task, member, private, State.FAILED),
            "erased": partial(self._task, member, private, State.DELIVERED, erased="then"),
            "removed": partial(
                self._task, member, public, State.DELIVERED, removed={}, owner_told=True
            ),
            "running": partial(self._task, member, private, State.QUEUED),
            "own": partial(self._task, me, chat or me, State.DELIVERED),
            "hidden": partial(self._task, public, public, State.DELIVERED),
            "hidden_running": partial(self._task, public, public, State.QUEUED),
            "shared": partial(self._task, member, public, State.DELIVERED),
            "reported": partial(self._task, member, public, State.DELIVERED, reports=[7]),
            "draft": partial(self._draft, private, drafts.Stage.ASKING),
            "closed": partial(self._draft, private, drafts.Stage.CLOSED),
            "out": partial(self._account, banned=True),
            "rich": partial(self._account, granted=5),
            "broadcast": partial(self._broadcast, "draft"),
            "over": partial(self._broadcast, "done"),
        }
        if "old_word" in needed:
            values = {"word": known["old_word"], "by": 1, "at": _now()}
            self._connection.execute(sa.insert(tables.blocked_words).values(values))
        return known | {name: makers[name]() for name in needed if name in makers}

    def _task(self, who, chat, state, **facts):
        self._number += 1
        new = NewTask(
            origin=f"made:{self._number}",
            sender=who,
            place=Place(chat=chat, user=who),
            request=make_request(seed=7, seconds=3),
            lane="local",
            cost=6,
        )
        task = tasks.insert(self._connection, new, who, _now())
        if state is State.QUEUED:
            ledger.hold(self._connection, RICH, account=who, task=task.id, cost=6, now=_now())
            return task.id
        more = {"clip": {**CLIP, "size": 9}} if state is State.DELIVERED else {}
        ended = {"state": state.value, "due": None, "facts": {**task.facts, **more, **facts}}
        change = sa.update(tables.tasks).where(tables.tasks.c.id == task.id)
        self._connection.execute(change.values(**ended, finished=_now()))
        return task.id

    def _draft(self, chat, stage):
        self._number += 1
        photo = Received(message=1, file_id="no-such-file")
        values = {
            "chat": chat,
            "sender": self.people["member"].id,
            "topic": self._number,
            "stage": stage.value,
            "content": asdict(Content(photos=(photo,), user=self.people["member"].id)),
            "updated": _now(),
        }
        return self._connection.execute(
            sa.insert(tables.drafts).values(values).returning(tables.drafts.c.id)
        ).scalar_one()

    def _account(self, *, banned=False, granted=0):
        self._number += 1
        number = 800_000_000 + self._number
        values = {"id": number, "banned": banned, "created": _now()}
        self._connection.execute(sa.insert(tables.accounts).values(values))
        if granted:
            key = f"user:{number}:0"
            ledger.grant(self._connection, number, granted, key=key, by=1, note="", now=_now())
        return number

    def _broadcast(self, state):
        """One that goes to nobody: everybody had their turn."""
        values = {"by": 1, "chat": 1, "message": 1, "state": state, "reached": 2**60}
        return self._connection.execute(
            sa.insert(tables.broadcasts)
            .values(**values, created=_now())
            .returning(tables.broadcasts.c.id)
        ).scalar_one()


def _now():
    return datetime.now(UTC)
