from dataclasses import replace
from datetime import timedelta

import pytest

from bot.status import View, draw
from core.states import State
from core.task import Place, Task, TaskId
from jobs.estimate import Expected, expect
from jobs.ports import Progress
from tests.factories import NOON, make_request

WISH = "The camera, 5 s, 16:9, 720p, seed 7"


def look(state, *, elapsed=None, language="en", request=None, facts=None, cost=0, **view):
    """What the status message of video 12 says in a state, and its buttons."""
    began = NOON - timedelta(seconds=elapsed or 0)
    task = Task(
        id=TaskId(12),
        account=7,
        place=Place(chat=7, user=7, language=language),
        request=request or make_request(seconds=5, ratio="16:9", resolution="720p", seed=7),
        lane="local",
        cost=cost,
        state=state,
        run=1,
        cancelling=False,
        created=NOON,
        due=None,
        facts=facts or ({} if elapsed is None else {"times": {"running": began.isoformat()}}),
    )
    return draw(
        View(task=task, now=NOON, **{"title": "The camera", "expected": Expected(6.4, 18)} | view)
    )


def lines(*args, **options):
    return look(*args, **options)[0].splitlines()


@pytest.mark.parametrize("state", [State.QUEUED, State.SUBMITTING])
def test_a_video_that_nobody_is_before_starts_now(state):
    assert lines(state) == [
        "⏳ Video <b>12</b> starts now.",
        WISH,
        "It usually takes 6 to 18 s.",
    ]


def test_a_video_behind_others_knows_its_place_in_the_line():
    assert lines(State.QUEUED, place=3) == [
        "⏳ Video <b>12</b> waits: place 3 in the line.",
        WISH,
        "Making it usually takes 6 to 18 s.",
    ]


def test_a_guess_is_not_told_as_experience():
    guess = expect([], 300)

    assert lines(State.QUEUED, expected=guess)[-1] == "Making it may take 300 to 900 s."
    assert lines(State.RUNNING, elapsed=10, expected=guess)[-1] == (
        "10 s so far; it may take 300 to 900 s."
    )
    assert lines(State.RUNNING, elapsed=1000, expected=guess)[-1] == (
        "1000 s so far, longer than expected. It goes on."
    )
    assert (
        lines(State.QUEUED, expected=expect([2.0] * 5, 300))[-1] == "It usually takes about 2 s."
    )


def test_a_video_being_rendered_tells_how_long_it_has_taken_and_usually_takes():
    assert lines(State.RUNNING, elapsed=10) == [
        "🎬 Video <b>12</b> is being made.",
        WISH,
        "10 s so far; usually 6 to 18 s.",
    ]


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.FETCHING])
def test_what_is_held_is_told_until_the_video_is_made(state):
    assert lines(state, elapsed=10, cost=25)[-1] == "25 credits are held."


def test_a_finished_video_holds_nothing():
    assert lines(State.DELIVERED, cost=25) == ["✅ Video <b>12</b> is done."]


def test_every_option_is_said_back_as_it_was_understood():
    request = make_request(
        seconds=5,
        ratio="16:9",
        resolution="720p",
        seed=7,
        camera="dynamic_orbit:strong",
        shots="multi",
        sound=False,
        rewrite=True,
        watermark=False,
        negative_prompt="blur & <noise>",
    )

    summed_up, further = lines(State.QUEUED, request=request, effect="hugs")[1:3]
    assert summed_up == WISH
    assert further == (
        "effect “hugs”, camera dynamic_orbit:strong, shots multi, without sound, words rewritten, "
        "without watermark, not “blur &amp; &lt;noise&gt;”"
    )


def test_options_are_listed_with_the_commas_of_the_language():
    request = make_request(seconds=5, camera="roll")

    said = lines(State.QUEUED, request=request, effect="hugs", language="zh")[2]

    assert said == "特效“hugs”，运镜 roll"


def test_many_words_are_said_back_in_part():
    request = make_request(seconds=5, negative_prompt="x" * 500)

    assert lines(State.QUEUED, request=request)[2] == f"not “{'x' * 100}…”"


@pytest.mark.parametrize(("percent", "shown"), [(0.0, 0), (44.9, 40), (45.0, 45), (100.0, 100)])
def test_progress_is_told_in_steps_of_five_percent(percent, shown):
    head, *_ = lines(State.RUNNING, elapsed=10, progress=Progress(percent=percent))

    assert head == f"🎬 Video <b>12</b> is being made: {shown} %."


def test_progress_that_the_service_does_not_tell_is_not_made_up():
    head, *_ = lines(State.RUNNING, elapsed=10, progress=Progress(percent=None))

    assert head == "🎬 Video <b>12</b> is being made."


@pytest.mark.parametrize(("elapsed", "shown"), [(0, 0), (4.9, 0), (5, 5), (14, 10)])
def test_seconds_go_by_in_steps_of_five(elapsed, shown):
    assert lines(State.RUNNING, elapsed=elapsed)[-1].startswith(f"{shown} s so far;")


def test_a_clock_that_was_set_back_counts_from_nothing():
    assert lines(State.RUNNING, elapsed=-60)[-1].startswith("0 s so far;")


def test_a_render_whose_beginning_is_not_known_counts_from_nothing():
    assert lines(State.RUNNING)[-1].startswith("0 s so far;")


def test_a_video_that_takes_longer_than_most_says_so():
    assert lines(State.RUNNING, elapsed=20)[-1] == "20 s so far, slower than usual. It goes on."


def test_a_video_that_its_service_has_not_begun_waits_there():
    times = {"times": {"running": (NOON - timedelta(seconds=10)).isoformat()}}
    early = lines(State.RUNNING, facts={**times, "begun": False})
    late = lines(State.RUNNING, facts={**times, "begun": False}, expected=Expected(2, 4))
    begun = lines(State.RUNNING, facts={**times, "begun": True})

    assert early[0] == "⏳ Video <b>12</b> waits at its service, which has not begun it."
    assert early[-1] == "10 s so far; usually 6 to 18 s."
    assert late[-1] == "10 s so far, longer than expected. It goes on."
    assert begun[0] == "🎬 Video <b>12</b> is being made."


def test_a_video_that_no_look_has_seen_begun_is_not_said_to_be_made():
    times = {"times": {"running": (NOON - timedelta(seconds=10)).isoformat()}}
    untold = {**times, "tells_begun": True}
    taken = lines(State.RUNNING, facts=untold)
    late = lines(State.RUNNING, facts=untold, expected=Expected(2, 4))
    begun = lines(State.RUNNING, facts={**untold, "begun": True})

    assert taken == [
        "⏳ Video <b>12</b> is with its service.",
        WISH,
        "10 s so far; usually 6 to 18 s.",
    ]
    assert late[-1] == "10 s so far, longer than expected. It goes on."
    assert begun[0] == "🎬 Video <b>12</b> is being made."


def test_times_below_a_second_are_told_as_one():
    assert lines(State.QUEUED, expected=Expected(0.1, 0.4))[-1] == ("It usually takes about 1 s.")


@pytest.mark.parametrize(
    ("state", "head"),
    [
        (State.FETCHING, "📥 Video <b>12</b> is made and being fetched."),
        (State.DELIVERING, "📤 Video <b>12</b> is ready and being sent."),
    ],
)
def test_a_video_that_is_rendered_tells_where_it_is(state, head):
    assert lines(state, elapsed=10, place=3) == [head, WISH]


def test_a_video_that_is_being_made_smaller_says_so():
    head = "🗜 Video <b>12</b> is too large for Telegram and is being made smaller."

    assert lines(State.FETCHING, facts={"shrinking": True}) == [head, WISH]


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (State.DELIVERED, "✅ Video <b>12</b> is done."),
        (State.CANCELLED, "🚫 Video <b>12</b> was cancelled."),
        (State.FAILED, "❌ Video <b>12</b> was not made."),
        (State.UNCERTAIN, "❔ Video <b>12</b> was interrupted."),
    ],
)
def test_a_video_that_is_over_is_told_in_one_line(state, text):
    seen = look(state, elapsed=10, place=3, progress=Progress(percent=50), free=True)

    assert seen == (text, None)


def test_a_video_that_may_not_have_arrived_is_not_called_done():
    told = lines(State.DELIVERED, facts={"sent": {"unclear": True}})

    assert told == ["📤 Video <b>12</b> was sent, but it is unclear whether it arrived."]


def test_a_video_that_telegram_takes_in_no_way_was_made_all_the_same():
    told = lines(State.FAILED, cost=2, facts={"billed": True})

    assert told == ["❌ Video <b>12</b> was made but could not be sent.", "Charged: 2 credits."]


def test_what_was_cancelled_says_that_nothing_was_charged_where_something_could_be():
    assert lines(State.CANCELLED)[0].endswith("was cancelled. Nothing was charged.")
    assert lines(State.CANCELLED, cost=1, facts={"billed": True})[1:] == ["Charged: 1 credit."]


def test_a_video_that_no_chat_takes_tells_until_when_it_is_kept():
    (told,) = lines(State.DELIVERING, facts={"parked": "2026-03-09T12:00:00+00:00"})

    assert told.startswith("📦 Video <b>12</b> is ready, but it cannot be sent to this chat now.")
    assert "It is kept until 2026-03-09" in told


@pytest.mark.parametrize("state", [State.QUEUED, State.SUBMITTING, State.RUNNING, State.FETCHING])
def test_a_video_that_can_be_stopped_has_a_button_for_it(state):
    _, keyboard = look(state)

    (button,) = (button for row in keyboard.inline_keyboard for button in row)
    assert (button.text, button.callback_data) == ("Cancel", "cancel:12")


@pytest.mark.parametrize("state", [*State][4:])
def test_a_video_that_cannot_be_stopped_any_more_has_no_button(state):
    _, keyboard = look(state)

    assert keyboard is None


def test_words_from_outside_cannot_break_the_markup():
    request = make_request(ratio="</b>", resolution="<a href='x'>", seconds=5)

    text, _ = look(State.QUEUED, request=request, title="<b>&")

    assert text.splitlines()[1] == ("&lt;b&gt;&amp;, 5 s, &lt;/b&gt;, &lt;a href='x'&gt;")


def test_braces_from_outside_are_only_text():
    request = make_request(seconds=5, ratio="16:9", resolution="720p", seed=7)

    text, _ = look(State.QUEUED, request=request, title="{number}")

    assert text.splitlines()[1] == "{number}, 5 s, 16:9, 720p, seed 7"


def test_the_whole_message_is_in_the_language_of_the_person():
    text, keyboard = look(State.RUNNING, elapsed=20, language="zh")

    assert text.splitlines() == [
        "🎬 视频 <b>12</b> 正在制作。",
        "The camera，5 秒，16:9，720p，种子 7",
        "已用 20 秒，比平时慢。仍在继续。",
    ]
    assert keyboard.inline_keyboard[0][0].text == "取消"


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_told_in_chinese(state):
    assert "视频 <b>12</b>" in look(state, language="zh")[0]


@pytest.mark.parametrize(("ahead", "told"), [(None, 0), (0, 0), (4, 1)])
def test_the_place_in_the_services_own_line_is_told_where_it_is_known(ahead, told):
    shown = lines(State.RUNNING, elapsed=10, progress=Progress(ahead=ahead))

    assert shown.count("The service has 4 others before it.") == told
    assert ("waits at its service" in shown[0]) is bool(told)


def test_a_model_that_took_over_is_named():
    plain = look(State.QUEUED)[0]
    task = replace(view_task(), facts={"tried": ["cloud/one"]})

    text, _ = draw(View(task=task, title="The camera", now=NOON, expected=Expected(6.4, 18)))

    assert "could not take it, so The camera makes it." in text
    assert "could not take it" not in plain


def view_task():
    return Task(
        id=TaskId(12),
        account=7,
        place=Place(chat=7, user=7),
        request=make_request(seconds=5),
        lane="local",
        cost=10,
        state=State.QUEUED,
        run=1,
        cancelling=False,
        created=NOON,
        due=None,
    )
