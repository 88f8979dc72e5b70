"""getChat and its relatives, leaving, pinning and reactions."""

from playground.telegram.errors import bad
from playground.telegram.members import absent, member_json, permissions_json
from playground.telegram.rendering import chat_json
from playground.telegram.request import Request
from playground.telegram.state import PRESENT, Chat, Json, Member, Message
from playground.telegram.targets import membership, pointed_at, reachable, require, target

MAX_REACTIONS = 11


def get_chat(req: Request) -> Json:
    chat = target(req)
    body = chat_json(chat) | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": MAX_REACTIONS,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }
    if chat.username:
        body["active_usernames"] = [chat.username]
    if chat.is_group:
        body["permissions"] = permissions_json(chat)
    if chat.discussion:
        body["linked_chat_id"] = chat.discussion.id
    if chat.pinned:
        body["pinned_message"] = req.world.render.message(req.bot, chat.pinned[-1], nested=True)
    return body


def _members(req: Request) -> tuple[Chat, list[Member]]:
    chat = reachable(req.bot, target(req))
    if chat.user is not None:
        return chat, [Member(chat.user), Member(req.bot.user)]
    return chat, [member for member in chat.members.values() if member.status in PRESENT]


def get_chat_member(req: Request) -> Json:
    user_id = req.number("user_id")
    if not user_id:
        raise bad("invalid user_id specified")
    chat, members = _members(req)
    known = {member.user.id: member for member in [*chat.members.values(), *members]}
    if user_id in known:
        return member_json(chat, known[user_id])
    user = req.world.users.get(user_id)
    if user is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return member_json(chat, absent(user))


def get_chat_administrators(req: Request) -> list[Json]:
    chat, members = _members(req)
    if chat.type == "private":
        raise bad("there are no administrators in the private chat")
    chiefs = [member for member in members if member.status in {"creator", "administrator"}]
    own = req.bot.user
    # Other bots are not listed, only the one that asks.
    shown = [member for member in chiefs if not member.user.is_bot or member.user is own]
    return [member_json(chat, member) for member in shown]


def get_chat_member_count(req: Request) -> int:
    return len(_members(req)[1])


def leave_chat(req: Request) -> bool:
    chat = target(req)
    if chat.type == "private":
        raise bad("chat member status can't be changed in private chats")
    member = membership(req.bot, chat)
    old = member_json(chat, member)
    user = req.bot.user
    if chat.is_group:
        req.world.system(chat, user, left_chat_member=_brief(req))
    member.status = "left"
    req.world.membership_changed(req.bot, chat, user, old, member_json(chat, member))
    return True


def _brief(req: Request) -> Json:
    user = req.bot.user
    return {
        "id": user.id,
        "is_bot": True,
        "first_name": user.first_name,
        "username": user.username,
    }


# Pins and reactions


def _pin_right(req: Request, chat: Chat) -> None:
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    require(req.bot, chat, right, bad("not enough rights to manage pinned messages in the chat"))


def pin_chat_message(req: Request) -> bool:
    chat = reachable(req.bot, target(req))
    message = pointed_at(req, chat, "message to pin not found")
    _pin_right(req, chat)
    if message in chat.pinned:
        chat.pinned.remove(message)
    chat.pinned.append(message)
    req.world.system(chat, req.bot.user, pinned_message=message)
    return True


def unpin_chat_message(req: Request) -> bool:
    chat = reachable(req.bot, target(req))
    _pin_right(req, chat)
    if req.has("message_id"):
        message: Message = pointed_at(req, chat, "message to unpin not found")
        if message not in chat.pinned:
            raise bad("CHAT_NOT_MODIFIED")
        chat.pinned.remove(message)
    elif chat.pinned:
        chat.pinned.pop()
    return True


def unpin_all_chat_messages(req: Request) -> bool:
    chat = reachable(req.bot, target(req))
    _pin_right(req, chat)
    chat.pinned.clear()
    return True


def set_message_reaction(req: Request) -> bool:
    chat = reachable(req.bot, target(req))
    message = pointed_at(req, chat, "message to react not found")
    reactions = req.objects("reaction", "ReactionType")
    # A bot has one reaction to give.
    if len(reactions) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if any(reaction.get("type") not in {"emoji", "custom_emoji"} for reaction in reactions):
        raise bad("REACTION_INVALID")
    message.reactions[req.bot.id] = reactions
    req.world.log("reaction", message, reaction=reactions, bot_id=req.bot.id)
    return True
