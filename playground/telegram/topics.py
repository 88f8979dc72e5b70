"""Forum topics: create, edit, close, reopen, delete; the General one also hides."""

from playground.telegram.errors import bad
from playground.telegram.request import Request
from playground.telegram.state import Chat, Json, Topic, User
from playground.telegram.targets import reachable, require, target
from playground.telegram.world import World

COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
MAX_NAME = 128


def open_topic(world: World, chat: Chat, actor: User, name: str, color: int = 0) -> Topic:
    """The service message that opens a topic gives it its number."""
    color = color or COLORS[0]
    created = world.system(chat, actor, forum_topic_created={"name": name, "icon_color": color})
    topic = chat.topics[created.thread_id] = Topic(created.thread_id, name, color)
    return topic


def announce(world: World, chat: Chat, actor: User, topic: Topic, **service: Json) -> None:
    message = world.draft_system(chat, actor, **service)
    message.thread_id = topic.thread_id
    world.publish(message, by=world.bot_of(actor))


def set_closed(world: World, chat: Chat, actor: User, topic: Topic, *, closed: bool) -> None:
    topic.closed = closed
    topic.hidden = topic.hidden and closed
    name = "forum_topic_closed" if closed else "forum_topic_reopened"
    announce(world, chat, actor, topic, **{name: {}})


def _forum(req: Request) -> Chat:
    chat = reachable(req.bot, target(req))
    if not chat.has_topics:
        raise bad("the chat is not a forum")
    require(req.bot, chat, "can_manage_topics", bad("not enough rights to create a topic"))
    return chat


def _topic(req: Request) -> tuple[Chat, Topic]:
    chat = _forum(req)
    topic = chat.topics.get(req.number("message_thread_id"))
    if topic is None:
        raise bad("message thread not found")
    return chat, topic


def create_forum_topic(req: Request) -> Json:
    chat = _forum(req)
    name = req.text("name")
    if not 1 <= len(name) <= MAX_NAME:
        raise bad("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    color = req.number("icon_color")
    topic = open_topic(req.world, chat, req.bot.user, name, color)
    topic.icon_custom_emoji_id = req.text("icon_custom_emoji_id")
    body: Json = {
        "message_thread_id": topic.thread_id,
        "name": topic.name,
        "icon_color": topic.icon_color,
    }
    if topic.icon_custom_emoji_id:
        body["icon_custom_emoji_id"] = topic.icon_custom_emoji_id
    return body


def edit_forum_topic(req: Request) -> bool:
    chat, topic = _topic(req)
    name, emoji = req.text("name"), req.text("icon_custom_emoji_id")
    changed: Json = {}
    if name and name != topic.name:
        topic.name = changed["name"] = name
    if req.has("icon_custom_emoji_id") and emoji != topic.icon_custom_emoji_id:
        topic.icon_custom_emoji_id = changed["icon_custom_emoji_id"] = emoji
    if not changed:
        raise bad("TOPIC_NOT_MODIFIED")
    announce(req.world, chat, req.bot.user, topic, forum_topic_edited=changed)
    return True


def close_forum_topic(req: Request) -> bool:
    return _close(req, *_topic(req), closed=True)


def reopen_forum_topic(req: Request) -> bool:
    return _close(req, *_topic(req), closed=False)


def close_general_forum_topic(req: Request) -> bool:
    return _close(req, *_general(req), closed=True)


def reopen_general_forum_topic(req: Request) -> bool:
    return _close(req, *_general(req), closed=False)


def hide_general_forum_topic(req: Request) -> bool:
    """Nobody writes in what is hidden: it is closed as well."""
    return _hide(req, hidden=True)


def unhide_general_forum_topic(req: Request) -> bool:
    return _hide(req, hidden=False)


def _general(req: Request) -> tuple[Chat, Topic]:
    chat = _forum(req)
    if not chat.is_forum:
        raise bad("the chat is not a forum")
    return chat, chat.general


def _close(req: Request, chat: Chat, topic: Topic, *, closed: bool) -> bool:
    if topic.closed == closed:
        raise bad("TOPIC_NOT_MODIFIED")
    set_closed(req.world, chat, req.bot.user, topic, closed=closed)
    return True


def _hide(req: Request, *, hidden: bool) -> bool:
    chat, topic = _general(req)
    if topic.hidden == hidden:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.hidden, topic.closed = hidden, hidden or topic.closed
    name = "general_forum_topic_hidden" if hidden else "general_forum_topic_unhidden"
    announce(req.world, chat, req.bot.user, topic, **{name: {}})
    return True


def delete_forum_topic(req: Request) -> bool:
    chat, topic = _topic(req)
    del chat.topics[topic.thread_id]
    for message in chat.messages:
        if message.thread_id == topic.thread_id and not message.deleted:
            req.world.delete(message)
    return True
