"""The official wording: one case for each refusal of the open-source Bot API server."""

import json

import pytest

from playground.telegram import Upload

UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
FORGED = "wrong remote file identifier specified: can't unserialize it. Wrong last symbol"


def button(**fields):
    return json.dumps({"inline_keyboard": [[fields]]})


@pytest.fixture
def place(world, anna, group, supergroup, channel, forum, jpeg, mp4):
    """Everything that the cases below name in braces."""
    world.start(anna)
    chat = world.private_chat(anna)
    stranger = world.create_user("Stranger")
    blocker = world.create_user("Blocker")
    world.start(blocker)
    world.block(blocker)
    kicked = world.create_supergroup("Kicked", anna, world.bot)
    world.remove(kicked, world.bot)
    left = world.create_group("Left", anna, world.bot)
    world.call(world.bot, "leaveChat", {"chat_id": left.id})
    world.create_channel("Quiet", anna, username="quiet")
    reader = world.create_channel("Reader", anna)
    world.promote(reader, world.bot, can_post_messages=False)
    limited = world.create_supergroup("Limited", anna, world.bot)
    limited.permissions |= {"can_send_videos": False, "can_send_messages": False}
    old = world.create_group("Old", anna, world.bot)
    new = world.migrate(old)

    def sent(method, files=None, **params):
        params = {"chat_id": anna.id, **params}
        return world.call(world.bot, method, params, files)

    text = sent("sendMessage", text="text")
    gone = sent("sendMessage", text="gone")["message_id"]
    sent("deleteMessage", message_id=gone)
    photo = sent("sendPhoto", {"photo": Upload("p.jpg", jpeg())})
    video = sent("sendVideo", {"video": Upload("v.mp4", mp4())})
    document = sent("sendDocument", {"document": Upload("d.bin", b"data")})
    big = world.send_document(anna, b"big", claimed_size=20_971_521)
    album = sent(
        "sendMediaGroup",
        {"a": Upload("a", b"a"), "b": Upload("b", b"b")},
        media=json.dumps([{"type": "document", "media": f"attach://{n}"} for n in "ab"]),
    )
    pictures = sent(
        "sendMediaGroup",
        {"a": Upload("a", jpeg()), "b": Upload("b", jpeg())},
        media=json.dumps([{"type": "photo", "media": f"attach://{n}"} for n in "ab"]),
    )
    small = {"video": Upload("v", mp4()), "thumbnail": Upload("t", jpeg())}
    with_thumbnail = sent("sendVideo", small)
    silent = sent("sendVideo", {"video": Upload("v", mp4(sound=False))})
    topic = world.create_topic(forum, anna, "Topic")
    foreign = world.send_text(anna, "mine", chat=group)
    world.render.message(world.bot, big)
    return {
        "anna": anna.id,
        "stranger": stranger.id,
        "blocker": blocker.id,
        "group": group.id,
        "supergroup": supergroup.id,
        "channel": channel.id,
        "kicked": kicked.id,
        "left": left.id,
        "quiet": "@quiet",
        "reader": reader.id,
        "limited": limited.id,
        "old": old.id,
        "new": new.id,
        "text": text["message_id"],
        "gone": gone,
        "users": world.history(chat)[0].message_id,
        "foreign": foreign.message_id,
        "photo": photo["photo"][-1]["file_id"],
        "photo_message": photo["message_id"],
        "video": video["video"]["file_id"],
        "document": document["document"]["file_id"],
        "album": album[0]["message_id"],
        "picture_album": pictures[0]["message_id"],
        "thumbnail": with_thumbnail["video"]["thumbnail"]["file_id"],
        "animation": silent["animation"]["file_id"],
        "service": world.history(group)[1].message_id,
        "forum": forum.id,
        "thread": topic.thread_id,
        "big": world.file_id(world.bot, big.media.file),
        "long": "x" * 4097,
        "caption": "x" * 1025,
        "huge": "&amp;" * 8000,
    }


A = {"chat_id": "{anna}"}
TEXT = A | {"text": "hello"}
HTML = A | {"parse_mode": "HTML"}
V2 = A | {"parse_mode": "MarkdownV2"}
REPLY = json.dumps({"message_id": 999})
MIXED = json.dumps(
    [{"type": "photo", "media": "{photo}"}, {"type": "document", "media": "{document}"}]
)
ELEVEN = json.dumps([{"type": "photo", "media": "{photo}"}] * 11)
CASES = [
    ("sendNothing", {}, 404, "Not Found: method not found"),
    ("sendPoll", TEXT, 404, "Not Found: method not found"),
    ("sendInvoice", TEXT, 404, "Not Found: method not found"),
    # Messages
    ("sendMessage", {"text": "x"}, 400, "chat_id is empty"),
    ("sendMessage", A, 400, "message text is empty"),
    ("sendMessage", A | {"text": " \n "}, 400, "message text is empty"),
    ("sendMessage", HTML | {"text": "<b></b>"}, 400, "message text is empty"),
    ("sendMessage", A | {"text": "{long}"}, 400, "message is too long"),
    ("sendMessage", HTML | {"text": "{huge}"}, 400, "text is too long"),
    ("editMessageText", A | {"message_id": "{text}", "text": "{long}"}, 400, "MESSAGE_TOO_LONG"),
    ("sendPhoto", A | {"photo": "{photo}", "caption": "{caption}"}, 400, "message caption is too long"),
    ("sendMessage", TEXT | {"parse_mode": "BBCode"}, 400, "unsupported parse_mode"),
    # Entities
    ("sendMessage", V2 | {"text": "a.b"}, 400, "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'"),
    ("sendMessage", V2 | {"text": "ü *b"}, 400, "can't parse entities: Can't find end of Bold entity at byte offset 3"),
    ("sendMessage", V2 | {"text": "_i"}, 400, "can't parse entities: Can't find end of Italic entity at byte offset 0"),
    ("sendMessage", V2 | {"text": "[a](b"}, 400, "can't parse entities: Can't find end of a URL at byte offset 3"),
    ("sendMessage", A | {"parse_mode": "Markdown", "text": "a *b"}, 400, "can't parse entities: Can't find end of the entity starting at byte offset 2"),
    ("sendMessage", HTML | {"text": "😀<x>y</x>"}, 400, 'can\'t parse entities: Unsupported start tag "x" at byte offset 4'),
    ("sendMessage", HTML | {"text": "<b>y</i>"}, 400, 'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("sendMessage", HTML | {"text": "y</b>"}, 400, "can't parse entities: Unexpected end tag at byte offset 1"),
    ("sendMessage", HTML | {"text": "<b>y"}, 400, 'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'),
    ("sendMessage", HTML | {"text": "1 <b"}, 400, "can't parse entities: Unclosed start tag at byte offset 2"),
    ("sendMessage", HTML | {"text": "<b>x</b"}, 400, "can't parse entities: Unclosed end tag at byte offset 4"),
    ("sendMessage", HTML | {"text": '<span class="x">y</span>'}, 400, 'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("sendMessage", HTML | {"text": '<a href="x'}, 400, "can't parse entities: Unclosed start tag at byte offset 0"),
    ("sendMessage", HTML | {"text": "<a href= "}, 400, "can't parse entities: Unclosed start tag at byte offset 0"),
    ("sendMessage", HTML | {"text": "<a "}, 400, "can't parse entities: Unclosed start tag at byte offset 0"),
    ("sendMessage", HTML | {"text": "<a =x>y</a>"}, 400, 'can\'t parse entities: Empty attribute name in the tag "a" at byte offset 0'),
    ("sendMessage", HTML | {"text": "<a href=x/y>z</a>"}, 400, "can't parse entities: Unexpected end of name token at byte offset 8"),
    ("sendMessage", V2 | {"text": "![x](http://a.com)"}, 400, "can't parse entities: Custom emoji entity must contain a tg://emoji URL"),
    ("sendMessage", A | {"parse_mode": "Markdown", "text": "[a](b"}, 400, "can't parse entities: Can't find end of the entity starting at byte offset 0"),
    ("sendMessage", TEXT | {"entities": '[{"type": "bold"}]'}, 400, 'can\'t parse MessageEntity: Field "offset" must be of type Number'),
    ("sendMessage", TEXT | {"entities": "{}"}, 400, "expected an Array of MessageEntity"),
    # Replies and threads
    ("sendMessage", TEXT | {"reply_parameters": REPLY}, 400, "message to be replied not found"),
    ("sendMessage", TEXT | {"reply_to_message_id": "{gone}"}, 400, "message to be replied not found"),
    ("sendMessage", TEXT | {"message_thread_id": 77}, 400, "message thread not found"),
    # Keyboards
    ("sendMessage", TEXT | {"reply_markup": button(text="x", callback_data="ä" * 33)}, 400, "BUTTON_DATA_INVALID"),
    ("sendMessage", TEXT | {"reply_markup": button(text="x")}, 400, "text buttons are unallowed in the inline keyboard"),
    ("sendMessage", TEXT | {"reply_markup": '{"inline_keyboard": {}}'}, 400, 'field "inline_keyboard" must be of type Array'),
    ("sendMessage", TEXT | {"reply_markup": button(text="x", url="no link")}, 400, "inline keyboard button URL 'no link' is invalid: Wrong HTTP URL"),
    ("sendMessage", TEXT | {"reply_markup": "{nonsense"}, 400, "can't parse reply keyboard markup JSON object"),
    ("sendMessage", TEXT | {"reply_markup": "[]"}, 400, "object expected as reply markup"),
    ("sendMessage", TEXT | {"reply_markup": button(callback_data="x")}, 400, 'can\'t parse inline keyboard button: Field "text" must be of type String'),
    ("sendMessage", TEXT | {"reply_markup": '{"inline_keyboard": [5]}'}, 400, "can't parse keyboard button row: expected an Array"),
    ("sendMessage", TEXT | {"reply_markup": '{"inline_keyboard": [[5]]}'}, 400, "can't parse inline keyboard button: expected an Object"),
    ("editMessageReplyMarkup", A | {"message_id": "{text}", "reply_markup": '{"force_reply": true}'}, 400, "inline keyboard expected"),
    # Editing
    ("editMessageText", TEXT | {"message_id": "{gone}"}, 400, "message to edit not found"),
    ("editMessageText", TEXT, 400, "message identifier is not specified"),
    ("editMessageText", TEXT | {"message_id": "{users}"}, 400, "message can't be edited"),
    ("editMessageText", A | {"message_id": "{text}", "text": "text"}, 400, UNCHANGED),
    ("editMessageText", TEXT | {"message_id": "{photo_message}"}, 400, "there is no text in the message to edit"),
    ("editMessageCaption", A | {"message_id": "{text}", "caption": "x"}, 400, "there is no caption in the message to edit"),
    ("editMessageReplyMarkup", A | {"message_id": "{text}"}, 400, UNCHANGED),
    ("editMessageMedia", A | {"message_id": "{album}", "media": '{"type": "video", "media": "{video}"}'}, 400, "can't change media type in the album"),
    ("editMessageMedia", A | {"message_id": "{text}"}, 400, "input media is not specified"),
    ("editMessageMedia", A | {"message_id": "{text}", "media": '{"type": "poll"}'}, 400, 'can\'t parse InputMedia: type "poll" is unsupported'),
    ("editMessageMedia", A | {"message_id": "{picture_album}", "media": '{"type": "animation", "media": "{animation}"}'}, 400, "message content type can't be used in an album"),
    # Deleting, copying, pinning, reacting
    ("deleteMessages", A, 400, "message identifiers are not specified"),
    ("deleteMessages", A | {"message_ids": json.dumps([1] * 101)}, 400, "too many message identifiers specified"),
    ("deleteMessages", {"chat_id": "{group}", "message_ids": "[{foreign}]"}, 400, "message can't be deleted"),
    ("copyMessage", A | {"from_chat_id": "{group}", "message_id": "{service}"}, 400, "message can't be copied"),
    ("forwardMessage", A | {"from_chat_id": "{group}", "message_id": "{service}"}, 400, "message can't be forwarded"),
    ("copyMessages", A | {"from_chat_id": "{anna}", "message_ids": "[{gone}]"}, 400, "there are no messages to copy"),
    ("forwardMessages", A | {"from_chat_id": "{anna}", "message_ids": "[{gone}]"}, 400, "there are no messages to forward"),
    ("copyMessages", A | {"from_chat_id": "{anna}"}, 400, "message identifiers are not specified"),
    ("unpinChatMessage", A | {"message_id": "{text}"}, 400, "CHAT_NOT_MODIFIED"),
    ("setMessageReaction", A | {"message_id": "{text}", "reaction": '[{"type": "emoji"}, {"type": "emoji"}]'}, 400, "REACTIONS_TOO_MANY"),
    ("setMessageReaction", A | {"message_id": "{text}", "reaction": '[{"type": "paid"}]'}, 400, "REACTION_INVALID"),
    ("deleteMessage", A | {"message_id": "{gone}"}, 400, "message to delete not found"),
    ("deleteMessage", {"chat_id": "{group}", "message_id": "{foreign}"}, 400, "message can't be deleted"),
    ("copyMessage", A | {"from_chat_id": "{anna}", "message_id": "{gone}"}, 400, "message to copy not found"),
    ("forwardMessage", A | {"from_chat_id": "{anna}", "message_id": "{gone}"}, 400, "message to forward not found"),
    ("pinChatMessage", A | {"message_id": "{gone}"}, 400, "message to pin not found"),
    ("unpinChatMessage", A | {"message_id": "{gone}"}, 400, "message to unpin not found"),
    ("setMessageReaction", A | {"message_id": "{gone}"}, 400, "message to react not found"),
    # Files
    ("sendVideo", A, 400, "there is no video in the request"),
    ("sendPhoto", A, 400, "there is no photo in the request"),
    ("sendPhoto", A | {"photo": "nonsense"}, 400, FORGED),
    ("sendPhoto", A | {"photo": "{video}"}, 400, "can't use file of type Video as Photo"),
    ("sendDocument", A | {"document": "{photo}"}, 400, "can't use file of type Photo as Document"),
    ("sendPhoto", A | {"photo": "https://example.com/a.jpg"}, 400, "failed to get HTTP URL content"),
    ("getFile", {"file_id": "nonsense"}, 400, "invalid file_id"),
    ("getFile", {"file_id": "{big}"}, 400, "file is too big"),
    ("sendMediaGroup", A | {"media": ELEVEN}, 400, "too many messages to send as an album"),
    ("sendMediaGroup", A | {"media": "[]"}, 400, "there are no messages to send"),
    ("sendMediaGroup", A | {"media": MIXED}, 400, "document can't be mixed with other media types"),
    ("sendMediaGroup", A | {"media": '[{"type": "animation", "media": "x"}]'}, 400, 'can\'t parse InputMedia: type "animation" can\'t be sent in an album'),
    ("sendPhoto", A | {"photo": "{thumbnail}"}, 400, "can't use file of type Thumbnail as Photo"),
    ("getFile", {}, 400, "file_id not specified"),
    ("sendChatAction", A | {"action": "dance"}, 400, "wrong parameter action in request"),
    # Chats
    ("sendMessage", {"chat_id": "{stranger}", "text": "x"}, 400, "chat not found"),
    ("sendMessage", {"chat_id": -5, "text": "x"}, 400, "chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "x"}, 400, "chat not found"),
    ("sendMessage", {"chat_id": "{blocker}", "text": "x"}, 403, "Forbidden: bot was blocked by the user"),
    ("sendMessage", {"chat_id": "{kicked}", "text": "x"}, 403, "Forbidden: bot was kicked from the supergroup chat"),
    ("sendMessage", {"chat_id": "{left}", "text": "x"}, 403, "Forbidden: bot is not a member of the group chat"),
    ("sendMessage", {"chat_id": "{quiet}", "text": "x"}, 403, "Forbidden: bot is not a member of the channel chat"),
    ("sendMessage", {"chat_id": "{reader}", "text": "x"}, 400, "need administrator rights in the channel chat"),
    ("sendMessage", {"chat_id": "{limited}", "text": "x"}, 400, "not enough rights to send text messages to the chat"),
    ("sendVideo", {"chat_id": "{limited}", "video": "{video}"}, 400, "not enough rights to send videos to the chat"),
    ("sendMessage", {"chat_id": "{old}", "text": "x"}, 400, "group chat was upgraded to a supergroup chat"),
    ("pinChatMessage", {"chat_id": "{group}", "message_id": "{foreign}"}, 400, "not enough rights to manage pinned messages in the chat"),
    ("createForumTopic", {"chat_id": "{supergroup}", "name": "x"}, 400, "the chat is not a forum"),
    ("getChatAdministrators", A, 400, "there are no administrators in the private chat"),
    ("getChatMember", {"chat_id": "{group}"}, 400, "invalid user_id specified"),
    ("leaveChat", A, 400, "chat member status can't be changed in private chats"),
    ("createForumTopic", {"chat_id": "{forum}"}, 400, "TOPIC_TITLE_EMPTY"),
    ("createForumTopic", {"chat_id": "{forum}", "name": "{long}"}, 400, "topic name is too long"),
    ("reopenForumTopic", {"chat_id": "{forum}", "message_thread_id": "{thread}"}, 400, "TOPIC_NOT_MODIFIED"),
    # The bot itself
    ("setMyCommands", {"commands": "[]", "scope": '{"type": "planet"}'}, 400, "can't parse BotCommandScope: Unsupported type specified"),
    ("setChatMenuButton", {"menu_button": '{"type": "moon"}'}, 400, "can't parse menu button: Unsupported type specified"),
    ("getChatMenuButton", {"chat_id": "{group}"}, 400, "chat_id is not a private chat"),
    ("getUpdates", {"allowed_updates": "{}"}, 400, "can't parse allowed updates: expected an Array of String"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, 400, TOO_OLD),
    ("setMyCommands", {"commands": '[{"command": "Bad!", "description": "x"}]'}, 400, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": '[{"command": "good", "description": ""}]'}, 400, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": json.dumps([{"command": "x", "description": "x"}] * 101)}, 400, "BOT_COMMANDS_TOO_MUCH"),
    ("setWebhook", {"url": "http://example.com"}, 400, "bad webhook: An HTTPS URL must be provided for webhook"),
    ("setWebhook", {"url": "https://example.com:5000"}, 400, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
]  # fmt: skip


def filled(value, place):
    for name, known in place.items():
        if isinstance(value, str):
            value = value.replace("{" + name + "}", str(known))
    return value


@pytest.mark.parametrize(
    ("method", "params", "code", "description"),
    [pytest.param(*case, id=f"{case[0]}-{case[3][:60]}-{n}") for n, case in enumerate(CASES)],
)
async def test_wording(api, place, method, params, code, description):
    answer = await api(method, **{name: filled(value, place) for name, value in params.items()})
    expected = description if code != 400 else f"Bad Request: {description}"
    assert answer.refusal == (code, expected)
    assert answer.body["error_code"] == code


async def test_migrated_group_names_its_successor(api, place):
    answer = await api("sendMessage", chat_id=place["old"], text="x")
    assert answer.body["parameters"] == {"migrate_to_chat_id": place["new"]}


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (b"", "file must be non-empty"),
        (b"text", "IMAGE_PROCESS_FAILED"),
        ((4200, 200), "PHOTO_INVALID_DIMENSIONS"),
        ((9800, 600), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_photos_that_are_refused(api, place, jpeg, size, expected):
    content = size if isinstance(size, bytes) else jpeg(*size)
    answer = await api("sendPhoto", {"photo": content}, chat_id=place["anna"])
    assert answer.refusal == (400, f"Bad Request: {expected}")


async def test_photo_over_ten_megabytes(api, place):
    content = bytes(10_485_761)
    answer = await api("sendPhoto", {"photo": content}, chat_id=place["anna"])
    expected = (
        "Bad Request: file of size 10485761 bytes is too big for a photo; "
        "the maximum size is 10485760 bytes"
    )
    assert answer.refusal == (400, expected)
