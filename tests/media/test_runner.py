import asyncio
import os
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from core.errors import MediaCrashError, MediaError
from media.images import take_in
from media.nursery import Nursery
from media.runner import MediaRunner
from tests.world import media_children as children
from tests.world import processes

ROOT = Path(__file__).parents[2]


def open_files(process):
    """What a process holds open, by the names that the kernel gives it."""
    return {str(entry.readlink()) for entry in Path(f"/proc/{process}/fd").iterdir()}


class Film:
    """A film that is drawn for minutes unless somebody ends it."""

    def __init__(self, runner, folder, name="film", **bounds):
        self.started = asyncio.Event()
        self.reports = []
        order = {
            "first": str(ROOT / "playground" / "samples" / "cat.jpg"),
            "target": str(folder / f"{name}.mp4"),
            "prompt": "handheld",
            "seconds": 600,
            "ratio": "16:9",
            "resolution": "480p",
            "seed": 0,
        }
        self.task = asyncio.create_task(
            runner.run("render", order, report=self._hear, **{"limit": 100, **bounds})
        )

    def _hear(self, part):
        self.reports.append(part)
        self.started.set()

    async def cancel(self):
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.task


@pytest.fixture
def voice(samples):
    return {"source": str(samples / "hello.ogg")}


@pytest.fixture
def fresh():
    """A nursery whose template is not there yet."""
    one = Nursery()
    yield one
    one.close()


async def test_a_job_runs_in_a_child_and_gives_its_result(voice):
    result = await MediaRunner().run("inspect_sound", voice)
    assert result == {"file": "hello.ogg", "seconds": 4.779, "size": 14_520, "format": "ogg"}
    assert not children()


async def test_every_job_on_a_picture_takes_its_paths_and_limits_as_text(samples, tmp_path):
    runner = MediaRunner()
    kept, fitted = tmp_path / "kept.jpg", tmp_path / "fitted.png"
    facts = await runner.run(
        "take_in_picture", {"source": str(samples / "coffee.jpg"), "target": str(kept)}
    )
    assert (facts["width"], facts["height"]) == (600, 400)
    limits = {"max_side": 300, "formats": ["PNG"]}
    facts = await runner.run(
        "fit_picture", {"source": str(kept), "target": str(fitted), "limits": limits}
    )
    assert (facts["width"], facts["height"], facts["format"]) == (300, 200, "png")


async def test_a_refusal_comes_through_with_its_sentence(tmp_path):
    source = tmp_path / "narrow.jpg"
    source.write_bytes(b"no picture")
    with pytest.raises(MediaError) as here:
        take_in(source, tmp_path / "kept.jpg")
    with pytest.raises(MediaError) as there:
        await MediaRunner().run(
            "take_in_picture", {"source": str(source), "target": str(tmp_path / "kept.jpg")}
        )
    assert there.value.sentence == here.value.sentence


async def test_a_refusal_keeps_the_values_of_its_sentence(quarters, tmp_path):
    source = tmp_path / "narrow.png"
    quarters((900, 20)).save(source)
    with pytest.raises(MediaError) as refused:
        await MediaRunner().run(
            "take_in_picture", {"source": str(source), "target": str(tmp_path / "kept.jpg")}
        )
    assert refused.value.sentence.values == {"width": 900, "height": 20}


async def test_progress_arrives_while_the_film_is_drawn(samples, tmp_path):
    heard = []
    order = {
        "first": str(samples / "cat.jpg"),
        "last": None,
        "sound": None,
        "target": str(tmp_path / "film.mp4"),
        "prompt": "static shot",
        "seconds": 1.5,
        "ratio": "16:9",
        "resolution": "480p",
        "seed": 0,
    }
    result = await MediaRunner().run("render", order, report=heard.append)
    assert heard == [0.0, 0.667]
    assert result == {"frames": 36, "seconds": 1.5, "kind": "still"}


async def test_cancelling_kills_the_child_at_once(tmp_path):
    film = Film(MediaRunner(), tmp_path)
    await film.started.wait()
    assert len(children()) == 1
    await film.cancel()
    assert not children()


async def test_cancelling_before_the_child_says_anything_leaves_none_behind(tmp_path):
    film = Film(MediaRunner(), tmp_path)
    while not children():
        await asyncio.wait({film.task}, timeout=0)
    await film.cancel()
    assert not children()
    assert not film.started.is_set()


async def test_a_killed_child_is_a_crash_and_leaves_its_seat_to_the_next(voice, tmp_path):
    runner = MediaRunner(seats=1)
    film = Film(runner, tmp_path)
    await film.started.wait()
    os.kill(children().pop(), signal.SIGKILL)
    with pytest.raises(MediaCrashError) as crash:
        await film.task
    assert "-9" in str(crash.value)
    assert (await runner.run("inspect_sound", voice))["seconds"] == 4.779


async def test_a_job_that_wants_too_much_memory_is_a_crash_of_its_own(voice, samples, tmp_path):
    runner = MediaRunner(seats=1)
    order = {
        "source": str(samples / "cat.jpg"),
        "target": str(tmp_path / "giant.jpg"),
        "limits": {"min_side": 60_000},
    }
    with pytest.raises(MediaCrashError) as crash:
        await runner.run("fit_picture", order)
    assert "out of memory" in str(crash.value)
    assert not (tmp_path / "giant.jpg").exists()
    assert (await runner.run("inspect_sound", voice))["seconds"] == 4.779


async def test_a_job_that_takes_too_long_is_a_crash(voice, tmp_path):
    runner = MediaRunner(seats=1)
    film = Film(runner, tmp_path, limit=1)
    with pytest.raises(MediaCrashError):
        await film.task
    assert not children()
    assert (await runner.run("inspect_sound", voice))["seconds"] == 4.779


async def test_a_file_that_is_missing_is_a_crash_and_not_the_persons_fault(tmp_path):
    with pytest.raises(MediaCrashError) as crash:
        await MediaRunner().run("inspect_sound", {"source": str(tmp_path / "gone.ogg")})
    assert "inspect_sound" in str(crash.value)


async def test_no_secret_of_ours_reaches_a_child(monkeypatch, fresh, tmp_path):
    for name in ("TELEGRAM_BOT_TOKEN", "DASHSCOPE_API_KEY", "SECRET_KEY"):
        monkeypatch.setenv(name, "12345:the-secret")
    film = Film(MediaRunner(nursery=fresh), tmp_path)
    await film.started.wait()
    environment = Path(f"/proc/{children().pop()}/environ").read_bytes()
    await film.cancel()
    names = {entry.partition(b"=")[0] for entry in environment.split(b"\0") if entry}
    assert names <= {
        b"PATH",
        b"HOME",
        b"LANG",
        b"LC_CTYPE",
        b"PYTHONPATH",
        b"OPENBLAS_NUM_THREADS",
    }
    assert b"PYTHONPATH" in names
    assert b"the-secret" not in environment


async def test_a_child_is_nicer_than_its_parent_and_bounded(tmp_path):
    film = Film(MediaRunner(), tmp_path, limit=77)
    await film.started.wait()
    child = Path(f"/proc/{children().pop()}")
    bounds = {
        line[:25].strip(): line[25:46].strip()
        for line in (child / "limits").read_text().splitlines()
    }
    nice = int((child / "stat").read_text().rpartition(")")[2].split()[16])
    await film.cancel()
    assert nice == min(19, os.nice(0) + 10)
    assert bounds["Max address space"] == "2000000000"
    assert bounds["Max cpu time"] == "77"
    assert bounds["Max file size"] == "2000000000"
    assert bounds["Max core file size"] == "0"


async def test_more_jobs_than_seats_wait_their_turn(tmp_path):
    runner = MediaRunner(seats=2)
    films = [Film(runner, tmp_path, str(number)) for number in range(3)]
    await asyncio.gather(films[0].started.wait(), films[1].started.wait())
    assert len(children()) == 2
    assert not films[2].started.is_set()
    await films[0].cancel()
    await films[2].started.wait()
    assert len(children()) == 2
    for film in films[1:]:
        await film.cancel()


async def test_a_child_dies_with_the_process_that_started_it(tmp_path):
    program = (
        "import asyncio, sys\n"
        "from media.runner import MediaRunner\n"
        "order = dict(first=sys.argv[1], target=sys.argv[2], prompt='', seconds=600,"
        " ratio='16:9', resolution='480p', seed=0)\n"
        "asyncio.run(MediaRunner().run('render', order, limit=100,"
        " report=lambda part: print(part, flush=True)))\n"
    )
    photo, target = ROOT / "playground" / "samples" / "cat.jpg", tmp_path / "film.mp4"
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(photo), str(target),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert await parent.stdout.readline()
    (child,) = children(parent.pid)
    ending = os.pidfd_open(child)
    # Stopped, it cannot notice by itself that nobody reads its reports any more.
    os.kill(child, signal.SIGSTOP)
    try:
        parent.kill()
        await parent.wait()
        assert select.select([ending], [], [], 20)[0]
    finally:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(ending, signal.SIGKILL)
        os.close(ending)


async def test_a_child_is_forked_and_holds_nothing_of_its_template_or_of_others(fresh, tmp_path):
    before = processes(os.getpid(), "media.template")
    runner = MediaRunner(seats=2, nursery=fresh)
    films = [Film(runner, tmp_path, str(number)) for number in range(2)]
    await asyncio.gather(*(film.started.wait() for film in films))
    (template,) = processes(os.getpid(), "media.template") - before
    one, two = (open_files(child) for child in children())
    of_template = open_files(template)
    for film in films:
        await film.cancel()
    sockets = [{file for file in files if "socket" in file} for files in (one, two)]
    assert [len(files) for files in sockets] == [1, 1]
    assert not sockets[0] & sockets[1]
    assert not (one | two) & {file for file in of_template if file != "/dev/null"}


async def test_a_template_has_one_thread_and_leaves_with_its_nursery(fresh, voice):
    before = processes(os.getpid(), "media.template")
    await MediaRunner(nursery=fresh).run("inspect_sound", voice)
    (template,) = processes(os.getpid(), "media.template") - before
    assert len(list(Path(f"/proc/{template}/task").iterdir())) == 1
    fresh.close()
    assert not Path(f"/proc/{template}").exists()


async def test_a_template_that_died_is_replaced(fresh, voice):
    before = processes(os.getpid(), "media.template")
    runner = MediaRunner(nursery=fresh)
    await runner.run("inspect_sound", voice)
    (template,) = processes(os.getpid(), "media.template") - before
    os.kill(template, signal.SIGKILL)
    os.waitid(os.P_PID, template, os.WEXITED | os.WNOWAIT)
    assert (await runner.run("inspect_sound", voice))["seconds"] == 4.779


async def test_a_template_that_dies_takes_its_children_along(fresh, tmp_path):
    before = processes(os.getpid(), "media.template")
    film = Film(MediaRunner(nursery=fresh), tmp_path)
    await film.started.wait()
    (template,) = processes(os.getpid(), "media.template") - before
    ending = os.pidfd_open(*children())
    os.kill(template, signal.SIGKILL)
    try:
        with pytest.raises(MediaCrashError):
            await film.task
        assert select.select([ending], [], [], 20)[0]
    finally:
        os.close(ending)


@pytest.fixture
async def lasting():
    """A runner of one seat whose children serve three jobs each."""
    runner = MediaRunner(seats=1, jobs=3)
    yield runner
    await runner.close()
    assert not children()


@pytest.fixture
def fitting(samples, tmp_path):
    return {
        "source": str(samples / "cat.jpg"),
        "target": str(tmp_path / "fitted.jpg"),
        "limits": {"max_side": 100},
    }


async def test_one_child_serves_several_jobs_and_then_makes_room_for_another(lasting, fitting):
    served = []
    for _ in range(4):
        facts = await lasting.run("fit_picture", fitting)
        assert max(facts["width"], facts["height"]) == 100
        served.append(children())
    assert len(served[0]) == 1
    assert served[0] == served[1]
    assert served[2] == set()  # the third was its last
    assert len(served[3]) == 1
    assert served[3] != served[0]


async def test_a_child_that_opened_a_strangers_file_serves_nobody_after_it(
    lasting, fitting, voice
):
    await lasting.run("fit_picture", fitting)
    assert children()
    await lasting.run("inspect_sound", voice)
    assert not children()


async def test_a_child_that_refused_its_file_is_replaced(lasting, fitting, tmp_path):
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(b"no picture")
    with pytest.raises(MediaError):
        await lasting.run("fit_picture", fitting | {"source": str(torn)})
    assert not children()
    assert (await lasting.run("fit_picture", fitting))["width"]


async def test_a_child_that_died_while_it_waited_is_replaced(lasting, fitting):
    await lasting.run("fit_picture", fitting)
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    while Path(f"/proc/{child}").exists():
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)  # whoever saw it end tells the loop
    assert (await lasting.run("fit_picture", fitting))["width"]
    assert children() != {child}


async def test_cancelling_a_recycled_child_kills_it(lasting, fitting, tmp_path):
    await lasting.run("fit_picture", fitting)
    (child,) = children()
    film = Film(lasting, tmp_path)
    await film.started.wait()
    assert children() == {child}
    await film.cancel()
    assert not children()


async def test_a_recycled_child_is_bounded_anew_for_each_job(lasting, fitting, tmp_path):
    def bound(child):
        lines = Path(f"/proc/{child}/limits").read_text().splitlines()
        return {line[:25].strip(): line[25:67].split()[:2] for line in lines}

    await lasting.run("fit_picture", fitting, limit=50)
    (child,) = children()
    kept = bound(child)
    assert kept["Max cpu time"] == ["50", "unlimited"]
    assert kept["Max address space"] == ["2000000000", "2000000000"]
    film = Film(lasting, tmp_path, limit=60)
    await film.started.wait()
    last = bound(child)
    nice = int(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[16])
    await film.cancel()
    assert 60 <= int(last["Max cpu time"][0]) <= 62  # and what it had used before
    assert last["Max cpu time"][0] == last["Max cpu time"][1]
    assert last["Max file size"] == ["2000000000", "2000000000"]
    assert nice == min(19, os.nice(0) + 10)


async def test_a_child_without_work_is_sent_home(monkeypatch, lasting, fitting):
    monkeypatch.setattr("media.runner._IDLE", 0.05)
    await lasting.run("fit_picture", fitting)
    assert children()
    async with asyncio.timeout(10):
        while children():
            await asyncio.sleep(0.01)
    assert (await lasting.run("fit_picture", fitting))["width"]


async def test_a_waiting_child_dies_with_the_process_that_started_it(tmp_path):
    program = (
        "import asyncio, sys, time\n"
        "from media.runner import MediaRunner\n"
        "order = dict(source=sys.argv[1], target=sys.argv[2], limits={})\n"
        "async def main():\n"
        "    await MediaRunner(jobs=9).run('fit_picture', order)\n"
        "    print('done', flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    photo, target = ROOT / "playground" / "samples" / "cat.jpg", tmp_path / "fitted.jpg"
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(photo), str(target),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert await parent.stdout.readline()
    (child,) = children(parent.pid)
    ending = os.pidfd_open(child)
    try:
        parent.kill()
        await parent.wait()
        assert select.select([ending], [], [], 20)[0]
    finally:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(ending, signal.SIGKILL)
        os.close(ending)
