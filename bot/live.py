"""Settings that owners change while the bot runs: a closed list, typed, checked, remembered."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from bot.settings import CENTURY, LEAST_KEPT, MOST_CREDITS
from core.access import Policy
from core.errors import UserError
from core.words import Sentence, say
from jobs.dispatcher import LocalDispatcher
from jobs.ports import now
from jobs.workshop import Workshop
from storage import audit, overrides

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Knob:
    """One setting: what it means, its value now, how to read a new one, and how to apply it."""

    meaning: Sentence
    read: Callable[[], Any]
    parse: Callable[[str], Any]
    apply: Callable[[Any], None]


class Live:
    """The knobs of this bot by name; addresses, keys and roles are not among them."""

    def __init__(self, workshop: Workshop, policy: Policy, dispatcher: LocalDispatcher) -> None:
        self._workshop = workshop
        self._policy = policy
        self._dispatcher = dispatcher
        self.knobs: Mapping[str, Knob] = dict(self._all())
        self._usual = {name: knob.read() for name, knob in self.knobs.items()}

    async def restore(self) -> None:
        """Apply what owners had set before; a name of another release is left alone."""
        for name, value in (await self._workshop.database.read(overrides.read_all)).items():
            if knob := self.knobs.get(name):
                knob.apply(value)

    async def change(self, name: str, text: str, *, by: int, reason: str = "") -> tuple[str, str]:
        """Set a knob, or put it back with "default"; gives the old and the new value.

        Raises UserError for an unknown name or a value that does not fit.
        """
        knob = self.knobs.get(name)
        if knob is None:
            raise UserError(unknown(name))
        is_default = text.lower() == "default"
        value = self._usual[name] if is_default else knob.parse(text)
        old = knob.read()
        await self._workshop.database.write(
            partial(_remember, is_default=is_default),
            name,
            value,
            old=shown(old),
            by=by,
            reason=reason,
        )
        knob.apply(value)
        log.info("setting changed", name=name, old=old, new=value, by=by)
        return shown(old), shown(value)

    def is_changed(self, name: str) -> bool:
        return bool(self.knobs[name].read() != self._usual[name])

    def _all(self) -> Iterator[tuple[str, Knob]]:
        policy, catalog = self._policy, self._workshop.catalog
        whole = partial(_number, low=0, high=MOST_CREDITS, whole=True)
        yield (
            "credits.daily",
            self._of_policy("daily_credits", say("credits a person has a day"), whole),
        )
        yield (
            "credits.budget",
            self._of_policy("daily_budget", say("credits the bot spends a day"), whole),
        )
        count = partial(_number, low=1, high=1000, whole=True)
        yield (
            "videos.unfinished",
            self._of_policy("unfinished", say("videos an account may have on its way"), count),
        )
        yield (
            "access",
            Knob(
                say("who may order: open (everybody) or closed (whom owners let in)"),
                lambda: "closed" if policy.closed else "open",
                partial(_one_of, among=("open", "closed")),
                lambda value: setattr(policy, "closed", value == "closed"),
            ),
        )
        models = [model.model for model in catalog.models()]
        yield (
            "model.default",
            self._of_policy(
                "default_model",
                say("the model of those who choose none"),
                partial(_one_of, among=("auto", *models)),
            ),
        )
        hours, days = (
            partial(_number, low=LEAST_KEPT, high=most) for most in (24 * CENTURY, CENTURY)
        )
        yield (
            "keep.inputs",
            self._keeping("keep_inputs", say("hours that photos are kept"), 3600, hours),
        )
        yield (
            "keep.results",
            self._keeping("keep_results", say("days that videos are kept"), 86_400, days),
        )
        for model in catalog.models():
            yield f"price.{model.model}", self._price(model.model, model.price)
        for lane in self._dispatcher.seats():
            yield f"running.{lane}", self._seats(lane)
        for name in catalog.providers:
            yield f"provider.{name}", self._provider(name)

    def _of_policy(self, field: str, meaning: Sentence, parse: Callable[[str], Any]) -> Knob:
        policy = self._policy
        return Knob(
            meaning, lambda: getattr(policy, field), parse, partial(setattr, policy, field)
        )

    def _keeping(
        self, field: str, meaning: Sentence, unit: int, parse: Callable[[str], Any]
    ) -> Knob:
        def read() -> float:
            span: timedelta = getattr(self._workshop, field)
            return span.total_seconds() / unit

        def apply(value: float) -> None:
            setattr(self._workshop, field, timedelta(seconds=value * unit))

        return Knob(meaning, read, parse, apply)

    def _price(self, model: str, usual: float) -> Knob:
        prices = self._policy.prices
        return Knob(
            say("credits a second of video"),
            lambda: prices.get(model, usual),
            partial(_number, low=0, high=10_000),
            partial(prices.__setitem__, model),
        )

    def _seats(self, lane: str) -> Knob:
        return Knob(
            say("videos at a time in this line"),
            lambda: self._dispatcher.seats()[lane],
            partial(_number, low=0, high=1000, whole=True),
            partial(self._dispatcher.set_seats, lane),
        )

    def _provider(self, name: str) -> Knob:
        provider = self._workshop.catalog.providers[name]
        return Knob(
            say("whether it takes new videos: on or off"),
            lambda: "on" if provider.is_open else "off",
            partial(_one_of, among=("on", "off")),
            lambda value: setattr(provider, "is_open", value == "on"),
        )


def unknown(name: str) -> Sentence:
    return say("There is no setting {name}. /set lists them.", name=name)


def shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _remember(
    connection: Any, name: str, value: Any, *, old: str, by: int, reason: str, is_default: bool
) -> None:
    moment = now()
    if is_default:
        overrides.drop(connection, name)
    else:
        overrides.put(connection, name, value, by=by, now=moment)
    detail = f"{name}: {old} -> {shown(value)}"
    audit.record(connection, by=by, action="set", detail=detail, reason=reason, now=moment)


def _number(text: str, *, low: float, high: float, whole: bool = False) -> float:
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        value = None
    if value is None or not low <= value <= high:
        bounds = {"low": shown(low), "high": shown(high)}
        if whole:
            raise UserError(say("It must be a whole number from {low} to {high}.", **bounds))
        raise UserError(say("It must be a number from {low} to {high}.", **bounds))
    return value


def _one_of(text: str, *, among: tuple[str, ...]) -> str:
    found = next((one for one in among if one.lower() == text.lower()), None)
    if found is None:
        raise UserError(say("Possible: {allowed}.", allowed=", ".join(among)))
    return found
