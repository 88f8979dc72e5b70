"""What a video will cost, said before anything is spent."""

from binascii import crc32
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.questions import NO, START, Answer, Question
from bot.tariff import Tariff
from core.access import Policy
from core.capabilities import Capabilities
from core.credits import day_of
from core.problems import mends, settled
from core.request import Sound, VideoRequest
from core.words import Sentence, say, say_many
from jobs.workshop import Workshop
from storage import accounts, ledger

_SHORTER = (5, 15, 30)  # seconds of a sound that are offered where less is cheaper


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A video's price with a model, and the credits of who would pay.

    `cut` is after how many seconds its sound is cut off, 0 where it is used as it is.
    """

    request: VideoRequest
    model: Capabilities
    cost: int
    free: int
    cut: int = 0

    @property
    def seconds(self) -> int:
        return self.request.seconds or 0

    def lines(self) -> list[Sentence]:
        """The price for a question; nothing where nothing is charged."""
        if not self.cost:
            return []
        return [
            say_many(
                "{model}, {seconds} s: costs {cost} of your {count} credit.",
                "{model}, {seconds} s: costs {cost} of your {count} credits.",
                model=self.model.title,
                seconds=self.seconds,
                cost=self.cost,
                count=self.free,
            )
        ]

    @property
    def talks(self) -> bool:
        """Whether somebody in the picture is made to speak, which is never ordered unasked."""
        return bool(self.request.audio and self.model.ai)

    def asking(self) -> list[Sentence]:
        """What the question whether to start says: the price, and what becomes of a sound."""
        audio = self.request.audio
        return self._of_sound(audio) if audio else self.lines()

    def brief(self) -> Sentence:
        """The same for what pops up on a press, where little fits."""
        *told, price = self.asking()
        return say("{text} {more}", text=told[0], more=price) if told else price

    def _of_sound(self, sound: Sound) -> list[Sentence]:
        length, used = sound.seconds, self.model.longest_sound
        lines = [
            say(
                "Your sound has {length} s, the video will have {seconds} s.",
                length=f"{round(length, 1):g}",
                seconds=self.seconds,
            ),
        ]
        if self.model.lips:
            lines.insert(0, say("🗣 A talking photo: the person in it will speak."))
        if length > used:
            lines.append(say("Only the first {used} s of the sound are used.", used=f"{used:g}"))
        price = say_many(
            "{model} makes it for {cost} of your {count} credit.",
            "{model} makes it for {cost} of your {count} credits.",
            model=self.model.title,
            cost=self.cost,
            count=self.free,
        )
        return [*lines, price]

    def agreement(self) -> str:
        """What a person agrees to by a press."""
        return agreement(self.cost, self.model, cut=self.cut)


class Quoting:
    """Prices of requests, and the question whether to spend them."""

    def __init__(self, workshop: Workshop, policy: Policy, tariff: Tariff) -> None:
        self._workshop = workshop
        self._policy = policy
        self._tariff = tariff

    async def quote(
        self, request: VideoRequest, model: Capabilities, *, sender: int, chat: int, cut: int = 0
    ) -> Quote:
        """The price of a request; raises AccessError where nobody would pay."""
        database = self._workshop.database
        now = self._workshop.now()
        payer = await database.read(
            accounts.payer, self._policy, sender=sender, chat=chat, now=now
        )
        balance = await database.read(ledger.balance, self._policy, payer, day_of(now))
        whole = settled(request, model)
        cost = self._tariff.cost(model, whole.seconds)
        return Quote(request=whole, model=model, cost=cost, free=balance.free, cut=cut)

    async def check_agreed(
        self,
        quote: Quote,
        answers: Mapping[str, str],
        sender: int,
        notes: Sequence[Sentence] = (),
    ) -> None:
        """Raise the question whether to start, unless this very price was agreed to.

        Asked before talking pictures, and of people who want to be asked before any spending.
        The question begins with the `notes`, and with what will be mended.
        """
        if not await self.is_agreed(quote, answers.get(START), sender):
            raise self.ask_to_start(quote, notes)

    async def is_agreed(self, quote: Quote, agreed: str | None, sender: int) -> bool:
        """Whether a video may be ordered at this price, after what the person has agreed to."""
        if not quote.cost or agreed == quote.agreement():
            return True
        if quote.talks:
            return False
        account = await self._workshop.database.read(accounts.get, sender)
        return account is None or not account.choices.get("confirm")

    def ask_to_start(self, quote: Quote, notes: Sequence[Sentence] = ()) -> Question:
        """The question whether to spend that, or less for less of the sound."""
        audio, longest = quote.request.audio, int(quote.model.longest_sound)
        start = Answer(say("Start"), quote.agreement())
        shorter: list[Quote] = []
        if audio:
            shorter = [self._shortened(quote, seconds) for seconds in _SHORTER]
            shorter = [one for one in shorter if one.cost < quote.cost]
            if audio.seconds > longest:
                start = _first(self._shortened(quote, longest))
        answers = [start, *map(_first, shorter), Answer(say("Cancel"), NO)]
        # The question itself says how much of the sound is used.
        used = shortened(quote.request, longest)
        told = [*notes, *mends(used, quote.model), *quote.asking()]
        return Question(START, *told, rows=[[answer] for answer in answers])

    def _shortened(self, quote: Quote, seconds: int) -> Quote:
        request = settled(shortened(quote.request, seconds), quote.model)
        cost = self._tariff.cost(quote.model, request.seconds)
        return replace(quote, request=request, cost=cost, cut=seconds)


def shortened(request: VideoRequest, seconds: int) -> VideoRequest:
    """The same request with less of its sound; 0 leaves it as it is."""
    audio = request.audio
    if not (audio and seconds):
        return request
    return request.with_options(audio=replace(audio, seconds=min(float(seconds), audio.seconds)))


def agreement(cost: int, model: Capabilities, *, cut: int = 0) -> str:
    """What stands in a button for a price: how much of the sound, the credits, the model."""
    return f"{cut}x{cost}x{mark_of(model)}"


def mark_of(model: Capabilities) -> str:
    """A short name that stays the same: model names may be too long for a button."""
    return f"{crc32(model.model.encode()):08x}"


def agreed_cut(agreed: str | None) -> int:
    """After how many seconds the person wants the sound cut off; 0 where it stays whole."""
    cut, _, rest = (agreed or "").partition("x")
    return int(cut) if rest else 0


def _first(quote: Quote) -> Answer:
    label = say_many(
        "First {seconds} s: {count} credit",
        "First {seconds} s: {count} credits",
        seconds=quote.cut,
        count=quote.cost,
    )
    return Answer(label, quote.agreement())
