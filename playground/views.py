"""What the person's side shows as JSON: messages, chats and presses."""

from playground.telegram import Bot, CallbackQuery, Chat, Media, Message, Telegram
from playground.telegram.rendering import user_json
from playground.telegram.state import Json


def message_view(telegram: Telegram, message: Message) -> Json:
    """One message as a person sees it."""
    view: Json = {
        "chat_id": message.chat.id,
        "message_id": message.message_id,
        "date": message.date,
        "edit_date": message.edit_date,
        "deleted": message.deleted,
        "kind": message.kind,
        "from": user_json(message.sender) if message.sender else None,
        "sender_chat": message.sender_chat.id if message.sender_chat else None,
        "text": message.text,
        "entities": message.entities,
        "buttons": message.buttons,
        "keyboard": message.shown_markup,
        "album_id": message.album_id,
        "thread_id": message.thread_id,
        "reply_to": message.reply_to.message_id if message.reply_to else None,
        "forwarded": message.origin,
        "reactions": [each for given in message.reactions.values() for each in given],
        "service": list(message.service),
        "media": None,
    }
    bots = telegram.bots_in(message.chat)
    if message.media and bots:
        view["media"] = media_view(telegram, bots[0], message.media)
    return view


def media_view(telegram: Telegram, bot: Bot, media: Media) -> Json:
    thumbnail = media.thumbnail or (media.sizes[0] if media.sizes else None)
    largest = media.sizes[-1] if media.sizes else None
    shape = {"width": largest.width, "height": largest.height} if largest else {}
    return {
        "kind": media.kind,
        "file_id": telegram.file_id(bot, media.file),
        "name": media.file.name,
        "mime": media.file.mime,
        "size": media.file.size,
        "thumbnail": telegram.file_id(bot, thumbnail.file) if thumbnail else None,
        "spoiler": media.spoiler,
        **shape,
        **media.fields,
    }


def chat_view(chat: Chat) -> Json:
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title or (chat.user.first_name if chat.user else ""),
        "username": chat.username,
        "is_forum": chat.is_forum,
        "bot_id": chat.bot.id if chat.bot else None,
        "blocked": chat.blocked,
        "members": {str(m.user.id): m.status for m in chat.members.values()},
        "topics": [
            {"thread_id": topic.thread_id, "name": topic.name, "closed": topic.closed}
            for topic in chat.topics.values()
        ],
        "general_closed": chat.general.closed,
        "migrated_to": chat.migrated_to.id if chat.migrated_to else None,
    }


def query_view(query: CallbackQuery) -> Json:
    answer = query.answer
    return {
        "query_id": query.id,
        "data": query.data,
        "answer": answer
        and {"text": answer.text, "show_alert": answer.show_alert, "url": answer.url},
    }
