"""The doctor of a chat: what works for the bot there, what does not, and who can change it."""

from collections.abc import Collection, Sequence

from telegram import Chat, ChatMember, ChatPermissions, User
from telegram.constants import ChatType

from bot.tariff import Tariff
from core.access import Policy
from core.credits import Balance
from core.words import Sentence, say, say_many
from jobs.ports import now
from storage.accounts import Account

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


def report(
    chat: Chat, standing: Collection[str], me: User, paying: Sequence[Sentence]
) -> list[Sentence]:
    """What to say about it, in a few lines."""
    if chat.type == ChatType.CHANNEL:
        return [_posting(chat, standing), *paying]
    lines = [
        say("I make videos from photos. How it stands in {title}:", title=chat.title or ""),
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
        lines.append(
            say(
                "❌ I may not write there: an admin must let me send messages. "
                "Until then I answer in private."
            )
        )
    if FILMS not in standing:
        lines.append(
            say(
                "❌ I may not send videos: an admin must let me send them. "
                "Until then they come in private."
            )
        )
    lines += paying
    if chat.is_forum:
        lines.append(say("✅ In topics I answer in the topic where I was asked."))
    return lines


def who_pays(
    chat: Chat,
    policy: Policy,
    account: Account,
    balance: Balance,
    tariff: Tariff,
    *,
    where: str | int,
) -> list[Sentence]:
    """Whether the chat may order, and from whose credits; `where` names it in a command."""
    if account.is_kept_out(now()):
        return [say("❌ My owners have kept this chat out: nothing can be ordered from here.")]
    is_channel = chat.type == ChatType.CHANNEL
    found = []
    if policy.closed and not account.allowed:
        found.append(_not_let_in(where, is_channel=is_channel))
    if tariff.is_free:
        found.append(say("✅ Videos cost nothing."))
    elif not policy.closed and not is_channel:
        found.append(say("✅ Everybody spends their own credits."))
    elif balance.free:
        found.append(_credits(balance.free, is_channel=is_channel))
    else:
        prices = map(tariff.price, tariff.catalog.models())
        found.append(_no_credits(where, all_cost=all(prices)))
    return found


def _not_let_in(where: str | int, *, is_channel: bool) -> Sentence:
    if is_channel:
        return say(
            "❌ My owners have not let this channel in: an owner writes <code>/allow {where}</code>.",
            where=where,
        )
    return say(
        "❌ Only people whom my owners let in can order. For everybody: an owner writes "
        "<code>/allow {where}</code>.",
        where=where,
    )


def _credits(free: int, *, is_channel: bool) -> Sentence:
    if is_channel:
        return say_many(
            "✅ Videos are paid from {count} credit that the owners gave.",
            "✅ Videos are paid from {count} credits that the owners gave.",
            count=free,
        )
    return say_many(
        "✅ Whoever is let in spends their own credits, all others this group's {count} credit.",
        "✅ Whoever is let in spends their own credits, all others this group's {count} credits.",
        count=free,
    )


def _no_credits(where: str | int, *, all_cost: bool) -> Sentence:
    if all_cost:
        return say(
            "❌ There are no credits: an owner writes <code>/grant {where} 100</code>.",
            where=where,
        )
    return say(
        "❌ There are no credits, so only models that cost nothing can be used: an owner writes "
        "<code>/grant {where} 100</code>.",
        where=where,
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
            "<code>#video words</code> becomes a video, as a reply to the post; so do such words "
            "as a reply to a photo.",
            title=chat.title or "",
        )
    return say("❌ I may not post in {title}: give me that right.", title=chat.title or "")
