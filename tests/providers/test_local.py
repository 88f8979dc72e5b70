"""The built-in renderer as a service like any other, with its real children."""

import asyncio
from dataclasses import replace

import av
import numpy as np
import pytest

from core.request import VideoRequest
from media.render.words import read_plan
from media.runner import MediaRunner
from providers.base import Blame, Lost, Order, Pending, Ready, Refused, RemoteId, Trace
from providers.health import Health
from providers.local import CAMERA, Local, _words
from tests.factories import NOON, make_sound
from tests.world import CAT, COFFEE, PATIENCE, tone
from tests.world import media_children as children


def probe(path):
    with av.open(str(path)) as video:
        picture = video.streams.video[0].codec_context
        sounds = [stream.codec_context.name for stream in video.streams.audio]
        frames = sum(1 for _ in video.decode(video=0))
        return picture.name, (picture.width, picture.height), frames, sounds


@pytest.fixture
async def local():
    one = Local(MediaRunner(seats=2))
    yield one
    await one.close()


@pytest.fixture
def order(tmp_path):
    """An order as a worker gives it: fitted files in a folder, and where the film shall lie."""

    def order(key="one", seconds=1, **files):
        paths = {}
        for name, content in {"first": CAT, **files}.items():
            paths[name] = tmp_path / f"{key}-{name}"
            paths[name].write_bytes(content)
        return Order(
            key=key,
            model=CAMERA,
            request=VideoRequest(
                prompt="static", seconds=seconds, ratio="16:9", resolution="480p", seed=1
            ),
            target=tmp_path / f"{key}.mp4",
            **paths,
        )

    return order


async def answers(local, remote, order):
    """Look until there is an end; gives everything that was answered."""
    heard = []
    async with asyncio.timeout(PATIENCE):
        while not heard or isinstance(heard[-1], Pending):
            heard.append(await local.look(remote, order))
    return heard


async def test_an_order_becomes_a_film_where_it_shall_lie(local, order):
    wish = order()

    remote = await local.submit(wish)
    *_, last = await answers(local, remote, wish)
    await local.fetch(last, wish)

    assert last == Ready(url=str(wish.target))
    assert probe(wish.target) == ("h264", (854, 480), 24, [])
    assert not children()


async def test_submitting_alone_draws_nothing(local, order):
    await local.submit(order())

    assert not children()


async def test_progress_is_told_in_percent(local, order):
    wish = order(seconds=3)

    *heard, _ = await answers(local, await local.submit(wish), wish)

    percents = [answer.percent for answer in heard]
    assert percents
    assert percents == sorted(percents)
    assert 0 <= percents[0] <= percents[-1] < 100


async def test_the_last_picture_reaches_the_renderer(local, order):
    wish = order(last=COFFEE)

    await answers(local, await local.submit(wish), wish)

    with av.open(str(wish.target)) as video:
        frames = [frame.to_ndarray(format="rgb24") for frame in video.decode(video=0)]
    assert np.abs(frames[0].mean(axis=(0, 1)) - frames[-1].mean(axis=(0, 1))).max() > 10


async def test_the_sound_reaches_the_renderer_and_decides_the_length(local, order):
    wish = order(audio=tone(1.5), seconds=60)

    await answers(local, await local.submit(wish), wish)

    assert probe(wish.target) == ("h264", (854, 480), 36, ["aac"])


async def test_looking_at_an_order_of_an_earlier_process_draws_it_anew(local, order):
    wish = order()

    *_, last = await answers(local, RemoteId(wish.key), wish)

    assert last == Ready(url=str(wish.target))
    assert probe(wish.target)[2] == 24


async def test_a_film_that_was_handed_out_is_drawn_anew_when_looked_at_again(local, order):
    wish = order()
    await answers(local, RemoteId(wish.key), wish)
    wish.target.unlink()

    await answers(local, RemoteId(wish.key), wish)

    assert probe(wish.target)[2] == 24


async def test_two_looks_at_one_order_draw_it_once(local, order):
    wish = order(seconds=60)

    await local.look(RemoteId(wish.key), wish)
    await local.look(RemoteId(wish.key), wish)

    assert len(children()) == 1


async def test_a_film_that_is_cancelled_leaves_no_child(local, order):
    wish = order(seconds=60)
    await local.look(RemoteId(wish.key), wish)
    assert len(children()) == 1

    stopped = await local.cancel(RemoteId(wish.key))

    assert stopped
    assert not children()


async def test_cancelling_one_film_leaves_the_others_alone(local, order):
    one, other = order("one", seconds=60), order("other", seconds=60)
    await local.look(RemoteId("one"), one)
    await local.look(RemoteId("other"), other)
    before = children()

    await local.cancel(RemoteId("one"))

    assert len(before) == 2
    assert len(children()) == 1


async def test_cancelling_what_nobody_draws_is_as_good_as_stopping_it(local):
    assert await local.cancel(RemoteId("unknown"))


async def test_closing_leaves_no_child(local, order):
    wish = order(seconds=60)
    await local.look(RemoteId(wish.key), wish)

    await local.close()

    assert not children()


TRACE = Trace(since=NOON, is_held=None)


async def test_an_order_is_always_found_by_its_key(local, order):
    wish = order("task-12")

    assert local.can_find
    assert await local.find(wish, TRACE) == await local.submit(wish) == "task-12"


async def test_a_look_that_waits_while_the_film_is_cancelled_hears_that_it_is_gone(local, order):
    wish = order(seconds=60)
    await local.look(RemoteId(wish.key), wish)
    waiting = asyncio.create_task(local.look(RemoteId(wish.key), wish))
    await asyncio.sleep(0)  # until it waits

    await local.cancel(RemoteId(wish.key))

    assert await waiting == Lost()


async def test_a_broken_first_picture_is_the_persons_to_mend(local, order):
    wish = order(first=CAT[:9000])

    *_, last = await answers(local, await local.submit(wish), wish)

    assert isinstance(last, Refused)
    assert last.blame is Blame.INPUT
    assert not wish.target.exists()


@pytest.mark.parametrize(
    "camera", [f"{move}{how}" for move in CAMERA.cameras for how in ("", ":slow")]
)
def test_every_camera_move_is_one_that_the_renderer_reads(camera):
    plan = read_plan(_words(VideoRequest(prompt="a cat", camera=camera)))

    known = {"push_in": "push", "pull_out": "pull"}
    move = camera.partition(":")[0]
    assert plan.moves == (known.get(move, move),)
    assert (plan.strength < 1) == (":" in camera and move != "static")


async def test_a_sound_is_heard_as_far_as_it_was_asked_for(local, order):
    wish = order(audio=tone(3))
    short = replace(wish.request, audio=make_sound(seconds=1.0))
    wish = replace(wish, request=short)

    await answers(local, await local.submit(wish), wish)

    assert probe(wish.target)[2] == 24


async def test_the_built_in_renderer_is_always_well():
    local = Local(MediaRunner(), seats=3)

    assert local.health() == Health(name="local", lanes={"local": 3})
    assert local.revive() == 0
    assert [one.ok for one in await local.check()] == [True]
