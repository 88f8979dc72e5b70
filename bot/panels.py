"""The panel of /settings: one message of buttons, drawn from what an account has chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.translations import languages, own_name, plainly, translate
from core.capabilities import Capabilities
from core.preferences import OPTIONS, possible
from core.words import Text, say
from storage.accounts import Account

Drawn = tuple[str, InlineKeyboardMarkup]

MODEL, CONFIRM, NEWS, LANGUAGE = "model", "confirm", "news", "language"
AUTO = "auto"
_MANY = 8  # models; more are shown service by service
_WIDE = 3  # buttons in a row of short values

LABELS = {
    MODEL: say("Model"),
    "seconds": say("Length"),
    "resolution": say("Resolution"),
    "ratio": say("Shape"),
    "sound": say("Sound"),
    "rewrite": say("Rewrite words"),
    CONFIRM: say("Ask before spending"),
    NEWS: say("News"),
    LANGUAGE: say("Language"),
}
_HINTS = {
    "ratio": say("With a photo, some models keep the photo's shape whatever is chosen here."),
    "sound": say("Whether the video has sound, where the model can make it with and without."),
    "rewrite": say("The model may put your words into better ones before it uses them."),
    CONFIRM: say("Before anything is spent I show the price and wait for a press."),
    NEWS: say("Now and then the owners of this bot write to everybody who uses it."),
}
_SWITCH = {"on": (say("on"), True), "off": (say("off"), False)}


@dataclass(frozen=True, slots=True)
class Value:
    """One button of a page of values: its name in the button's data, and what is kept of it."""

    token: str
    label: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Whose choices are shown, among which models, in which language.

    `usual` is the model of those who choose none, or "auto"; where all is `free`, nobody needs
    to be asked before spending.
    """

    account: Account
    models: Sequence[Capabilities]
    usual: str
    language: str
    free: bool = False

    @property
    def keys(self) -> list[str]:
        """What can be chosen: of the options only those that have more than one value."""
        options = [name for name, values in possible(self.able).items() if len(values) > 1]
        own = [] if self.account.id < 0 else [CONFIRM, NEWS, LANGUAGE]
        return [MODEL, *options, *(key for key in own if key != CONFIRM or not self.free)]

    @property
    def able(self) -> Sequence[Capabilities]:
        """The model that makes the videos, or all that may."""
        wanted = self.account.choices.get(MODEL, self.usual)
        return [model for model in self.models if model.model == wanted] or self.models

    def current(self, key: str) -> Any:
        if key == NEWS:
            return not self.account.quiet
        if key == LANGUAGE:
            return self.account.spoken
        if key == CONFIRM:
            return bool(self.account.choices.get(CONFIRM))
        return self.account.choices.get(key)

    def values(self, key: str) -> list[Value]:
        """Everything that can be chosen for a key now, with the choice of none first."""
        usual = Value(AUTO, self.say(say("as usual")), None)
        if key == MODEL:
            if self.usual == AUTO:
                usual = Value(AUTO, self.say(say("whichever fits best")), None)
            models = [Value(one.model, self.say(one.title), one.model) for one in self.models]
            return [usual, *models]
        if key == LANGUAGE:
            telegrams = Value(AUTO, self.say(say("as in Telegram")), None)
            return [telegrams, *(Value(code, own_name(code), code) for code in languages())]
        switch = [Value(name, self.say(text), value) for name, (text, value) in _SWITCH.items()]
        if key in (CONFIRM, NEWS):
            return switch
        if key in ("sound", "rewrite"):
            return [usual, *switch]
        found = possible(self.able)[key]
        return [usual, *(Value(str(one), self._value(key, one), one) for one in found)]

    def shown(self, key: str) -> str:
        """The value that is chosen, as people read it."""
        for one in self.values(key):
            if self.is_chosen(key, one):
                return one.label
        return self.say(say("{value} (not possible now)", value=str(self.current(key))))

    def is_chosen(self, key: str, value: Value) -> bool:
        now = self.current(key)
        return value.value == now and isinstance(now, bool) == isinstance(value.value, bool)

    def say(self, text: Text) -> str:
        """A text for a button, which has no markup."""
        return plainly(text, self.language)

    def _value(self, key: str, value: Any) -> str:
        if key == "seconds":
            return self.say(say("{seconds} s", seconds=value))
        return str(value)


def draw(panel: Panel, fallen: Sequence[str] = ()) -> Drawn:
    """The panel itself; `fallen` are choices that a newly chosen model has put an end to."""
    lines = [*state(panel)[:2]]
    if fallen:
        names = ", ".join(panel.say(LABELS[name]) for name in fallen)
        text = say("Not possible with {model}, so as usual again: {names}.",
                   model=panel.shown(MODEL), names=names)  # fmt: skip
        lines.append(translate(text, panel.language))
    rows = [[_entry(panel, MODEL)]]
    options = [key for key in panel.keys if key in OPTIONS]
    rows += [
        [_entry(panel, key) for key in options[at : at + 2]] for at in range(0, len(options), 2)
    ]
    rows += [[_entry(panel, key)] for key in panel.keys if key not in (MODEL, *OPTIONS)]
    return "\n".join(lines), InlineKeyboardMarkup(rows)


def state(panel: Panel) -> list[str]:
    """The panel as text alone: a title, what it holds for, and a line for each choice."""
    if panel.account.id < 0:
        head = say("<b>Settings of this group</b>")
        scope = say("They hold for everybody here. What a caption says comes first.")
    else:
        head = say("<b>Settings</b>")
        scope = say("They hold for all your videos. What a caption says comes first.")
    rows = [say("{name}: {value}", name=panel.say(LABELS[key]), value=panel.shown(key))
            for key in panel.keys]  # fmt: skip
    return [translate(line, panel.language) for line in (head, scope, *rows)]


def draw_values(panel: Panel, key: str, service: str = "") -> Drawn:
    """The values of one key; models are shown `service` by service where there are many."""
    lines = [say("<b>{name}</b>", name=panel.say(LABELS[key]))]
    if key in _HINTS:
        lines.append(_HINTS[key])
    found, back = panel.values(key), "set:open"
    rows: list[list[InlineKeyboardButton]] = []
    if key == MODEL and len(panel.models) > _MANY:
        names = dict.fromkeys(model.provider for model in panel.models)
        if service in names:
            found = [one for one in found if one.token.startswith(f"{service}/")]
            back = "set:model"
        else:
            found = found[:1]
            rows = [
                [InlineKeyboardButton(name, callback_data=f"set:from:{name}")] for name in names
            ]
    buttons = [_choice(panel, key, one) for one in found]
    width = 1 if key in (MODEL, LANGUAGE) else _WIDE
    rows = [buttons[at : at + width] for at in range(0, len(buttons), width)] + rows
    rows.append([InlineKeyboardButton(panel.say(say("← Back")), callback_data=back)])
    return "\n".join(translate(line, panel.language) for line in lines), InlineKeyboardMarkup(rows)


def _entry(panel: Panel, key: str) -> InlineKeyboardButton:
    label = say("{name}: {value}", name=panel.say(LABELS[key]), value=panel.shown(key))
    return InlineKeyboardButton(panel.say(label), callback_data=f"set:{key}")


def _choice(panel: Panel, key: str, value: Value) -> InlineKeyboardButton:
    label = f"✓ {value.label}" if panel.is_chosen(key, value) else value.label
    return InlineKeyboardButton(label, callback_data=f"set:{key}:{value.token}")
