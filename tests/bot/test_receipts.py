"""Captions that fit: what matters stays, the person's words are cut."""

from dataclasses import replace

import pytest

from bot.receipts import CAPTION, Receipts, length, shortened
from bot.tariff import Tariff
from core.capabilities import Capabilities, Need
from core.task import TaskId
from core.words import say
from providers.offer import Catalog
from storage import tasks
from storage.database import Database
from tests.factories import NOON, make_new_task, make_request, policy

MODEL = Capabilities(model="local/camera", title="Camera", first_frame=Need.REQUIRED, ai=True)


PRICES = {"local/camera": 2}


class Offering(Catalog):
    def known(self):
        return [MODEL, replace(MODEL, model="cloud/one", title="Cloud")]


@pytest.fixture
async def write(tmp_path, migrated):
    """The receipt of a task with these words."""
    path = tmp_path / "bot.db"
    path.write_bytes(migrated.read_bytes())
    database = Database(path)

    async def write(prompt, *notes, language="en", cost=10, prices=PRICES, effect=None, **facts):
        receipts = Receipts(database, policy(), Tariff(Offering({}), prices))
        request = make_request(prompt=prompt, seconds=5, resolution="480p", effect=effect)
        new = make_new_task(request=request, cost=cost)
        task = await database.write(tasks.insert, new, 7, NOON)
        place = replace(task.place, language=language)
        done = replace(task, id=TaskId(12), place=place, facts={**task.facts, **facts})
        return await receipts.write(done, *notes)

    yield write
    await database.close()


async def test_a_receipt_begins_with_the_words(write):
    assert await write("a <slow> walk") == (
        "“a &lt;slow&gt; walk”\n"
        "Camera, 5 s, 480p\n"
        "Video <b>12</b>: 10 credits, 60 left.\n"
        "🤖 Made by AI."
    )


async def test_a_free_video_is_said_to_be_free(write):
    text = await write("a walk", cost=0, prices={"cloud/one": 1})

    assert "\nVideo <b>12</b>: free.\n" in text


async def test_where_all_is_free_nothing_is_said_of_credits(write):
    text = await write("a walk", cost=0, prices={})

    assert "\n<b>Video 12</b>\n" in text


async def test_a_video_that_was_made_smaller_says_so(write):
    text = await write("a walk", clip={"whole": 117_078_019})

    assert "\nMade smaller for Telegram: it had 117 MB.\n🤖" in text


async def test_without_words_there_are_no_quotes(write):
    assert (await write("")).startswith("Camera, 5 s")


async def test_words_that_an_effect_does_not_use_are_not_quoted(write):
    assert (await write("a walk", effect="melt")).startswith("Camera, 5 s")


@pytest.mark.parametrize("sign", ["x", "&", "<", "水", "🎬", "👩‍👩‍👧", "🇨🇳", "é"])
async def test_words_are_cut_so_that_the_receipt_fits_and_says_what_matters(write, sign):
    text = await write(sign * 2000, say("This belongs to a topic that takes no messages now."))

    assert CAPTION - 15 <= length(text) <= CAPTION
    assert text.startswith("“")
    assert "…”\n" in text
    assert "Video <b>12</b>: 10 credits, 60 left.\n🤖 Made by AI." in text


async def test_an_escaped_character_is_never_torn(write):
    text = await write("a&" * 1000)

    assert text.count("&") == text.count("&amp;") > 400


async def test_words_for_which_there_is_no_room_are_left_out(write):
    long_note = say("{words}", words="x" * 960)

    assert (await write("a slow walk through the garden", long_note)).startswith("x")


@pytest.mark.parametrize(
    ("words", "room", "expected"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("two words", 5, "two…"),
        ("🎬🎬🎬", 5, "🎬🎬…"),
        ("ab👩\u200d👧", 5, "ab…"),
        ("abe\u0301fg", 4, "ab…"),
        ("ab👍🏽c", 5, "ab…"),
        ("🇨🇳🇨🇳", 7, "🇨🇳…"),
    ],
)
def test_nothing_that_is_one_sign_to_the_eye_is_torn(words, room, expected):
    assert shortened(words, room) == expected


def test_length_is_counted_without_markup_in_the_units_of_telegrams_entities():
    assert length("<b>a&amp;b</b> 🎬") == 6
