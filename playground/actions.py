"""What a person can do over HTTP: `POST /sim/<action>`, each a line or two."""

from collections.abc import Callable

from playground.steps import Step
from playground.telegram import Bot, Chat, Message, User
from playground.telegram.state import Json
from playground.views import chat_view, message_view, query_view

Action = Callable[[Step], object]


def _seen(step: Step, message: Message) -> Json:
    return message_view(step.telegram, message)


def user(step: Step) -> Json:
    made = step.telegram.create_user(
        step.text("first_name", "Anna"),
        user_id=step.number("id"),
        last_name=step.text("last_name"),
        username=step.text("username"),
        language_code=step.text("language_code", "en"),
        is_premium=step.flag("is_premium"),
    )
    return {"id": made.id, "first_name": made.first_name, "username": made.username}


def bot(step: Step) -> Json:
    made = step.telegram.create_bot(
        step.text("first_name", "Second Bot"),
        token=step.text("token"),
        username=step.text("username"),
        privacy=step.flag("privacy", default=True),
        has_topics=step.flag("has_topics"),
    )
    return {"id": made.id, "token": made.token, "username": made.username}


def _others(step: Step) -> list[User | Bot]:
    return [step.member(int(number)) for number in step.values("members")]


def group(step: Step) -> Json:
    owner, title = step.user(), step.text("title", "Group")
    return chat_view(step.telegram.create_group(title, owner, *_others(step)))


def supergroup(step: Step) -> Json:
    made: Chat = step.telegram.create_supergroup(
        step.text("title", "Supergroup"),
        step.user(),
        *_others(step),
        forum=step.flag("forum"),
        username=step.text("username"),
    )
    return chat_view(made)


def channel(step: Step) -> Json:
    title, name = step.text("title", "Channel"), step.text("username")
    made = step.telegram.create_channel(title, step.user(), *_others(step), username=name)
    return chat_view(made)


def text(step: Step) -> Json:
    message = step.telegram.send_text(step.user(), step.text("text"), **step.where())
    return _seen(step, message)


def photo(step: Step) -> Json:
    message = step.telegram.send_photo(
        step.user(),
        step.content().content,
        step.text("caption"),
        spoiler=step.flag("spoiler"),
        **step.where(),
    )
    return _seen(step, message)


def album(step: Step) -> list[Json]:
    """Every file part is an item, in the order of the parts."""
    captions = [str(said) for said in step.values("captions")]
    captions += [""] * (len(step.files) - len(captions))
    contents = [upload.content for upload in step.files.values()]
    swap = step.values("swap")
    messages = step.telegram.send_album(
        step.user(),
        list(zip(contents, captions, strict=False)),
        step.text("caption"),
        swap=(int(swap[0]), int(swap[1])) if swap else None,
        **step.where(),
    )
    return [_seen(step, message) for message in messages]


def document(step: Step) -> Json:
    upload = step.content()
    size = step.number("claimed_size") if "claimed_size" in step.params else None
    message = step.telegram.send_document(
        step.user(),
        upload.content,
        step.text("name") or upload.name,
        step.text("caption"),
        mime=upload.mime,
        claimed_size=size,
        allow_empty=step.flag("allow_empty"),
        **step.where(),
    )
    return _seen(step, message)


def voice(step: Step) -> Json:
    content, duration = step.content().content, step.number("duration", 1)
    caption = step.text("caption")
    message = step.telegram.send_voice(step.user(), content, duration, caption, **step.where())
    return _seen(step, message)


def audio(step: Step) -> Json:
    upload = step.content()
    message = step.telegram.send_audio(
        step.user(),
        upload.content,
        step.number("duration", 1),
        name=upload.name,
        title=step.text("title"),
        performer=step.text("performer"),
        caption=step.text("caption"),
        **step.where(),
    )
    return _seen(step, message)


def video(step: Step) -> Json:
    message = step.telegram.send_video(
        step.user(),
        step.content().content,
        step.text("caption"),
        kind=step.text("kind", "video"),
        **step.where(),
    )
    return _seen(step, message)


def edit(step: Step) -> Json:
    message = step.message()
    step.telegram.edit(step.user(), message, step.text("text"))
    return _seen(step, message)


def delete(step: Step) -> Json:
    message = step.message()
    step.telegram.delete_by_person(step.user(), message)
    return _seen(step, message)


def press(step: Step) -> Json:
    query = step.telegram.press(step.user(), step.message(), step.text("button"))
    return query_view(query)


def block(step: Step) -> Json:
    step.telegram.block(step.user(), step.bot())
    return chat_view(step.chat())


def unblock(step: Step) -> Json:
    step.telegram.unblock(step.user(), step.bot())
    return chat_view(step.chat())


def _who(step: Step) -> User | Bot:
    return step.member(step.number("member")) if "member" in step.params else step.bot()


def add(step: Step) -> Json:
    step.telegram.add(step.chat(), _who(step))
    return chat_view(step.chat())


def remove(step: Step) -> Json:
    step.telegram.remove(step.chat(), _who(step))
    return chat_view(step.chat())


def promote(step: Step) -> Json:
    step.telegram.promote(step.chat(), _who(step))
    return chat_view(step.chat())


def demote(step: Step) -> Json:
    step.telegram.demote(step.chat(), _who(step))
    return chat_view(step.chat())


def migrate(step: Step) -> Json:
    return chat_view(step.telegram.migrate(step.chat()))


def topic(step: Step) -> Json:
    made = step.telegram.create_topic(step.chat(), step.user(), step.text("name", "Topic"))
    return {"thread_id": made.thread_id, "name": made.name}


def close_topic(step: Step) -> Json:
    chat, closed = step.chat(), step.flag("closed", default=True)
    step.telegram.close_topic(chat, step.user(), step.topic(), closed=closed)
    return chat_view(chat)


def clock(step: Step) -> Json:
    step.telegram.advance(float(step.params["advance"]))
    return {"now": step.telegram.clock.now()}


def flood(step: Step) -> Json:
    step.telegram.flood.enabled = step.flag("enabled", default=True)
    return {"enabled": step.telegram.flood.enabled}


def redeliver(step: Step) -> Json:
    return {"done": step.telegram.redeliver(step.number("update_id"), step.bot())}


def withhold(step: Step) -> Json:
    step.telegram.withhold_update(step.bot(), step.number("count", 1))
    return {"withheld": step.bot().mailbox.withhold}


def release(step: Step) -> Json:
    return {"released": step.telegram.release_updates(step.bot())}


ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        *(user, bot, group, supergroup, channel),
        *(text, photo, album, document, voice, audio, video, edit, delete, press),
        *(block, unblock, add, remove, promote, demote, migrate, topic, close_topic),
        *(clock, flood, redeliver, withhold, release),
    )
}
