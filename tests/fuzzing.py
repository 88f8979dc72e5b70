"""Updates nobody would send: real ones with fields missing, of wrong kinds, huge, or of unknown types."""

import copy
import json
from random import Random

PERSON = {
    "id": 901,
    "is_bot": False,
    "first_name": "Fay",
    "username": "fay",
    "language_code": "zh",
}
PRIVATE = {"id": 901, "type": "private", "first_name": "Fay"}
GROUP = {"id": -1_000_000_000_901, "type": "supergroup", "title": "Strangers", "is_forum": True}
CHANNEL = {"id": -1_000_000_000_902, "type": "channel", "title": "News"}
FILE = {"file_id": "no-such-file", "file_unique_id": "unique", "file_size": 4000}
PHOTO = [{**FILE, "width": 90, "height": 60}, {**FILE, "width": 900, "height": 600}]
WORDS = (
    "slow push in --dur 3 --res 480p", "--seed 7 --ar 9:16 --model auto", '--neg "', "/video", "/start job_1",
    "/video@someone_else orbit", "/job 1", "/cancel 99999999999999999999", "/allow 5", "/grant 901 50",
    "/ban @fay 3d spam", "/history", "/jobs", "/balance", "/settings", "/models", "/effects", "/lang zh", "/help",
    "/privacy", "/mydata", "/deleteme", "/admin", "/stats 7d", "/users", "/user 901", "/roles", "/providers", "/queue",
    "/task 1", "/retry 1", "/maintenance on", "/broadcast hello", "/set daily 5", "/audit", "/backup", "/selftest",
    "/uncertain", "#video waves", "\u202e\x00\ufffd", "<b>&amp;</i>", "😀" * 50, " ", "",
)  # fmt: skip
PRESSES = (
    "cancel:1", "again:1", "resend:1", "preset:1:1:0", "choose:1:1:consent:yes", "cancel:", "again:-1", "x" * 64, "",
    "choose:999999999999999999:1:talk:local", "preset:1:1:99", "0", "again:1;drop table tasks",
    "same:1", "words:1", "model:1:00000000", "loop:1", "continue:1", "file:1", "delete:1:yes", "back:1", "report:1",
    "remove:1", "keep:1", "replay:1", "history:older:1", "jobs:901:stop:1", "jobs:901:clear", "consent:no:same:1",
    "consent:yes:same:1", "consent:yes:words:1:0x0x00000000", "subject:9:model:1:00000000",
)  # fmt: skip
ODD = (
    None, True, False, 0, -1, 2**31, 2**63, -(2**63), 10**400, 1.5, float("1e308"), "", "0", "\x00", "🦊" * 9000, "x" * 200_000,
    [], {}, [[]], [None], {"id": {}}, [{"file_id": 7}], {"a": {"b": {"c": []}}},
)  # fmt: skip


class Fuzzer:
    """Makes updates one after the other; the same seed makes the same ones."""

    def __init__(self, seed):
        self._random = Random(seed)
        self._number = 5_000_000

    def update(self):
        """The kind and the body of the next update, and now and then one without any sense."""
        chance = self._random
        kind, body = chance.choice((self._message, self._message, self._press, self._change))()
        body = copy.deepcopy(body)
        for _ in range(chance.choice((0, 0, 0, 1, 1, 4))):
            self._damage(body)
        if chance.random() < 0.05:
            kind = chance.choice(
                ("quantum_message", "update", "", "message ", "poll", "inline_query")
            )
        if chance.random() < 0.02:
            body = chance.choice(ODD)
        return kind, json.loads(json.dumps(body))

    def _base(self):
        chance = self._random
        self._number += 1
        chat = chance.choice((PRIVATE, PRIVATE, GROUP, CHANNEL))
        person = {**PERSON, "id": 901 + chance.randrange(200)}
        if chat is PRIVATE:
            chat = {**PRIVATE, "id": person["id"]}
        base = {"message_id": self._number, "date": 1_790_000_000, "chat": chat}
        if chat is not CHANNEL:
            base["from"] = person
        if chat is CHANNEL or chance.random() < 0.05:
            base["sender_chat"] = chance.choice((CHANNEL, GROUP))
        return copy.deepcopy(base)

    def _message(self):
        chance = self._random
        body = self._base()
        text = chance.choice(WORDS)
        body |= copy.deepcopy(
            chance.choice(
                (
                    {"text": text},
                    {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": len(text.split(" ")[0])}]},
                    {"photo": PHOTO, "caption": text},
                    {"photo": PHOTO, "media_group_id": str(chance.randrange(9))},
                    {"document": {**FILE, "mime_type": "image/png", "file_name": "../../etc/passwd"}},
                    {"voice": {**FILE, "duration": 4}},
                    {"audio": {**FILE, "duration": 4}, "caption": text},
                    {"sticker": {**FILE, "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}},
                    {"migrate_to_chat_id": GROUP["id"] - 1},
                    {"new_chat_members": [PERSON]},
                    {"dice": {"emoji": "🎲", "value": 6}},
                    {"location": {"longitude": 1.0, "latitude": 2.0}},
                )
            )
        )  # fmt: skip
        if chance.random() < 0.2:
            body["reply_to_message"] = {**self._base(), "photo": copy.deepcopy(PHOTO)}
        if chance.random() < 0.1:
            body |= {"message_thread_id": 3, "is_topic_message": True}
        if body["chat"]["type"] == "channel":
            return chance.choice(("channel_post", "edited_channel_post")), body
        return chance.choice(("message", "message", "message", "edited_message")), body

    def _press(self):
        chance = self._random
        message = {**self._base(), "text": "A message of the bot"}
        sender = message.pop("from", PERSON)
        self._number += 1
        return "callback_query", {
            "id": str(self._number),
            "from": sender,
            "message": message,
            "chat_instance": "1",
            "data": chance.choice(PRESSES),
        }

    def _change(self):
        base = self._base()
        statuses = (
            "member",
            "left",
            "kicked",
            "administrator",
            "restricted",
            "creator",
            "emperor",
        )
        member = {"user": {"id": 1, "is_bot": True, "first_name": "Bot"}}
        old, new = ({**member, "status": self._random.choice(statuses)} for _ in range(2))
        return "my_chat_member", {
            "chat": base["chat"],
            "from": base.get("from", PERSON),
            "date": base["date"],
            "old_chat_member": old,
            "new_chat_member": new,
        }

    def _damage(self, body):
        """Take a field away, or put something odd into it, anywhere in the tree."""
        chance, place = self._random, body
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                return
            key = chance.choice(keys)
            if isinstance(place[key], dict | list) and place[key] and chance.random() < 0.6:
                place = place[key]
                continue
            if chance.random() < 0.4:
                del place[key]
            else:
                place[key] = copy.deepcopy(chance.choice(ODD))
            return
