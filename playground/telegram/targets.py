"""Where a call goes: its chat, the right to write there, and the message it points at."""

from playground.telegram.errors import ApiError, bad, forbidden
from playground.telegram.request import Request
from playground.telegram.state import PRESENT, Bot, Chat, Member, Message

NOUNS = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}


def target(req: Request, field: str = "chat_id") -> Chat:
    """The chat that a parameter names, as far as this bot may know of it."""
    raw = req.text(field)
    if not raw:
        raise bad(f"{field} is empty")
    chat = _lookup(req, raw)
    if chat is None:
        raise bad("chat not found")
    if chat.migrated_to:
        raise bad(
            "group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to.id,
        )
    if chat.type != "private" and req.bot.id not in chat.members and not chat.username:
        raise bad("chat not found")
    return chat


def _lookup(req: Request, raw: str) -> Chat | None:
    world = req.world
    if raw.startswith("@"):
        name = raw[1:].lower()
        return next((c for c in world.chats.values() if c.username.lower() == name), None)
    try:
        number = int(raw)
    except ValueError:
        return None
    if number > 0:
        # A bot cannot open a chat: there is none until the person writes first.
        return world.private_chats.get((number, req.bot.id))
    return world.chats.get(number)


def membership(bot: Bot, chat: Chat) -> Member:
    """The bot's place in a group or channel; 403 when it has none."""
    member = chat.members.get(bot.id)
    noun = NOUNS[chat.type]
    if member is not None and member.status == "kicked":
        raise forbidden(f"bot was kicked from the {noun}")
    if member is None or member.status not in PRESENT:
        raise forbidden(f"bot is not a member of the {noun}")
    return member


def reachable(bot: Bot, chat: Chat) -> Chat:
    if chat.type == "private":
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
    else:
        membership(bot, chat)
    return chat


def require(bot: Bot, chat: Chat, right: str, refusal: ApiError) -> None:
    """Administrator rights, which nobody needs in a private chat."""
    if chat.type == "private":
        return
    member = membership(bot, chat)
    admin = member.status == "administrator" and member.rights.get(right, True)
    if not admin and member.status != "creator":
        raise refusal


def writable(bot: Bot, chat: Chat, right: str, noun: str) -> Chat:
    """A chat the bot may send this kind of content to."""
    reachable(bot, chat)
    if chat.type == "private":
        return chat
    if chat.type == "channel":
        refusal = bad("need administrator rights in the channel chat")
        require(bot, chat, "can_post_messages", refusal)
        return chat
    member = chat.members[bot.id]
    if member.status == "administrator":
        return chat
    allowed = chat.permissions.get(right, True) and member.rights.get(right, True)
    if not allowed:
        raise bad(f"not enough rights to send {noun} to the chat")
    return chat


def pointed_at(req: Request, chat: Chat, refusal: str, field: str = "message_id") -> Message:
    number = req.number(field)
    if not number:
        raise bad("message identifier is not specified")
    message = req.world.find(req.bot, chat, number)
    if message is None:
        raise bad(refusal)
    return message
