"""The person's side, part one: people, bots, chats and who belongs to them."""

from playground.telegram.errors import ClientRefusalError
from playground.telegram.mailbox import Mailbox
from playground.telegram.members import absent, member_json
from playground.telegram.rendering import user_json
from playground.telegram.state import PRESENT, Bot, Chat, ChatType, Member, Topic, User
from playground.telegram.topics import open_topic, set_closed
from playground.telegram.world import World

FIRST_BOT = 1_000_001
FIRST_USER = 2_000_001
FIRST_GROUP = -4_000_001
# Supergroups and channels have ids that start with -100.
FIRST_SUPERGROUP = -1_002_000_000_001


class Places(World):
    @property
    def bot(self) -> Bot:
        """The first bot, meant wherever no other is named."""
        return next(iter(self.bots.values()))

    @property
    def person(self) -> User:
        """The first person."""
        return next(user for user in self.users.values() if not user.is_bot)

    def create_user(
        self,
        first_name: str = "Anna",
        *,
        user_id: int = 0,
        last_name: str = "",
        username: str = "",
        language_code: str = "en",
        is_premium: bool = False,
    ) -> User:
        number = user_id or FIRST_USER - 1 + self.ids.number("user")
        user = User(number, first_name, last_name, username, language_code, is_premium=is_premium)
        self.users[number] = user
        return user

    def create_bot(
        self,
        first_name: str = "First Frame",
        *,
        token: str = "",
        username: str = "",
        privacy: bool = True,
        has_topics: bool = False,
    ) -> Bot:
        number = FIRST_BOT - 1 + self.ids.number("bot")
        if token:
            number = int(token.partition(":")[0])
        token = token or f"{number}:{self.ids.digest('token', number, size=26)}"
        user = User(number, first_name, username=username or f"playground{number}_bot")
        user.is_bot = True
        # Numbers of updates start anywhere and grow by one.
        first_update = 100_000_000 + self.ids.large("update", number) % 100_000_000
        bot = Bot(token, user, Mailbox(first_update), privacy=privacy, has_topics=has_topics)
        self.bots[token] = bot
        self.users[number] = user
        return bot

    def private_chat(self, user: User, bot: Bot | None = None) -> Chat:
        """The conversation of a person with a bot; the person opens it."""
        bot = bot or self.bot
        key = (user.id, bot.id)
        if key not in self.private_chats:
            self.private_chats[key] = Chat(user.id, "private", user=user, bot=bot)
        return self.private_chats[key]

    def create_group(self, title: str, owner: User, *others: User | Bot) -> Chat:
        number = FIRST_GROUP + 1 - self.ids.number("group")
        return self._create(Chat(number, "group", title), owner, others)

    def create_supergroup(
        self, title: str, owner: User, *others: User | Bot, forum: bool = False, username: str = ""
    ) -> Chat:
        chat = self._large("supergroup", title, username)
        chat.is_forum = forum
        return self._create(chat, owner, others)

    def create_channel(
        self, title: str, owner: User, *admins: User | Bot, username: str = ""
    ) -> Chat:
        chat = self._create(self._large("channel", title, username), owner, ())
        for admin in admins:
            self.promote(chat, admin, by=owner)
        return chat

    def _large(self, kind: ChatType, title: str, username: str) -> Chat:
        number = FIRST_SUPERGROUP + 1 - self.ids.number("supergroup")
        return Chat(number, kind, title, username)

    def _create(self, chat: Chat, owner: User, others: tuple[User | Bot, ...]) -> Chat:
        self.chats[chat.id] = chat
        chat.members[owner.id] = Member(owner, "creator")
        created = f"{chat.type}_chat_created"
        self.system(chat, owner, **{created: True})
        for other in others:
            self.add(chat, other, by=owner)
        return chat

    def link(self, channel: Chat, group: Chat) -> None:
        """Make a group the discussion group of a channel: it gets a copy of every post."""
        if channel.type != "channel" or group.type != "supergroup":
            raise ClientRefusalError("a channel is linked with a supergroup")
        channel.discussion = group

    # Membership

    def add(self, chat: Chat, who: User | Bot, *, by: User | None = None) -> None:
        """Bring someone into a group; a bot learns of it twice, as update and as message."""
        self._place(chat, who, "member", by)
        user = _user(who)
        if chat.is_group:
            self.system(chat, by or _owner(chat), new_chat_members=[user_json(user)])

    def remove(self, chat: Chat, who: User | Bot, *, by: User | None = None) -> None:
        user = _user(who)
        if chat.is_group:
            self.system(chat, by or _owner(chat), left_chat_member=user_json(user))
        self._place(chat, who, "kicked" if isinstance(who, Bot) else "left", by)

    def promote(
        self, chat: Chat, who: User | Bot, *, by: User | None = None, **rights: bool
    ) -> None:
        self._place(chat, who, "administrator", by, rights)

    def demote(self, chat: Chat, who: User | Bot, *, by: User | None = None) -> None:
        self._place(chat, who, "member", by)

    def restrict(
        self, chat: Chat, who: User | Bot, *, by: User | None = None, **rights: bool
    ) -> None:
        self._place(chat, who, "restricted", by, rights)

    def _place(
        self,
        chat: Chat,
        who: User | Bot,
        status: str,
        by: User | None,
        rights: dict[str, bool] | None = None,
    ) -> None:
        user = _user(who)
        old = chat.members.get(user.id) or absent(user)
        member = Member(user, status, rights or {})
        if isinstance(who, Bot):
            joins = old.status not in PRESENT
            member.reads_all = not who.privacy if joins else old.reads_all
        before = member_json(chat, old)
        chat.members[user.id] = member
        after = member_json(chat, member)
        if isinstance(who, Bot):
            self.membership_changed(who, chat, by or _owner(chat), before, after)
        else:
            self.journal.add("member", chat_id=chat.id, user_id=user.id, status=status)

    def block(self, user: User, bot: Bot | None = None) -> None:
        self._block(self.private_chat(user, bot), user, blocked=True)

    def unblock(self, user: User, bot: Bot | None = None) -> None:
        self._block(self.private_chat(user, bot), user, blocked=False)

    def _block(self, chat: Chat, user: User, *, blocked: bool) -> None:
        if chat.bot is None or chat.blocked == blocked:
            raise ClientRefusalError("nothing to change")
        chat.blocked = blocked
        here = member_json(chat, Member(chat.bot.user))
        gone = member_json(chat, Member(chat.bot.user, "kicked"))
        old, new = (here, gone) if blocked else (gone, here)
        self.membership_changed(chat.bot, chat, user, old, new)

    # Changes to a chat

    def migrate(self, chat: Chat) -> Chat:
        """A basic group becomes a supergroup with another number."""
        owner = _owner(chat)
        new = self._large("supergroup", chat.title, "")
        self.chats[new.id] = new
        new.members = chat.members
        self.system(chat, owner, migrate_to_chat_id=new.id)
        chat.migrated_to = new
        self.system(new, owner, migrate_from_chat_id=chat.id)
        return new

    def create_topic(self, chat: Chat, user: User, name: str) -> Topic:
        return open_topic(self, chat, user, name)

    def close_topic(
        self, chat: Chat, user: User, topic: Topic | None = None, *, closed: bool = True
    ) -> None:
        """Close a topic, the General one unless told, or open it again."""
        set_closed(self, chat, user, topic or chat.general, closed=closed)


def _user(who: User | Bot) -> User:
    return who.user if isinstance(who, Bot) else who


def _owner(chat: Chat) -> User:
    return next(m.user for m in chat.members.values() if m.status == "creator")
