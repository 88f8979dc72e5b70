"""Videos that Telegram does not take as they are: as a document, as a link, or with a word."""

import aiohttp
import av
import pytest

from tests.journeys.services import public_address
from tests.world import PATIENCE

STATE = "SELECT state FROM tasks"


@pytest.fixture
def person(telegram):
    telegram.start(telegram.person)
    return telegram.person


@pytest.fixture
def home(telegram, person):
    return telegram.private_chat(person)


@pytest.fixture
def film(rows, tmp_path):
    """The finished video on the bot's disk."""

    def find():
        ((name,),) = rows("SELECT json_extract(facts, '$.clip.video') FROM tasks")
        return tmp_path / "media" / name

    return find


@pytest.mark.parametrize(
    "fault",
    [{"code": 413}, {"code": 400, "description": "Bad Request: VIDEO_CONTENT_TYPE_INVALID"}],
    ids=str,
)
async def test_what_telegram_takes_for_no_video_comes_as_a_document(
    telegram, home, person, ready_for, film, fault, stored, said, toast
):
    telegram.fail("sendVideo", **fault, times=0)
    flood = telegram.fail("sendDocument", retry_after=1)

    documents = lambda: [one for one in telegram.from_bot(person) if one.kind == "document"]  # noqa: E731
    async with ready_for(home):
        await stored(STATE, "delivered")
        (sent,) = documents()
        content = film().read_bytes()
        film().unlink()
        telegram.send_text(person, "/history")
        await toast(await said("Your videos"), "1")
        (_, again) = await telegram.wait_for(lambda: documents()[1:] and documents(), PATIENCE)

    assert (sent.media.content, again.media.file) == (content, sent.media.file)
    assert (sent.media.file.name, sent.labels[0]) == ("firstframe-1.mp4", "Again")
    assert "Video 1: 2 credits" in sent.text
    # After the flood limit it was not tried as a video once more.
    assert (flood.used, len(telegram.calls("sendVideo"))) == (1, 1)


async def test_what_is_too_large_for_telegram_is_downloaded_from_a_link(
    telegram, home, ready_for, film, said, stored, toast
):
    telegram.max_upload = 10_000

    async with ready_for(home, **public_address()), aiohttp.ClientSession() as browser:
        offer = await said("more than Telegram takes from a bot. Download it here until")
        await stored(STATE, "delivered")
        address = next(line for line in offer.text.splitlines() if line.startswith("http"))
        async with (
            browser.get(address) as whole,
            browser.get(address, headers={"Range": "bytes=4-7"}) as part,
        ):
            found = await whole.read(), await part.read()
        content = film().read_bytes()
        popped_up = await toast(offer, "As file")

    assert found == (content, b"ftyp")
    assert (whole.content_type, whole.content_disposition.filename) == (
        "video/mp4",
        "firstframe-1.mp4",
    )
    assert "Video 1: 2 credits" in offer.text
    assert popped_up == "It is larger than Telegram takes from a bot."
    refused = [call.method for call in telegram.calls() if call.error_code == 413]
    assert refused == ["sendVideo", "sendDocument"]


@pytest.fixture
def offers(telegram):
    """The links to a video that the person has got so far."""

    def find():
        return [
            line
            for one in telegram.from_bot(telegram.person, "Download it here until")
            for line in one.text.splitlines()
            if line.startswith("http")
        ]

    return find


@pytest.fixture
async def linked(telegram, home, person, ready_for, stored):
    """A video that came as a link while the bot could still make some."""
    telegram.max_upload = 10_000
    async with ready_for(home, **public_address()):
        await stored(STATE, "delivered")
    (link,) = telegram.from_bot(person, "Download it here until")
    return link


async def test_a_video_that_came_as_a_link_is_sent_again_and_as_a_file_by_a_fresh_link(
    telegram, home, person, ready_for, stored, offers, said, toast, film
):
    telegram.max_upload = 10_000
    async with ready_for(home, **public_address()), aiohttp.ClientSession() as browser:
        await stored(STATE, "delivered")
        (link,) = telegram.from_bot(person, "Download it here until")
        as_file = await toast(link, "As file")
        await telegram.wait_for(lambda: len(offers()) == 2, timeout=PATIENCE)
        telegram.send_text(person, "/history")
        again = await toast(await said("Your videos"), "1")
        await telegram.wait_for(lambda: len(offers()) == 3, timeout=PATIENCE)
        found = []
        for address in offers():
            async with browser.get(address) as answer:
                found.append(await answer.read())

    assert (as_file, again) == (
        "It is larger than Telegram takes from a bot.",
        "Sending it again.",
    )
    assert found == [film().read_bytes()] * 3


async def test_a_deleted_link_loses_its_words_where_it_has_to_stay(
    telegram, linked, start_here, toast
):
    async with start_here():
        telegram.advance(48 * 3600)
        await toast(linked, "Delete")
        await telegram.wait_for(lambda: "Delete for good" in linked.labels, timeout=PATIENCE)

        await toast(linked, "Delete for good")

        await telegram.wait_for(lambda: linked.text.startswith("🗑 Deleted here."), PATIENCE)


async def test_what_telegram_takes_as_a_video_but_not_as_a_file_comes_as_a_link(
    telegram, once_rendered, arriving, offers, toast
):
    async with once_rendered(**public_address()):
        result = await arriving()
        telegram.max_upload = 10_000

        await toast(result, "As file")

        await telegram.wait_for(offers, timeout=PATIENCE)


@pytest.mark.parametrize("kept", [True, False])
async def test_where_no_link_can_be_made_any_more_the_person_hears_what_remains(
    telegram, person, linked, start_here, said, toast, lose, kept
):
    if not kept:
        lose("*.mp4")
    async with start_here():
        telegram.send_text(person, "/history")
        popped_up = [
            await toast(linked, "As file"),
            await toast(await said("Your videos"), "1"),
        ]
        if kept:
            word = "more than Telegram takes from a bot. Its file is kept until "
            await telegram.wait_for(
                lambda: len(telegram.from_bot(person, word)) == 2, timeout=PATIENCE
            )

    gone = [one for one in popped_up if "gone" in one or "no longer kept" in one]
    assert len(gone) == (0 if kept else 2)


async def test_without_a_public_address_the_person_learns_what_remains_and_the_owners_as_well(
    telegram, home, person, ready_for, rows, said, stored, film
):
    telegram.max_upload = 10_000
    owner = telegram.create_user("Owner")
    telegram.start(owner)

    async with ready_for(home, ADMIN_IDS=str(owner.id)):
        word = await said("Video 1 was made but could not be sent.")
        await stored(STATE, "failed")
        told = await said("PUBLIC_URL would let it go out as a link.", owner)
        kept = film()
        telegram.send_text(person, "/balance")
        await said("58 credits free")

    assert "ask the owners of this bot for it.\nCharged: 2 credits." in word.text
    assert kept.name in told.text
    assert kept.exists()
    assert rows("SELECT kind FROM ledger ORDER BY id") == [("hold",), ("capture",)]


async def test_a_film_without_sound_that_comes_back_as_an_animation_is_no_error(
    telegram, home, person, ready_for, film, rows, stored, unsent
):
    (clip,) = (unsent / "media").glob("*.mp4")
    loud = clip.read_bytes()
    try:
        clip.write_bytes(muted(clip))
        async with ready_for(home):
            await stored(STATE, "delivered")
    finally:
        clip.write_bytes(loud)

    (sent,) = [one for one in telegram.from_bot(person) if one.kind == "animation"]
    ((known,),) = rows("SELECT json_extract(facts, '$.sent.file_id') FROM tasks")
    assert telegram.download(known) == sent.media.content


def muted(film):
    """The same film without its sound."""
    quiet = film.with_suffix(".quiet.mp4")
    with av.open(str(film)) as loud, av.open(str(quiet), "w") as output:
        picture = loud.streams.video[0]
        copy = output.add_stream_from_template(picture)
        for packet in loud.demux(picture):
            if packet.dts is not None:
                packet.stream = copy
                output.mux(packet)
    content = quiet.read_bytes()
    quiet.unlink()
    return content
