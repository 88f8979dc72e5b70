"""The models as /models shows them: what each takes, what it costs, and whether it can be had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.panels import AUTO, MODEL, Drawn, Panel
from bot.tariff import Tariff
from bot.translations import translate
from core.capabilities import Capabilities, Need
from core.words import Sentence, say, say_many

_MANY = 8  # models; more are shown service by service
_PAGE = 6  # models of a service at a time
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What is on offer: why models are `down` for now, and why others are not offered, being `off`."""

    panel: Panel
    tariff: Tariff
    down: Mapping[str, Sentence]
    off: Mapping[str, Sentence]

    @property
    def services(self) -> list[str]:
        names = [model.model for model in self.panel.models] + list(self.off)
        return list(dict.fromkeys(name.partition("/")[0] for name in names))

    @property
    def is_split(self) -> bool:
        return len(self.panel.models) > _MANY

    def models_of(self, service: str) -> list[Capabilities]:
        return [one for one in self.panel.models if service in (ALL, one.provider)]

    def page_of(self, model: str) -> Drawn:
        """The page that a model stands on."""
        service = model.partition("/")[0]
        if not self.is_split or model == AUTO:
            return self.draw()
        names = [one.model for one in self.models_of(service)]
        return self.draw(service, names.index(model) // _PAGE if model in names else 0)

    def draw(self, service: str = ALL, page: int = 0) -> Drawn:
        """One page of a service; of all of them an overview where there are many models."""
        if service not in self.services or not self.is_split:
            service = ALL
        if service == ALL and self.is_split:
            return self._overview()
        return self._shelf(service, page)

    def _overview(self) -> Drawn:
        lines = [say("<b>Models</b>. Press a service to see what each can do."), self._chosen()]
        rows = [[self._button(AUTO)]]
        for name in self.services:
            lines.append(self._standing(name))
            rows.append([InlineKeyboardButton(name, callback_data=f"models:{name}:0")])
        return self._joined(lines), InlineKeyboardMarkup(rows)

    def _standing(self, service: str) -> Sentence:
        """How many models of a service can be had; where none can, also what most of them lack."""
        models = self.models_of(service)
        reasons = [self.down[one.model] for one in models if one.model in self.down]
        if not models:
            reasons = [why for name, why in self.off.items() if name.startswith(f"{service}/")]
        if len(reasons) >= len(models):
            return say(
                "• <b>{service}</b>: 0 of {count} available now. {reason}",
                service=service,
                count=len(reasons),
                reason=max(reasons, key=reasons.count),
            )
        return say(
            "• <b>{service}</b>: {up} of {count} available now",
            service=service,
            up=len(models) - len(reasons),
            count=len(models),
        )

    def _shelf(self, service: str, page: int) -> Drawn:
        models = self.models_of(service)
        last = max(0, len(models) - 1) // _PAGE if self.is_split else 0
        page = min(page, last)
        if self.is_split:
            models = models[page * _PAGE : (page + 1) * _PAGE]
        lines = [say("<b>Models</b>"), self._chosen()]
        lines += [line for model in models for line in self._about(model)]
        if page == last:
            lines += self._missing(service)
        rows = [] if self.is_split else [[self._button(AUTO)]]
        rows += [[self._button(model.model)] for model in models]
        turns = {page - 1: "‹", page + 1: "›"}
        turning = [
            InlineKeyboardButton(sign, callback_data=f"models:{service}:{number}")
            for number, sign in turns.items()
            if 0 <= number <= last
        ]
        rows += [turning] if turning else []
        if self.is_split:
            back = self.panel.say(say("← Back"))
            rows.append([InlineKeyboardButton(back, callback_data=f"models:{ALL}:0")])
        return self._joined(lines), InlineKeyboardMarkup(rows)

    def _chosen(self) -> Sentence:
        name = self.panel.shown(MODEL)
        if self.panel.account.id < 0:
            return say("Chosen for this group: {model}.", model=name)
        return say("Chosen: {model}.", model=name)

    def _about(self, model: Capabilities) -> list[Sentence]:
        head = [
            say("\n🟢 <b>{title}</b> <code>{model}</code>", title=model.title, model=model.model)
        ]
        if reason := self.down.get(model.model):
            head = [say("\n🔴 <b>{title}</b> <code>{model}</code>: not available right now",
                        title=model.title, model=model.model), reason]  # fmt: skip
        parts = [*_takes(model), _length(model)]
        if model.resolutions:
            parts.append(say("{resolutions}", resolutions=", ".join(model.resolutions)))
        parts += [_shapes(model), *_heard(model)]
        line = reduce(lambda all_, part: say("{all}; {part}", all=all_, part=part), parts)
        return [*head, line, *_moves(model), self._price(model)]

    def _price(self, model: Capabilities) -> Sentence:
        price = self.tariff.price(model)
        if not price:
            return say("free")
        return say_many(
            "{price} a second: {count} credit for {seconds} s",
            "{price} a second: {count} credits for {seconds} s",
            count=model.cost(model.default_seconds, price),
            price=f"{price:g}",
            seconds=model.default_seconds,
        )

    def _missing(self, service: str) -> list[Sentence]:
        """The models that are off, together where the reason is the same."""
        why: dict[str, list[str]] = {}
        for name, reason in self.off.items():
            if service in (ALL, name.partition("/")[0]):
                why.setdefault(translate(reason, self.panel.language), []).append(name)
        return [
            say(
                "\n⚪ Off: <code>{models}</code>: {reason}", models=", ".join(names), reason=reason
            )
            for reason, names in why.items()
        ]

    def _button(self, model: str) -> InlineKeyboardButton:
        value = next(one for one in self.panel.values(MODEL) if one.token == model)
        label = value.label
        if self.panel.is_chosen(MODEL, value):
            label = f"✓ {label}"
        return InlineKeyboardButton(label, callback_data=f"model:{model}")

    def _joined(self, lines: Sequence[Sentence]) -> str:
        return "\n".join(translate(line, self.panel.language) for line in lines)


def _takes(model: Capabilities) -> list[Sentence]:
    first = {
        Need.REQUIRED: say("photo"),
        Need.OPTIONAL: say("photo or words alone"),
        Need.NONE: say("words alone"),
    }[model.first_frame]
    found = [first]
    if model.last_frame is Need.REQUIRED:
        found.append(say("needs a last frame"))
    elif model.last_frame is Need.OPTIONAL:
        found.append(say("last frame"))
    if model.audio is Need.REQUIRED:
        found.append(say("needs a voice, lips move") if model.lips else say("needs a sound"))
    elif model.audio is Need.OPTIONAL:
        found.append(say("voice, lips move") if model.lips else say("sound"))
    if model.effects:
        count = len(model.effects)
        found.append(say_many("{count} effect", "{count} effects", count=count))
    return found


def _length(model: Capabilities) -> Sentence:
    if model.audio is Need.REQUIRED and model.sound_decides:
        return say("as long as the sound, up to {limit:.0f} s", limit=model.longest_sound)
    shortest, longest = min(model.seconds), max(model.seconds)
    if len(model.seconds) > 2 and len(model.seconds) == longest - shortest + 1:  # noqa: PLR2004
        return say("{shortest} to {longest} s", shortest=shortest, longest=longest)
    return say("{lengths} s", lengths=", ".join(map(str, model.seconds)))


def _shapes(model: Capabilities) -> Sentence:
    ratios = ", ".join(model.ratios)
    if not ratios:
        return say("the photo's shape")
    if model.follows_photo:
        return say("the photo's shape, for words alone {ratios}", ratios=ratios)
    return say("{ratios}", ratios=ratios)


def _heard(model: Capabilities) -> list[Sentence]:
    if model.sound:
        return [say("makes sound, or not")]
    return [say("makes sound")] if model.own_sound else []


def _moves(model: Capabilities) -> list[Sentence]:
    """All of them by name: no other place tells what can stand after --camera."""
    return [say("camera moves: {moves}", moves=", ".join(model.cameras))] if model.cameras else []
