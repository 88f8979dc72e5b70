"""The doctor of a chat: what works for the bot there, what does not, and who can change it."""

from collections.abc import Collection

from telegram import Chat, ChatMember, ChatPermissions, User
from telegram.constants import ChatType

from core.access import Policy
from core.credits import Balance
from core.words import Sentence, say, say_many

HEARS, WRITES, FILMS, POSTS = "hears", "writes", "films", "posts"
_AWAY = (ChatMember.BANNED, ChatMember.LEFT)


def is_here(member: ChatMember) -> bool:
    return member.status not in _AWAY and getattr(member, "is_member", True)


def standing_of(
    chat: Chat, member: ChatMember, me: User, permissions: ChatPermissions | None
) -> frozenset[str]:
    """What matters of the bot's rights; `permissions` are those of everybody in a group."""
    is_admin = member.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER)
    if chat.type == ChatType.CHANNEL:
        return frozenset(
            {POSTS} if is_admin and getattr(member, "can_post_messages", True) else ()
        )
    if is_admin:
        return frozenset({HEARS, WRITES, FILMS})
    found = {HEARS} if me.can_read_all_group_messages else set()
    for right, name in ((WRITES, "can_send_messages"), (FILMS, "can_send_videos")):
        # A right that nobody speaks of is there.
        given = (getattr(one, name, None) for one in (member, permissions) if one)
        if all(value is not False for value in given):
            found.add(right)
    return frozenset(found)


def report(chat: Chat, standing: Collection[str], me: User, paying: Sentence) -> list[Sentence]:
    """What to say about it, in a few lines."""
    if chat.type == ChatType.CHANNEL:
        return [_posting(chat, standing), paying]
    lines = [
        say("I make videos from photos. How it stands in this group:"),
        _hearing(standing, me),
    ]
    if HEARS not in standing:
        lines.append(
            say(
                "❌ Mentions, and the other photos of an album, do not reach me: privacy mode is on. "
                "Make me an admin; or switch it off at @BotFather with /setprivacy, "
                "then remove me and add me again."
            )
        )
    if WRITES not in standing:
        lines.append(say("❌ I may not write there: an admin must let me send messages."))
    if FILMS not in standing:
        lines.append(say("❌ I may not send videos: an admin must let me send them."))
    lines.append(paying)
    if chat.is_forum:
        lines.append(say("✅ In topics I answer in the topic where I was asked."))
    return lines


def who_pays(
    chat: Chat,
    policy: Policy,
    balance: Balance,
    *,
    allowed: bool,
    free: bool,
) -> Sentence:
    """Whether the chat may order, and from whose credits, unless all is `free`."""
    where = chat.id if chat.type == ChatType.CHANNEL else "here"
    if policy.closed and not allowed and free:
        return say(
            "❌ Only people whom my owners let in can order. For everybody: an owner writes "
            "<code>/allow {where}</code>.",
            where=where,
        )
    if policy.closed and not allowed:
        return say(
            "❌ Only people whom my owners let in can order. For everybody: an owner writes "
            "<code>/allow {where}</code>, and <code>/grant {where} 100</code> for credits.",
            where=where,
        )
    if free:
        return say("✅ Videos cost nothing.")
    if not policy.closed and chat.type != ChatType.CHANNEL:
        return say("✅ Everybody spends their own credits.")
    if not balance.free:
        return say(
            "❌ There are no credits: an owner writes <code>/grant {where} 100</code>.",
            where=where,
        )
    return say_many(
        "✅ Videos are paid from {count} credit that the owners gave.",
        "✅ Videos are paid from {count} credits that the owners gave.",
        count=balance.free,
    )


def _hearing(standing: Collection[str], me: User) -> Sentence:
    if HEARS in standing:
        return say(
            "✅ A photo or an album with <code>/video words</code> or <code>@{bot} words</code>, "
            "and either of them as a reply to a photo.",
            bot=me.username or "",
        )
    return say(
        "✅ A photo with <code>/video@{bot} words</code>, the same as a reply to any photo, "
        "and replies to my questions.",
        bot=me.username or "",
    )


def _posting(chat: Chat, standing: Collection[str]) -> Sentence:
    if POSTS in standing:
        return say(
            "✅ I may post in {title}. A photo with <code>/video words</code> or "
            "<code>#video words</code> becomes a video, as a reply to the post.",
            title=chat.title or "",
        )
    return say("❌ I may not post in {title}: give me that right.", title=chat.title or "")
