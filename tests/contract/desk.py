"""A provider of the catalogue, its emulation, and orders as they come out of the bot's checks."""

import importlib
import pkgutil
from uuid import uuid4

from core.capabilities import Need
from core.problems import problems, settled
from media.runner import MediaRunner
from playground import services
from playground.services.service import CLIP, Service
from providers import catalog
from providers.base import Kit, Order
from providers.web.wire import Web
from tests.contract.dialects import DIALECTS
from tests.factories import make_picture, make_request, make_sound

BUILT_IN = "local"
PROVIDERS = sorted({one.__module__.split(".")[1] for one in catalog.ALL} - {BUILT_IN})
TOKEN = "123456789:AAEhBP0av28rBotTokenThatNobodyMayKnow"
FILM = CLIP.read_bytes()


def _emulations():
    for module in pkgutil.iter_modules(services.__path__, "playground.services."):
        importlib.import_module(module.name)
    found, left = {}, [Service]
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        if name := getattr(kind, "name", None):
            found[name] = kind
    return found


EMULATIONS = _emulations()


# What a service must never be told, unless it is its own: the bot's token, and everybody's keys.
SECRETS = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "SECRET_KEY": "the-secret-of-our-links",
    "DASHSCOPE_API_KEY": "sk-of-dashscope-alone",
    "VOLC_ACCESSKEY": "AKLT-of-volcengine-alone",
    "VOLC_SECRETKEY": "secret-of-volcengine-alone",
    "TOKENOPS_API_KEY": "sk-of-tokenops-alone",
    "DREAMINA_SESSIONID": "session-of-dreamina-alone",
}


class Desk:
    """Builds a provider against its emulation, and orders from it.

    `environment` beats what the emulation says; `web` is how the provider gets out.
    """

    def __init__(self, name, service, shelf, folder):
        self.name, self.service, self.shelf, self.folder = name, service, shelf, folder
        self.dialect = DIALECTS[name]
        self._webs = [Web(private=True)]

    def provider(self, web=None, **environment):
        web = web or self._webs[0]
        self._webs.append(web)
        kit = Kit(
            environment={**SECRETS, **self.service.environment, **environment},
            runner=MediaRunner(),
            web=web,
            limits={f"{self.name}.rps": 1000, f"{self.name}.looks": 1000},
            links=True,
        )
        return catalog.build(kit).providers[self.name]

    async def close(self):
        for web in self._webs:
            await web.close()

    def order(self, provider, model=None):
        """The least that a model takes; a photo goes along wherever it may."""
        model = model or next(
            one for one in provider.models if Need.REQUIRED not in (one.last_frame, one.audio)
        )
        asked = make_request(
            model=model.model,
            first_frame=None if model.first_frame is Need.NONE else make_picture(),
            last_frame=make_picture() if model.last_frame is Need.REQUIRED else None,
            audio=make_sound() if model.audio is Need.REQUIRED else None,
        )
        assert problems(asked, model) == []
        request = settled(asked, model)
        files = {
            "first": request.first_frame and "photo.jpg",
            "last": request.last_frame and "photo.jpg",
            "audio": request.audio and "voice.mp3",
        }
        return Order(
            key=str(uuid4()),
            model=model,
            request=request,
            target=self.folder / f"{uuid4()}.mp4",
            link=self.shelf.link,
            **{role: self.folder / file for role, file in files.items() if file},
        )

    @property
    def render(self):
        """The service's own id of the newest order that it has taken."""
        return self.service.studio.renders[-1].id

    async def take(self, provider, order=None):
        """Place an order that the service takes; gives its remote id and the order."""
        order = order or self.order(provider)
        remote = await provider.submit(order)
        assert isinstance(remote, str), remote
        return remote, order

    def done(self, link):
        """What the service answers to a look at a finished render."""
        return fill(self.dialect.done, link, self.render)


def fill(value, link, render):
    """Put an address and an id into an answer of the dialects."""
    if isinstance(value, dict):
        return {fill(key, link, render): fill(one, link, render) for key, one in value.items()}
    if isinstance(value, list):
        return [fill(one, link, render) for one in value]
    return {"{link}": link, "{render}": render}.get(value, value) if value else value


def damaged(answer):
    """Every answer that differs in one place: a part is missing, null, or of another type."""
    for path in _paths(answer):
        for value in (_GONE, None, [], {}, "x", -1):
            yield ".".join(map(str, path)), value, _changed(answer, path, value)


_GONE = object()


def _items(value):
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _paths(value, path=()):
    for name, one in _items(value):
        yield (*path, name)
        yield from _paths(one, (*path, name))


def _changed(value, path, new):
    name, *rest = path
    changed = dict(_items(value))
    changed[name] = _changed(value[name], rest, new) if rest else new
    if changed[name] is _GONE:
        del changed[name]
    return list(changed.values()) if isinstance(value, list) else changed
