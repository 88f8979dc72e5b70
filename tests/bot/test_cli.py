"""The `firstframe` command, as processes; the playground beside them is a real one."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from importlib.metadata import version
from pathlib import Path

import aiohttp
import pytest

from bot.__main__ import main as run_bot
from bot.doctor import examine
from tests.world import PATIENCE

COMMAND = Path(sys.executable).with_name("firstframe")
STRANGE = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # a token that nobody gave out


@pytest.fixture
async def start(tmp_path):
    """Start a program in a folder of its own, with the variables that are given and no others."""
    started = []
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}

    async def start(*command, **variables):
        child = await asyncio.create_subprocess_exec(
            *command,
            cwd=tmp_path,
            env={**kept, "COLUMNS": "200", **variables},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        started.append(child)
        return child

    yield start
    for child in started:
        if child.returncode is None:
            child.kill()
            await child.communicate()


@pytest.fixture
def outcome(start):
    """Run a program to its end; gives its exit code, output and errors."""

    async def outcome(*command, **variables):
        child = await start(*command, **variables)
        async with asyncio.timeout(PATIENCE):
            out, errors = await child.communicate()
        return child.returncode, out.decode(), errors.decode()

    return outcome


@pytest.fixture
def examined(monkeypatch, capsys):
    """Have the doctor look, in this process; gives its exit code, output and errors."""

    async def examined(**variables):
        for name, value in {"COLUMNS": "200", **variables}.items():
            monkeypatch.setenv(name, value)
        code = await asyncio.to_thread(examine)
        return code, *capsys.readouterr()

    return examined


def findings(report):
    """The lines of the doctor's table as (mark, subject, finding)."""
    return [tuple(row) for row in re.findall(r"│ *(\w+) *│ *(\w+) *│ *(.*?) *│", report)]


async def test_the_help_names_every_command(outcome):
    code, out, _ = await outcome(COMMAND, "--help")

    assert code == 0
    assert "turns a photo and a caption into a video" in out
    commands = re.findall(r"^  (\w+) ", out.partition("Commands:")[2], re.MULTILINE)
    assert commands == ["demo", "doctor", "playground", "restore", "run"]


async def test_the_version_is_that_of_the_package(outcome):
    code, out, _ = await outcome(COMMAND, "--version")

    assert (code, out) == (0, f"firstframe, version {version('firstframe')}\n")


async def test_asking_for_help_loads_no_heavy_library(outcome):
    program = "import bot.cli, json, sys; print(json.dumps(sorted(sys.modules)))"

    code, out, errors = await outcome(sys.executable, "-c", program)

    assert (code, errors) == (0, "")
    loaded = set(json.loads(out))
    assert "click" in loaded
    assert not loaded & {"telegram", "sqlalchemy", "av", "PIL", "aiohttp", "numpy", "pydantic"}


async def test_the_doctor_finds_nothing_wrong_where_the_bot_can_run(outcome, environment):
    code, out, errors = await outcome(COMMAND, "doctor", **environment, ADMIN_IDS="7")

    found = findings(out)
    assert (code, errors) == (0, "")
    assert [subject for _, subject, _ in found] == [
        "settings",
        "codecs",
        "token",
        "groups",
        "clock",
        "database",
        "disk",
        "model",
        "access",
    ]
    assert {subject for mark, subject, _ in found if mark != "ok"} == {"groups"}
    assert ("ok", "model", "local/camera: Camera moves (built in)") in found
    assert ("ok", "access", "open to everyone") in found


async def test_the_doctor_leaves_a_running_bots_database_alone(examined, environment, start):
    bot = await start(COMMAND, "run", **environment)
    async with asyncio.timeout(PATIENCE):
        while b"ready" not in await bot.stderr.readline():
            pass

    code, out, errors = await examined(**environment)

    path = environment["DATABASE_URL"].removeprefix("sqlite:///")
    assert (code, errors) == (0, "")
    assert ("ok", "database", f"{path}, in use by a running bot") in findings(out)


async def test_the_doctor_names_a_token_that_telegram_refuses_and_does_not_show_it(
    examined, environment
):
    code, out, errors = await examined(**environment | {"TELEGRAM_BOT_TOKEN": STRANGE})

    assert code == 1
    assert ("FAIL", "token", "TELEGRAM_BOT_TOKEN: Telegram refuses this token") in findings(out)
    assert STRANGE not in out + errors


async def test_the_doctor_names_what_is_set_without_effect(examined, environment):
    code, out, _ = await examined(**environment, PRICES="local/camra=1")

    assert code == 0
    assert ("off", "settings", "PRICES: local/camra is no model here") in findings(out)


async def test_the_doctor_names_a_token_that_is_missing_and_still_looks_at_the_codecs(examined):
    code, out, errors = await examined()

    assert (code, errors) == (1, "")
    assert findings(out) == [
        ("FAIL", "settings", "TELEGRAM_BOT_TOKEN: is not set"),
        ("ok", "codecs", "H.264, AAC, MP3, Opus, WebP, AVIF"),
    ]


async def test_the_doctor_names_everything_that_is_out_of_reach(examined, tmp_path):
    (tmp_path / "file").touch()
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
    variables = {
        "TELEGRAM_BOT_TOKEN": STRANGE,
        "TELEGRAM_API_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{tmp_path}/file/bot.db",
        "DATA_DIR": f"{tmp_path}/file/data",
    }

    code, out, _ = await examined(**variables)

    texts = {subject: text for mark, subject, text in findings(out) if mark == "FAIL"}
    assert code == 1
    assert texts.keys() == {"token", "database", "disk"}
    assert texts["token"].startswith("TELEGRAM_API_URL: not reachable")
    assert texts["database"].startswith(f"DATABASE_URL: {tmp_path}/file/bot.db: ")
    assert texts["disk"] == f"DATA_DIR: {tmp_path}/file/data: Not a directory"
    assert STRANGE not in out


def test_a_bot_without_a_token_ends_with_one_line_that_names_it():
    with pytest.raises(SystemExit) as end:
        run_bot()

    assert end.value.code == "firstframe: TELEGRAM_BOT_TOKEN: is not set"


async def test_the_module_takes_no_command_for_a_start_of_the_bot(outcome):
    code, _, errors = await outcome(sys.executable, "-m", "bot", "restore", "a.db")

    assert code == 1
    assert errors.endswith("takes no arguments: see firstframe --help\n")


async def test_a_bot_whose_token_telegram_refuses_says_so_and_does_not_show_it(
    outcome, environment
):
    code, out, errors = await outcome(
        COMMAND, "run", **environment | {"TELEGRAM_BOT_TOKEN": STRANGE}
    )

    assert code == 1
    assert "firstframe: TELEGRAM_BOT_TOKEN: Telegram refuses this token\n" in errors
    assert STRANGE not in out + errors


async def test_a_bot_answers_until_it_is_told_to_stop_and_ends_well(start, environment, telegram):
    child = await start(COMMAND, "run", **environment)
    telegram.start(telegram.person)
    await telegram.wait_for(lambda: telegram.from_bot(telegram.person), timeout=PATIENCE)

    child.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        _, errors = await child.communicate()

    assert child.returncode == 0
    assert b"event=stopping" in errors
    assert b"Traceback" not in errors


async def test_the_playground_says_where_it_listens_and_stops_when_told(start):
    child = await start(COMMAND, "playground", "--port", "0", "--token", "4242:a-token")
    async with asyncio.timeout(PATIENCE):
        there = json.loads(await child.stdout.readline())
        async with aiohttp.request("GET", f"{there['url']}/bot4242:a-token/getMe") as answer:
            me = await answer.json()
        child.send_signal(signal.SIGTERM)
        rest, errors = await child.communicate()

    assert there["token"] == "4242:a-token"
    assert me["result"]["id"] == 4242
    assert (child.returncode, rest, errors) == (0, b"", b"")


async def test_the_playground_starts_the_services_and_says_how_to_point_a_bot_at_them(
    start, examined, tmp_path
):
    child = await start(COMMAND, "playground", "--port", "0", "--services")
    async with asyncio.timeout(PATIENCE):
        there = json.loads(await child.stdout.readline())
    variables = there["environment"]
    folder = {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db"}
    code, report, _ = await examined(**variables, **folder)
    key = {"Authorization": f"Bearer {variables['DASHSCOPE_API_KEY']}"}
    tasks = f"{variables['DASHSCOPE_HTTP_BASE_URL']}/tasks"
    async with asyncio.timeout(PATIENCE):
        async with aiohttp.request("GET", tasks, headers=key) as answer:
            listed = await answer.json()
        child.send_signal(signal.SIGTERM)
        rest, errors = await child.communicate()

    assert there["services"].keys() == {
        "dashscope",
        "volcengine",
        "openai",
        "tokenops",
        "dreamina",
    }
    assert variables["TELEGRAM_API_URL"] == there["url"]
    assert (variables["TOKENOPS_PROFILE"], variables["ALLOW_PRIVATE_HOSTS"]) == (
        "tokenops",
        "true",
    )
    assert listed["total"] == 0
    models = {text.partition(":")[0] for mark, _, text in findings(report) if mark == "ok"}
    wanted = {"dashscope/wan2.6-i2v-flash", "volcengine/jimeng-3.0-720p", "dreamina/i2v"}
    assert wanted | {"tokenops/jimeng-video-3.0-720P"} <= models
    assert code == 0
    assert (child.returncode, rest, errors) == (0, b"", b"")
