"""The life of a task: what is repeated, what is not, and what it costs, on good and bad days."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.errors import (
    DeliveryError,
    ProviderError,
    StaleTaskError,
    ThrottledError,
    UncertainError,
    UnclearDeliveryError,
)
from core.states import State
from core.words import say
from jobs.forecasts import Forecast, Forecasts
from jobs.looking import Schedule
from jobs.story import DELIVERY
from jobs.worker import MAX_ATTEMPTS, Worker
from providers.base import Blame, Lost, Pending, Refused
from storage import doubts, renders, tables, tasks, wishes

INTERRUPTED = {
    "intent": "remote",
    "intended": datetime.now(UTC).isoformat(),
    "inputs": {"target": "x.mp4", "key": "our-key"},
}
SOON = timedelta(milliseconds=1)
PASSING = ProviderError("503", retry_in=SOON)


async def test_a_good_day_is_one_submit_one_delivery_one_charge(desk):
    desk.service.looks = [Pending(percent=10), Pending(percent=90)]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert (desk.service.submitted, desk.notes.delivered) == (1, [task.id])
    assert (await desk.balance()).free == 90
    assert (await desk.balance()).held == 0


async def test_a_task_remembers_whether_its_service_has_begun_it(desk):
    desk.service.looks = [Pending(begun=False), "for ever"]
    desk.start()
    task = await desk.order()
    await desk.service.waiting.wait()
    assert (await desk.task(task.id)).waits_elsewhere
    await desk.stop()

    desk.service.looks = [Pending(begun=True)]
    desk.service.waiting.clear()
    desk.service.looks.append("for ever")
    desk.start()
    await desk.service.waiting.wait()
    assert not (await desk.task(task.id)).waits_elsewhere


async def test_a_task_is_only_taken_until_a_look_has_told_of_its_beginning(desk):
    desk.service.tells_begun = True
    desk.service.looks = ["for ever"]
    desk.start()
    task = await desk.order()
    await desk.service.waiting.wait()
    assert (await desk.task(task.id)).is_only_taken
    await desk.stop()

    desk.service.looks = [Pending(begun=True), "for ever"]
    desk.service.waiting.clear()
    desk.start()
    await desk.service.waiting.wait()
    looked = await desk.task(task.id)
    assert not looked.is_only_taken
    assert looked.facts["seen_begun"] > looked.facts["times"]["running"]


async def test_looking_is_not_an_attempt(desk):
    desk.service.looks = [Pending() for _ in range(MAX_ATTEMPTS * 4)]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert "attempts" not in done.facts


async def test_a_passing_error_is_tried_again_without_a_second_submit(desk):
    desk.service.submits = [PASSING]
    desk.service.looks = [PASSING, Pending(), PASSING]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert desk.service.submitted == 2  # the first one was refused
    assert len(desk.service.taken) == 1


async def test_a_final_error_gives_the_credits_back_and_says_so(desk):
    desk.service.submits = [ProviderError("401")]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.FAILED
    assert len(desk.notes.told) == 1
    assert (await desk.balance()).free == 100


class OneLook(Forecasts):
    """Plans a look after a second, and the next one after many minutes."""

    async def of(self, database, model, request, now):
        plan = Schedule(times=(1.0, 2.0, 1000.0, 2000.0), looks=(0.0, 5.0, 5.001, 5.002))
        return Forecast(plan, late_after=3600.0, learnt=now)


async def test_a_service_that_says_when_to_look_again_is_looked_at_then(desk):
    begun = datetime.now(UTC)
    desk.service.looks = [Pending(look_in=SOON)]

    def clock():
        return begun + timedelta(seconds=0 if desk.service.looks else 3)

    desk.workshop = replace(desk.workshop, now=clock, forecasts=OneLook())
    desk.start()
    task = await desk.order()

    assert (await desk.end_of(task.id)).state is State.DELIVERED


async def test_an_outage_is_no_verdict_while_the_service_keeps_the_video(desk):
    desk.service.looks = [PASSING] * (MAX_ATTEMPTS * 2)
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert desk.service.submitted == 1


async def test_an_error_that_does_not_pass_ends_after_some_attempts(desk):
    desk.service.keeps = timedelta(0)
    desk.service.looks = [PASSING] * 50
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.FAILED
    assert len(desk.service.looks) == 50 - MAX_ATTEMPTS
    assert (await desk.balance()).free == 100


async def test_a_refusal_is_told_once_in_the_services_words(desk):
    desk.service.looks = [Refused(blame=Blame.PERSON, reason=say("A real person is shown."))]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.FAILED
    assert desk.notes.told == [(task.id, "A real person is shown.", False)]
    assert (await desk.balance()).free == 100


async def test_a_video_the_service_forgot_is_not_charged(desk):
    desk.service.looks = [Lost()]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.FAILED
    assert desk.notes.told[0][2] is True
    assert (await desk.balance()).free == 100


async def test_an_order_that_may_have_gone_through_is_not_repeated(desk):
    desk.service.can_find = False
    desk.service.submits = [UncertainError("timed out after sending")]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.UNCERTAIN
    assert desk.service.submitted == 1
    assert desk.notes.told[0][2] is True
    assert len(desk.notes.reports) == 1
    assert (await desk.balance()).free == 100


async def test_an_order_that_may_have_gone_through_is_looked_for_and_adopted(desk):
    desk.service.submits = [UncertainError("timed out after sending")]
    desk.service.finds = ["found-it"]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert (desk.service.submitted, done.facts["remote"]) == (1, "found-it")


async def test_an_order_that_is_not_there_is_placed_once_more(desk):
    desk.service.submits = [UncertainError("timed out after sending")]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert desk.service.submitted == 2


async def test_a_search_that_decides_nothing_ends_without_a_charge(desk):
    desk.service.submits = [UncertainError("timed out after sending")]
    desk.service.finds = [UncertainError("two alike")]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.UNCERTAIN
    assert desk.service.submitted == 1
    assert (await desk.balance()).free == 100


class Searching:
    """A lost order that is looked for at the moments that the worker itself asks for."""

    def __init__(self, desk):
        self.desk, self.now, self.pauses = desk, datetime.now(UTC), []
        desk.workshop = replace(desk.workshop, now=lambda: self.now)

    async def runs(self):
        """Have the task worked on once; gives it as it then stands."""
        (claimed,) = await self.desk.database.write(tasks.claim, "scripted", 1, self.now)
        await Worker(self.desk.workshop).run(claimed)
        task = await self.desk.task(claimed.id)
        if task.due:
            self.pauses.append(task.due - self.now)
            self.now = task.due
        return task


@pytest.fixture
async def searching(desk):
    desk.start()
    await desk.stop()
    one = Searching(desk)
    desk.service.submits = [UncertainError("timed out after sending")]
    await desk.order()
    await one.runs()
    one.pauses.clear()
    return one


async def test_an_order_that_cannot_be_told_yet_is_waited_for_with_growing_pauses(desk, searching):
    searching.now += timedelta(minutes=1)
    desk.service.finds = [Pending()] * (MAX_ATTEMPTS * 4)
    for _ in range(MAX_ATTEMPTS * 4):
        task = await searching.runs()
        assert (task.state, "attempts" in task.facts) == (State.SUBMITTING, False)
    pauses = list(searching.pauses)
    desk.service.finds = ["found-it"]
    task = await searching.runs()

    assert task.facts["remote"] == "found-it"
    assert desk.service.submitted == 1
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=30)
    assert pauses[-1] == timedelta(minutes=10)


async def test_an_order_that_cannot_be_told_as_long_as_it_is_kept_stays_uncertain(desk, searching):
    desk.service.keeps = timedelta(minutes=30)
    desk.service.finds = [Pending()] * 100
    for _ in range(100):
        task = await searching.runs()
        if task.is_final:
            break

    assert task.state is State.UNCERTAIN
    assert timedelta(minutes=30) <= sum(searching.pauses, timedelta()) < timedelta(minutes=41)
    assert desk.service.submitted == 1
    assert len(desk.notes.reports) == 1
    assert (await desk.balance()).free == 100


async def test_an_order_of_which_the_service_may_have_forgotten_is_not_placed_again(
    desk, searching
):
    """The bot was down for longer than the list goes back: nothing there says nothing."""
    searching.now += desk.service.keeps
    desk.service.finds = [None]

    assert (await searching.runs()).state is State.UNCERTAIN
    assert desk.service.submitted == 1


async def test_an_order_is_looked_for_with_the_key_that_it_went_out_with(desk):
    desk.service.submits = [PASSING, UncertainError("lost"), UncertainError("lost")]
    desk.service.keys = ["one", "two"]
    desk.service.finds = [None, "found-it"]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    # The third order was placed without a word on its key: that of the second says nothing.
    assert [trace.account for trace in desk.service.traces] == ["two", None]


async def test_a_failure_that_another_try_may_mend_is_tried_once_more_with_a_new_key(desk):
    failure = Refused(blame=Blame.BUSY, reason=say("It failed."), once_more=True)
    desk.service.looks = [failure]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert desk.service.submitted == len(desk.service.taken) == 2
    assert (await desk.balance()).free == 90


async def test_the_second_failure_of_a_kind_is_the_last(desk):
    failure = Refused(blame=Blame.BUSY, reason=say("It failed."), once_more=True)
    desk.service.looks = [failure, failure]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.FAILED
    assert desk.notes.told == [(task.id, "It failed.", True)]
    assert desk.service.submitted == 2
    assert (await desk.balance()).free == 100


async def test_a_service_that_asks_for_a_pause_is_no_failed_attempt(desk):
    desk.service.submits = [ThrottledError("slow down", retry_in=SOON)] * (MAX_ATTEMPTS + 1)
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert "attempts" not in done.facts


async def test_trouble_with_our_own_account_is_told_to_the_owners(desk):
    refusal = Refused(blame=Blame.ACCOUNT, reason=say("Ours."), owners="KEY: pay the bill")
    desk.service.submits = [refusal]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.FAILED
    assert desk.notes.reports == ["KEY: pay the bill"]


async def test_a_cut_off_video_is_fetched_again(desk, film):
    desk.service.fetches = [film[: len(film) // 2]]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert done.facts["attempts"] == 1
    assert desk.service.submitted == 1


async def test_a_page_instead_of_a_video_is_fetched_again(desk):
    desk.service.fetches = [b"<html>not found</html>"]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert done.facts["attempts"] == 1


async def test_an_interrupted_order_that_is_found_is_adopted(desk):
    desk.start()
    await desk.stop()
    task = await desk.order()
    await desk.store(task, state=State.SUBMITTING, **INTERRUPTED)
    desk.service.finds = ["found-it"]

    desk.start()
    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert done.facts["remote"] == "found-it"
    assert desk.service.submitted == 0


async def test_an_interrupted_order_that_never_arrived_is_placed(desk):
    desk.start()
    await desk.stop()
    task = await desk.order()
    await desk.store(task, state=State.SUBMITTING, **INTERRUPTED)

    desk.start()
    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert desk.service.submitted == 1


async def test_an_interrupted_order_is_not_repeated_where_the_service_cannot_be_asked(desk):
    desk.service.can_find = False
    desk.start()
    await desk.stop()
    task = await desk.order()
    await desk.store(task, state=State.SUBMITTING, **INTERRUPTED)

    desk.start()
    done = await desk.end_of(task.id)

    assert done.state is State.UNCERTAIN
    assert desk.service.submitted == 0
    assert (await desk.balance()).free == 100


@pytest.fixture
async def second(desk, searching):
    """Another lost order with the same words, which a worker of its own has claimed."""
    desk.start()
    await desk.stop()
    task = await desk.order(user=8)
    facts = {"intent": "remote", "intended": searching.now.isoformat()}
    change = sa.update(tables.tasks).where(tables.tasks.c.id == task.id)
    await desk.database.write(
        lambda connection: connection.execute(
            change.values(state=State.SUBMITTING.value, claimed=True, facts=facts)
        )
    )
    return await desk.task(task.id)


async def note(desk, task, **facts):
    for name, fact in facts.items():
        await desk.database.write(wishes.note, task.id, name, fact)


async def test_an_order_that_another_task_has_got_meanwhile_is_not_adopted(
    desk, searching, second
):
    """Its answer came while the list was being read."""

    async def late(trace):
        assert not await trace.is_held("theirs")
        await note(desk, second, remote="theirs", intent=None)
        assert not await trace.has_rival()
        return "theirs"

    desk.service.finds = [late]
    first = await searching.runs()

    assert first.state is State.SUBMITTING
    assert "remote" not in first.facts
    assert first.due


async def test_what_may_be_another_tasks_by_now_is_not_adopted(desk, searching, second):
    """Another one with the same words went out after rivals had been asked about."""
    await note(desk, second, intent=None)

    async def late(trace):
        assert not await trace.has_rival()
        await note(desk, second, intent="remote")
        return "theirs or mine"

    async def again(trace):
        assert await trace.has_rival()
        return UncertainError("another order with the same words")

    desk.service.finds = [late, again]
    assert "remote" not in (await searching.runs()).facts
    assert (await searching.runs()).state is State.UNCERTAIN
    assert (desk.service.submitted, desk.notes.delivered) == (1, [])


async def test_an_order_that_was_placed_anew_may_yet_turn_up(desk, searching, second):
    """What the service shows late may be the first order of either."""
    desk.service.finds = [None]
    assert (await searching.runs()).facts["remote"]

    assert desk.service.submitted == 2
    assert await desk.database.read(
        doubts.has_rival, second, searching.now - timedelta(hours=1), searching.now
    )


async def test_an_order_of_a_model_that_is_no_longer_offered_stays_uncertain(desk, searching):
    """Nobody asks its service any more, which may have taken and billed it."""
    desk.service.models = ()

    task = await searching.runs()

    assert task.state is State.UNCERTAIN
    assert len(desk.notes.reports) == 1
    assert (await desk.balance()).free == 100


async def test_an_order_that_was_not_taken_for_sure_has_failed(desk, searching):
    searching.now += timedelta(minutes=1)
    desk.service.finds = [Refused(blame=Blame.BUSY, reason=say("Not there."))]

    assert (await searching.runs()).state is State.FAILED
    assert desk.notes.reports == []


async def test_a_refused_submit_leaves_no_intent_behind(desk):
    desk.service.can_find = False
    desk.service.submits = [PASSING]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED


async def test_a_delivery_that_failed_for_sure_is_repeated(desk):
    desk.notes.troubles = [DeliveryError("500", retry_in=SOON)] * 3
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert (desk.notes.delivered, desk.notes.asked) == ([task.id], [])


async def test_a_delivery_that_may_have_arrived_is_asked_about(desk):
    desk.notes.troubles = [UnclearDeliveryError("connection lost")]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert (desk.notes.delivered, desk.notes.asked) == ([], [task.id])
    assert (await desk.balance()).free == 90


async def test_a_chat_that_takes_nothing_gets_its_video_once_it_opens(desk):
    desk.notes.troubles = [DeliveryError("blocked")]
    desk.start()
    task = await desk.order()
    await desk.until(task.id, lambda one: one.facts.get("attempts") == 1 and one.due)
    assert desk.notes.delivered == []

    await desk.database.write(wishes.hurry, task.place.chat, desk.workshop.now())
    desk.dispatcher.wake()
    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert desk.notes.delivered == [task.id]


async def test_a_cancel_that_is_pressed_twice_at_once_is_one(desk):
    task = await desk.rendering()

    await desk.press_cancel(task)
    await asyncio.sleep(0)  # the first press is interrupting the task by now
    desk.worker.stop(task.id)

    assert (await desk.end_of(task.id)).state is State.CANCELLED


@pytest.mark.parametrize("stops", [True, False])
async def test_a_cancelled_render_is_free_only_where_the_service_stops_it(desk, stops):
    desk.service.stops = stops
    task = await desk.rendering()

    await desk.press_cancel(task)
    done = await desk.end_of(task.id)

    assert done.state is State.CANCELLED
    assert len(desk.service.cancelled) == 1
    assert (await desk.balance()).free == (100 if stops else 90)
    assert done.facts.get("billed", False) is not stops
    assert desk.notes.delivered == []


async def test_a_cancel_that_does_not_get_through_is_sent_again(desk):
    desk.service.stops = [PASSING, PASSING, True]
    task = await desk.rendering()

    await desk.press_cancel(task)
    done = await desk.end_of(task.id)

    assert done.state is State.CANCELLED
    assert len(desk.service.cancelled) == 3
    assert (await desk.balance()).free == 100


@pytest.mark.parametrize(("cost", "end"), [(0, State.CANCELLED), (10, State.DELIVERED)])
async def test_a_cancel_during_the_last_step_spares_a_free_video_and_loses_no_paid_one(
    desk, cost, end
):
    fetch = desk.service.fetch

    async def cancel_while_fetching(ready, order):
        await fetch(ready, order)
        await desk.database.write(wishes.ask_cancel, task.id, desk.workshop.now())

    desk.service.fetch = cancel_while_fetching
    desk.start()
    task = await desk.order(cost=cost)

    done = await desk.end_of(task.id)

    assert done.state is end
    assert bool(desk.notes.delivered) is (end is State.DELIVERED)


async def test_a_video_that_telegram_would_refuse_for_its_size_is_shrunk(desk, film):
    desk.workshop = replace(desk.workshop, largest_video=len(film) - 1)
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    clip = desk.workshop.folder.path(done.facts["clip"]["video"])
    assert done.facts["shrinking"]
    assert done.facts["clip"]["whole"] > desk.workshop.largest_video
    assert clip.stat().st_size == done.facts["clip"]["size"] < len(film)
    assert done.facts["clip"]["width"] == 854


async def test_a_video_whose_file_was_lost_is_not_charged(desk):
    desk.notes.troubles = [DeliveryError("blocked")]
    desk.start()
    task = await desk.order()
    waiting = await desk.until(task.id, lambda one: one.facts.get("attempts") == 1 and one.due)
    desk.workshop.folder.path(waiting.facts["clip"]["video"]).unlink()

    await desk.database.write(wishes.hurry, task.place.chat, desk.workshop.now())
    desk.dispatcher.wake()
    done = await desk.end_of(task.id)

    assert done.state is State.FAILED
    assert desk.notes.told == [(task.id, "The file of this video is lost.", True)]
    assert (await desk.balance()).free == 100


async def test_a_worker_that_lost_its_task_saves_nothing(desk):
    desk.start()
    await desk.stop()
    task = await desk.order()
    old = (await desk.database.write(tasks.claim, "scripted", 1, desk.workshop.now()))[0]
    await desk.database.write(tasks.free_all)
    await desk.database.write(tasks.claim, "scripted", 1, desk.workshop.now())

    with pytest.raises(StaleTaskError):
        await desk.database.write(
            tasks.save, old, state=State.SUBMITTING, facts={}, now=desk.workshop.now()
        )

    assert (await desk.task(task.id)).state is State.QUEUED


async def test_a_restart_in_the_middle_goes_on_without_a_second_submit(desk):
    task = await desk.rendering()
    await desk.stop()

    desk.start()
    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert desk.service.submitted == 1


async def test_renders_are_remembered_for_the_next_wait(desk):
    desk.start()
    task = await desk.order()
    await desk.end_of(task.id)

    past = await desk.database.read(renders.past, "scripted/one", "", 5)

    assert len(past) == 1


async def test_a_question_that_fails_does_not_send_the_video_again(desk):
    desk.notes.troubles = [UnclearDeliveryError("connection lost")]
    desk.notes.question_troubles = [DeliveryError("still down", retry_in=SOON)] * 2
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED
    assert (desk.notes.delivered, desk.notes.asked) == ([], [task.id])


async def test_a_cancel_that_meets_the_claim_is_noticed_at_the_next_save(desk):
    desk.start()
    await desk.stop()
    task = await desk.order()
    claimed = (await desk.database.write(tasks.claim, "scripted", 1, desk.workshop.now()))[0]
    await desk.database.write(wishes.ask_cancel, task.id, desk.workshop.now())

    await Worker(desk.workshop).run(claimed)

    assert (await desk.task(task.id)).state is State.CANCELLED
    assert (desk.service.submitted, desk.notes.delivered) == (0, [])


async def test_a_made_video_is_delivered_though_its_service_was_switched_off(desk):
    desk.notes.troubles = [DeliveryError("blocked")]
    desk.start()
    task = await desk.order()
    await desk.until(task.id, lambda one: one.facts.get("attempts") == 1 and one.due)
    await desk.stop()
    desk.service.models = ()

    await desk.database.write(wishes.hurry, task.place.chat, desk.workshop.now())
    desk.start()
    done = await desk.end_of(task.id)

    assert done.state is State.DELIVERED


async def test_a_task_of_a_service_that_was_switched_off_comes_to_an_end(desk):
    desk.start()
    await desk.stop()
    task = await desk.order()
    desk.service.models = ()

    desk.start(lanes={DELIVERY: 1})
    done = await desk.end_of(task.id)

    assert done.state is State.FAILED
    assert (await desk.balance()).free == 100


async def test_a_refusal_told_late_stays_the_same_refusal(desk):
    desk.service.can_find = False
    desk.service.submits = [Refused(blame=Blame.INPUT, reason=say("No cats."))]
    desk.notes.telling_troubles = [DeliveryError("flood", retry_in=SOON)]
    desk.start()
    task = await desk.order()

    done = await desk.end_of(task.id)

    assert done.state is State.FAILED
    assert desk.notes.told == [(task.id, "No cats.", False)]
    assert desk.service.submitted == 1
