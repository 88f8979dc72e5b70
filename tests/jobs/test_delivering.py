"""The ways of handing a video over, one after another."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import DeliveryError, UnclearDeliveryError, UnsuitableError
from core.states import State
from jobs.ports import Way

SOON = timedelta(milliseconds=20)
TOO_LARGE = UnsuitableError("Request Entity Too Large")


async def test_what_is_no_video_to_telegram_goes_as_a_document(desk):
    desk.notes.troubles = [UnsuitableError("VIDEO_FILE_INVALID")]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert (desk.notes.ways, done.facts["sent"]["way"]) == ([Way.DOCUMENT], "document")
    assert (await desk.balance()).free == 90


async def test_a_way_that_was_refused_is_not_tried_again(desk):
    desk.notes.troubles = [TOO_LARGE, TOO_LARGE, DeliveryError("flood limit", retry_in=SOON)]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert (done.state, desk.notes.ways) == (State.DELIVERED, [Way.LINK])
    assert desk.notes.tried == [Way.VIDEO, Way.DOCUMENT, Way.LINK, Way.LINK]


async def test_a_document_that_may_have_arrived_is_asked_about(desk):
    desk.notes.troubles = [TOO_LARGE, UnclearDeliveryError("connection lost")]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert (done.state, desk.notes.asked) == (State.DELIVERED, [task.id])
    assert desk.notes.tried == [Way.VIDEO, Way.DOCUMENT]


async def test_a_file_that_is_larger_than_telegram_takes_is_not_uploaded_in_vain(desk):
    # Shrinking has its limits as well: a limit this low is below the size of any video.
    desk.workshop = replace(desk.workshop, largest_video=10)
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert (done.state, desk.notes.tried) == (State.DELIVERED, [Way.LINK])


@pytest.mark.parametrize(("cost", "free"), [(10, 90), (0, 100)])
async def test_a_video_that_no_way_takes_is_kept_and_told_honestly(desk, cost, free):
    desk.notes.troubles = [TOO_LARGE] * 3
    desk.start()
    task = await desk.order(cost=cost)

    done = await desk.end_of(task.id)

    ((number, told, again),) = desk.notes.told
    assert (number, again) == (task.id, False)
    assert done.facts["failure"]["charged"]
    assert f"{desk.workshop.now() + desk.workshop.keep_results:%Y-%m-%d}" in told
    assert (done.state, (await desk.balance()).free) == (State.FAILED, free)
    assert desk.workshop.folder.path(done.facts["clip"]["video"]).exists()
    (report,) = desk.notes.reports
    assert done.facts["clip"]["video"] in report


async def test_a_video_that_gets_through_brings_along_those_that_were_kept_for_its_chat(desk):
    desk.notes.troubles = [DeliveryError("not enough rights")]
    desk.start()
    kept = await desk.order()
    await desk.until(kept.id, lambda one: one.facts.get("parked") and one.due)
    other = await desk.order(user=8)

    await desk.end_of(other.id)
    still = await desk.task(kept.id)
    await desk.database.write(forget_origin, kept.id)
    await desk.order()
    done = await desk.end_of(kept.id)

    assert still.facts["parked"]
    assert (done.state, "parked" in done.facts) == (State.DELIVERED, False)


def forget_origin(connection, task):
    """Let the same person order once more."""
    connection.exec_driver_sql(f"UPDATE tasks SET origin = 'earlier' WHERE id = {task}")
