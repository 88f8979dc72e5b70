"""deleteMessage and deleteMessages."""

from playground.telegram.errors import bad
from playground.telegram.request import Request
from playground.telegram.state import Chat, Message
from playground.telegram.targets import pointed_at, reachable, target

TWO_DAYS = 48 * 3600
MAX_AT_ONCE = 100


def _may_delete(req: Request, message: Message) -> bool:
    chat: Chat = message.chat
    if {"group_chat_created", "supergroup_chat_created", "channel_chat_created"} & set(
        message.service,
    ):
        return False
    member = chat.members.get(req.bot.id)
    admin = member is not None and member.status == "administrator"
    if admin and member is not None and member.rights.get("can_delete_messages", True):
        return True
    if req.world.now() - message.date >= TWO_DAYS:
        return False
    if chat.type == "private":
        return True
    return message.sender is req.bot.user or (admin and chat.type == "channel")


def delete_message(req: Request) -> bool:
    chat = reachable(req.bot, target(req))
    message = pointed_at(req, chat, "message to delete not found")
    if not _may_delete(req, message):
        raise bad("message can't be deleted")
    req.world.delete(message)
    return True


def delete_messages(req: Request) -> bool:
    chat = reachable(req.bot, target(req))
    numbers = req.json("message_ids", "message identifiers")
    if not isinstance(numbers, list) or not numbers:
        raise bad("message identifiers are not specified")
    if len(numbers) > MAX_AT_ONCE:
        raise bad("too many message identifiers specified")
    found = [req.world.find(req.bot, chat, int(number)) for number in numbers]
    messages = [message for message in found if message is not None]
    if not all(_may_delete(req, message) for message in messages):
        raise bad("message can't be deleted")
    for message in messages:
        req.world.delete(message)
    return True
