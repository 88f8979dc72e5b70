"""A video as a file, and a video that goes for good."""

from tests.world import PATIENCE, tone


async def ends(telegram, message, labels):
    """Wait until these are the buttons under a message."""
    await telegram.wait_for(lambda: message.labels == labels, timeout=PATIENCE)


def deleted(telegram):
    """The numbers of the messages that the bot has asked to delete."""
    return [int(call.params["message_id"]) for call in telegram.calls("deleteMessage")]


# As file


async def test_as_file_sends_the_very_same_film_as_a_document_once(telegram, result, toast, rows):
    first = await toast(result, "As file")
    (file,) = await telegram.wait_for(
        lambda: [one for one in telegram.from_bot(telegram.person) if one.kind == "document"],
        timeout=PATIENCE,
    )
    second = await toast(result, "As file")

    assert (first, second) == ("Sending it as a file.", "It was sent just now.")
    assert (file.reply_to, file.media.content) == (result, result.media.content)
    assert len(telegram.calls("sendDocument")) == 1
    assert rows("SELECT kind FROM ledger ORDER BY id") == [("hold",), ("capture",)]


async def test_a_video_whose_file_is_gone_is_no_longer_sent_as_a_file(result, toast, lose):
    lose("*.mp4")

    assert (await toast(result, "As file")).startswith("The file of video 1 is gone")


# Delete


async def test_delete_asks_once_and_can_be_taken_back(telegram, result, toast, rows):
    before = result.labels
    popped_up = await toast(result, "Delete")
    await ends(telegram, result, ["Delete for good", "Keep it"])
    assert popped_up == "Delete video 1 for good?"

    await toast(result, "Keep it")

    await ends(telegram, result, before)
    assert "static" in str(rows("SELECT request FROM tasks"))


async def test_delete_takes_back_the_messages_the_files_and_the_words(
    telegram, result, toast, said, rows, tmp_path
):
    await toast(result, "As file")
    await toast(result, "Delete")
    await ends(telegram, result, ["Delete for good", "Keep it"])

    popped_up = await toast(result, "Delete for good")

    erased = "SELECT id FROM tasks WHERE json_extract(facts, '$.erased') IS NOT NULL"
    telegram.send_text(telegram.person, "/job 1")
    story = await said("You deleted it, with its words and files.")
    assert popped_up == "Video 1 is being deleted."
    assert rows(erased) == [(1,)]
    assert result.deleted
    assert [one.kind for one in telegram.from_bot(telegram.person) if one.media] == []
    assert [file for file in (tmp_path / "media").iterdir() if file.suffix != ".bin"] == []
    assert "static" not in str(rows("SELECT * FROM tasks"))
    assert "Charged: 2 credits." in story.text
    assert rows("SELECT kind FROM ledger ORDER BY id") == [("hold",), ("capture",)]


async def test_a_status_that_was_not_told_of_the_end_yet_goes_with_its_video(
    telegram, once_rendered, arriving, toast, rows
):
    status = "SELECT status_message FROM tasks"
    async with once_rendered():
        telegram.fail("editMessageText", 502, "Bad Gateway", times=99)
        result = await arriving()
        (number,) = rows(status)[0]
        await toast(result, "Delete")
        await ends(telegram, result, ["Delete for good", "Keep it"])

        await toast(result, "Delete for good")

        await telegram.wait_for(lambda: number in deleted(telegram), timeout=PATIENCE)


async def test_the_last_frame_that_was_sent_to_go_on_from_goes_with_its_video(
    telegram, result, toast, said, rows
):
    await toast(result, "Continue")
    frame = await said("the next one begins with it")
    question = await said("What should happen")
    await toast(result, "Delete")
    await ends(telegram, result, ["Delete for good", "Keep it"])

    await toast(result, "Delete for good")

    assert await telegram.wait_for(lambda: frame.deleted, timeout=PATIENCE)
    await ends(telegram, question, [])
    assert rows("SELECT id FROM drafts WHERE stage != 'closed'") == []


async def test_nothing_that_was_said_for_a_deleted_video_stays_anywhere(
    telegram, result, toast, said, rows, dump
):
    ids = "SELECT content ->> '$.photos[0].file_id', content ->> '$.audio.file_id' FROM drafts"
    (files,) = rows(ids)
    await toast(result, "As file")
    await toast(result, "Delete")
    await ends(telegram, result, ["Delete for good", "Keep it"])
    before = dump()
    await toast(result, "Delete for good")
    telegram.send_text(telegram.person, "/job 1")
    await said("You deleted it")

    assert all(part in before for part in ("static", *files))
    assert [part for part in ("static", *files) if part in dump()] == []


async def test_a_voice_after_a_deleted_video_waits_for_a_new_photo(telegram, result, toast, said):
    await toast(result, "Delete")
    await ends(telegram, result, ["Delete for good", "Keep it"])
    await toast(result, "Delete for good")

    telegram.send_voice(telegram.person, tone(1), 1)

    assert await said("Now send me a photo")


async def test_what_another_video_is_made_from_stays_for_that_one(
    telegram, result, toast, said, rows, tmp_path
):
    await toast(result, "Again")
    await toast(result, "Delete")
    await ends(telegram, result, ["Delete for good", "Keep it"])
    await toast(result, "Delete for good")
    await telegram.wait_for(lambda: result.deleted, timeout=PATIENCE)

    telegram.send_text(telegram.person, "/job 1")
    await said("You deleted it")

    ((photo,),) = rows("SELECT request ->> '$.first_frame.file' FROM tasks WHERE id = 2")
    assert (tmp_path / "media" / photo).exists()


async def test_after_two_days_the_message_stays_without_its_words(
    telegram, result, toast, rows, said
):
    telegram.advance(48 * 3600)
    await toast(result, "Delete")
    await ends(telegram, result, ["Delete for good", "Keep it"])

    await toast(result, "Delete for good")

    await telegram.wait_for(lambda: result.text.startswith("🗑 Deleted here."), timeout=PATIENCE)
    assert result.labels == []
    assert not result.deleted


async def test_the_buttons_of_a_deleted_video_say_so(result, toast, forged, telegram):
    await toast(forged("delete:1:yes"), "Forged")
    await telegram.wait_for(lambda: result.deleted, timeout=PATIENCE)

    assert await toast(forged("same:1"), "Forged") == "Video 1 was deleted."
