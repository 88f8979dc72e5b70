"""/models as pages: everything about every model of all services fits into what Telegram takes."""

import re

import pytest

from bot.handlers import models, settings
from bot.panels import MODEL, Panel, draw, draw_values
from bot.shelf import Shelf
from bot.tariff import Tariff
from bot.translations import plain
from core.words import say
from providers import catalog
from providers.base import Kit
from providers.verdicts import OURS
from providers.web.wire import Web
from storage.accounts import Account

KEYS = {
    "DASHSCOPE_API_KEY": "sk-0123456789abcdef",
    "VOLC_ACCESSKEY": "access",
    "VOLC_SECRETKEY": "secret",
    "TOKENOPS_API_KEY": "0123456789abcdef",
    "DREAMINA_SESSIONID": "0123456789abcdef0123456789abcdef",
}
FLASH, OMNI = "dashscope/wan2.6-i2v-flash", "volcengine/omnihuman-1.5"
PATTERNS = [
    handler.pattern
    for handler in (*models.HANDLERS, *settings.HANDLERS)
    if hasattr(handler, "pattern")
]


def offered(environment=KEYS):
    return catalog.build(Kit(environment=environment, runner=None, web=Web()))


def make_panel(*, language="en", models=None, account=7, **choices):
    return Panel(
        account=Account(id=account, choices=choices),
        models=offered().models() if models is None else models,
        usual="auto",
        language=language,
    )


def make_shelf(*, prices=None, down=(), off=None, **panel):
    return Shelf(
        panel=make_panel(**panel),
        tariff=Tariff(offered(), prices or {}),
        down=dict.fromkeys(down, OURS),
        off=offered().off() if off is None else off,
    )


def every_page(shelf):
    """All pages there are, found by pressing every button that turns one."""
    seen, left = {}, ["models:all:0"]
    while left:
        data = left.pop()
        if data not in seen:
            _, service, page = data.split(":")
            seen[data] = shelf.draw(service, int(page))
            left += [one for one in data_of(seen[data]) if one.startswith("models:")]
    return list(seen.values())


def data_of(drawn):
    return [button.callback_data for row in drawn[1].inline_keyboard for button in row]


def labels_of(drawn):
    return [button.text for row in drawn[1].inline_keyboard for button in row]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_model_of_all_services_is_on_one_page_that_fits(language):
    shelf = make_shelf(language=language, down=[model.model for model in offered().models()])
    pages = every_page(shelf)

    described = [
        name for text, _ in pages for name in re.findall(r"[🟢🔴].*<code>(.+?)</code>", text)
    ]
    assert sorted(described) == sorted(model.model for model in offered().models())
    assert len({model.provider for model in offered().models()}) == 5
    text = "".join(text for text, _ in pages)
    assert all(name in text for name in shelf.off)
    for page in pages:
        assert len(plain(page[0])) < 4096
        assert len(data_of(page)) <= 100


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_buttons_of_every_page_fit_and_are_understood(language):
    panel = make_panel(language=language, account=-7)
    services = {model.provider for model in panel.models}
    pages = [draw(panel), *every_page(make_shelf(language=language))]
    pages += [draw_values(panel, key) for key in panel.keys]
    pages += [draw_values(panel, MODEL, name) for name in services]

    found = [data for page in pages for data in data_of(page)]
    assert {f"set:model:{model.model}" for model in panel.models} <= set(found)
    for data in found:
        assert len(data.encode()) <= 64
        assert any(pattern.match(data) for pattern in PATTERNS), data


def test_a_model_says_what_it_takes_and_costs():
    text, _ = make_shelf(prices={FLASH: 0.5}, down=[FLASH]).page_of(FLASH)

    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if FLASH in line)
    assert lines[at].startswith("🔴")
    assert lines[at].endswith("not available right now")
    assert lines[at + 1] == str(OURS)
    assert lines[at + 2] == (
        "photo; voice, lips move; 2 to 15 s; 720p, 1080p; the photo's shape; makes sound, or not"
    )
    assert lines[at + 3] == "0.5 a second: 3 credits for 5 s"


@pytest.mark.parametrize(
    ("model", "line"),
    [
        (
            "dashscope/wan2.2-kf2v-flash",
            "photo; needs a last frame; 5 s; 480p, 720p, 1080p; the photo's shape",
        ),
        ("dashscope/wanx2.1-i2v-plus", "photo; 26 effects; 5 s; 720p; the photo's shape"),
        (
            "dashscope/wan2.6-i2v",
            "photo; voice, lips move; 2 to 15 s; 720p, 1080p; the photo's shape; makes sound",
        ),
        (
            "volcengine/jimeng-3.0-720p",
            (
                "photo or words alone; last frame; 5, 10 s; 720p; "
                "the photo's shape, for words alone 21:9, 16:9, 4:3, 1:1, 3:4, 9:16"
            ),
        ),
        (
            "local/camera",
            (
                "photo; last frame; sound; 3 to 10 s; 480p, 720p, 1080p; "
                "21:9, 16:9, 4:3, 1:1, 3:4, 9:16, 9:21"
            ),
        ),
    ],
)
def test_each_kind_of_model_is_put_into_words(model, line):
    text, _ = make_shelf().page_of(model)

    after = text.split(f"<code>{model}</code>")[1]
    assert after.splitlines()[1] == line


@pytest.mark.parametrize("model", ["local/camera", "volcengine/jimeng-3.0-720p"])
def test_the_camera_moves_of_a_model_are_named(model):
    text, _ = make_shelf().page_of(model)

    (cameras,) = (one.cameras for one in offered().models() if one.model == model)
    line = text.split(f"<code>{model}</code>")[1].splitlines()[2]
    assert line == f"camera moves: {', '.join(cameras)}"


def test_a_model_that_follows_the_sound_says_how_far():
    kit = Kit(environment=KEYS, runner=None, web=Web(), links=True)
    text, _ = make_shelf(models=catalog.build(kit).models()).page_of(OMNI)

    after = text.split(f"<code>{OMNI}</code>")[1]
    assert after.splitlines()[1].startswith(
        "photo; needs a voice, lips move; as long as the sound, up to "
    )


def test_why_models_are_off_stands_with_their_service():
    text, _ = make_shelf().draw("volcengine", 0)

    assert f"⚪ Off: <code>{OMNI}</code>: needs PUBLIC_URL" in text
    assert "tokenops/" not in text


def test_a_service_of_which_all_is_off_has_its_page():
    closed = {"dreamina/i2v": say("Switched off by the owners.")}
    models = [model for model in offered().models() if model.provider != "dreamina"]
    shelf = make_shelf(models=models, off=closed)

    text, _ = shelf.draw("dreamina")

    assert "• <b>dreamina</b>: 0 of 1 available now. Switched off by" in shelf.draw()[0]
    assert "Off: <code>dreamina/i2v</code>: Switched off by the owners." in text


def test_the_overview_says_why_nothing_of_a_service_can_be_had():
    down = [model.model for model in offered().models() if model.provider == "dashscope"]

    text, _ = make_shelf(down=[*down, "volcengine/jimeng-3.0-pro"]).draw()

    assert f"• <b>dashscope</b>: 0 of {len(down)} available now. {OURS}\n" in text
    assert "• <b>volcengine</b>: 3 of 4 available now\n" in text


def test_few_models_need_one_page_only():
    shelf = make_shelf(models=offered({}).models(), off={})

    text, keyboard = shelf.draw()

    assert "local/camera" in text
    assert "free" in text
    assert [button.text for row in keyboard.inline_keyboard for button in row] == [
        "✓ whichever fits best",
        "Camera moves (built in)",
    ]


def test_the_chosen_model_is_marked():
    drawn = make_shelf(model=FLASH).page_of(FLASH)

    assert "Chosen: Wan 2.6 flash." in drawn[0]
    assert [label for label in labels_of(drawn) if "✓" in label] == ["✓ Wan 2.6 flash"]


@pytest.mark.parametrize(("service", "page"), [("nowhere", 0), ("dashscope", 999), ("all", 7)])
def test_an_outdated_page_gives_one_that_is_there(service, page):
    text, keyboard = make_shelf().draw(service, page)

    assert text.startswith("<b>Models</b>")
    assert keyboard.inline_keyboard


def test_a_chosen_model_that_is_gone_is_still_named():
    panel = make_panel(model="cloud/gone", seconds=10)

    assert "Model: cloud/gone (not possible now)" in labels_of(draw(panel))
    assert "Length: 10 s" in labels_of(draw(panel))


def test_a_group_has_no_personal_switches():
    assert {"confirm", "news", "language"} & set(make_panel(account=-7).keys) == set()
    assert {"confirm", "news", "language"} <= set(make_panel().keys)
