import io
import logging
from contextlib import redirect_stderr

import pytest
import structlog

from bot import logs

TOKEN = "987654321:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsawX"  # somebody's, not one we were told of
SECRET = "our own secret"
TEXTS = {
    "a token": (f"it was {TOKEN} again", TOKEN, "it was *** again"),
    "a token in quotes": (f"it was '{TOKEN}' again", TOKEN, "it was '***' again"),
    "a token as a value": (f"token={TOKEN} again", TOKEN, "token=*** again"),
    "a secret of ours": (f"it was {SECRET} again", SECRET, "it was *** again"),
    "our secret in an address": (f"/bot{SECRET}/getMe again", SECRET, "/bot***/getMe again"),
    "a bearer": ("Authorization: Bearer sk-12.ab/3 again", "sk-12", "Bearer *** again"),
    "a bearer in small letters": (
        "authorization: bearer sk-12 again",
        "sk-12",
        "bearer *** again",
    ),
    "a session": ("Cookie: sessionid=abc123; lang=en", "abc123", "sessionid=***; lang=en"),
    "a signed address": (
        "GET https://x.org/a.mp4?Expires=9&Signature=abc%2B1 again",
        "abc%2B1",
        "https://x.org/a.mp4?*** again",
    ),
    "an address signed as Amazon does": (
        "https://x.org/a?X-Amz-Credential=AK77&X-Amz-Date=1 again",
        "AK77",
        "https://x.org/a?*** again",
    ),
}
secretive = pytest.mark.parametrize(("text", "secret", "left"), TEXTS.values(), ids=TEXTS)


@pytest.fixture
def written():
    """Set the logs up; gives what was written to standard error since."""
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    with redirect_stderr(io.StringIO()) as errors:
        logs.set_up(["", SECRET])
    yield errors.getvalue
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("httpx", "httpcore", "aiohttp.access", "alembic", "telegram.ext"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.configure(**before)


@pytest.fixture
def ours(written):
    return structlog.get_logger("ours")


@pytest.fixture
def theirs(written):
    return logging.getLogger("theirs")


@secretive
def test_an_event_of_ours_loses_its_secrets(ours, written, text, secret, left):
    ours.info(text)

    line = written()
    assert left in line
    assert secret not in line


@secretive
def test_a_value_of_ours_loses_its_secrets(ours, written, text, secret, left):
    ours.info("happened", reason=text)

    line = written()
    assert left in line
    assert secret not in line


@secretive
def test_a_message_of_a_library_loses_its_secrets(theirs, written, text, secret, left):
    theirs.warning("it said %s", text)

    line = written()
    assert left in line
    assert secret not in line


def test_an_extra_of_a_library_loses_its_secrets(theirs, written):
    theirs.warning("happened", extra={"address": f"with {SECRET}"})

    line = written()
    assert 'address="with ***"' in line
    assert SECRET not in line


@pytest.mark.parametrize(
    "value",
    [
        {"headers": {"Authorization": "Bearer sk-12"}},
        ["first", ("second", "Bearer sk-12")],
        {"Bearer sk-12": "a key"},
        {"Bearer sk-12"},
        b"Bearer sk-12",
        ValueError("Bearer sk-12"),
    ],
    ids=["dict", "list", "key", "set", "bytes", "error"],
)
def test_secrets_are_taken_out_however_deep_they_lie(ours, written, value):
    ours.info("happened", value=value)

    line = written()
    assert "Bearer ***" in line
    assert "sk-12" not in line


def fail():
    raise RuntimeError(f"gave up with {SECRET}") from ConnectionError(f"refused for {TOKEN}")


def test_a_traceback_of_ours_tells_everything_but_its_secrets(ours, written):
    try:
        fail()
    except RuntimeError:
        ours.exception("failed")

    told = written()
    assert "ConnectionError: refused for ***" in told
    assert "RuntimeError: gave up with ***" in told
    assert TOKEN not in told
    assert SECRET not in told


def test_an_error_handed_to_a_log_of_ours_loses_its_secrets(ours, written):
    with pytest.raises(RuntimeError) as caught:
        fail()

    ours.error("failed", exc_info=caught.value)

    told = written()
    assert "ConnectionError: refused for ***" in told
    assert "RuntimeError: gave up with ***" in told
    assert TOKEN not in told
    assert SECRET not in told


def test_a_traceback_of_a_library_tells_everything_but_its_secrets(theirs, written):
    try:
        fail()
    except RuntimeError:
        theirs.exception("failed")

    told = written()
    assert "ConnectionError: refused for ***" in told
    assert "RuntimeError: gave up with ***" in told
    assert TOKEN not in told
    assert SECRET not in told


def test_ordinary_text_and_values_stay(ours, written):
    ours.info(
        "render 12:34 done",
        address="https://x.org/a?page=2",
        task=12,
        percent=7.5,
        late=True,
        reason=None,
        people=["Tom", 3],
    )

    line = written()
    assert 'level=info event="render 12:34 done" ' in line
    assert "address=https://x.org/a?page=2 " in line.replace('"', "")
    assert " task=12 percent=7.5 late reason= people=\"['Tom', 3]\"" in line
    assert "***" not in line


def test_a_line_tells_who_wrote_it_and_how_grave_it_is(theirs, written):
    theirs.error("broken")

    assert "level=error event=broken logger=theirs" in written()


def test_every_event_is_one_line_even_with_a_traceback(ours, written):
    try:
        fail()
    except RuntimeError:
        ours.exception("failed\nat last")

    assert written().count("\n") == 1


def test_a_line_that_libraries_write_for_every_request_is_left_out(written):
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot")

    assert written() == ""


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"/file/bot{TOKEN}/photos/1.jpg",
        f"/bot{TOKEN.replace(':', '%3A')}/getMe",
    ],
)
def test_a_token_in_an_address_is_taken_out(ours, written, text):
    ours.info("asked", address=text)

    line = written()
    assert "/bot***/" in line
    assert TOKEN[10:] not in line
