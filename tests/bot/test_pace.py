"""How many messages Telegram takes."""

from bot.pace import Lanes, Window


def take(window, moments, *, modest=False):
    """Send as early as allowed, for each of the moments at which somebody wants to."""
    sent = []
    for moment in moments:
        sent.append(max(moment, window.opens(modest=modest)))
        window.take(sent[-1], 1)
    return sent


def test_a_window_lets_its_count_through_and_then_one_for_each_that_has_left_it():
    assert take(Window(3, 10, spare=0), [0, 1, 2, 3, 3]) == [0, 1, 2, 11, 12]


def test_a_quiet_time_saves_nothing_up():
    assert take(Window(2, 10, spare=0), [0, 0, 1000, 1000, 1000]) == [0, 0, 1000, 1000, 1011]


def test_the_modest_leave_some_of_a_window_to_others():
    window = Window(3, 10, spare=1)

    assert take(window, [0, 0, 0], modest=True) == [0, 0, 11]
    assert window.opens() == 11


def test_an_album_goes_whole_and_is_paid_off_afterwards():
    window = Window(3, 10, spare=0)

    window.take(0, 7)

    # Three, three more a window later, and the last one yet a window later.
    assert window.opens() == 22


def test_groups_and_channels_are_told_apart_from_people():
    lanes = Lanes({"telegram.group": 1})
    sent = {}
    for chat in (7, -7, "@channel"):
        lanes.of(chat, 0).take(0, 1)
        sent[chat] = lanes.of(chat, 0).opens() > 0

    assert sent == {7: False, -7: True, "@channel": True}


def test_a_chat_that_was_quiet_for_long_is_forgotten_and_a_resting_one_is_not():
    lanes = Lanes({})
    quiet, resting = lanes.of(1, 0), lanes.of(2, 0)
    quiet.take(0, 3)
    resting.rest(10_000)
    for chat in range(3, 1005):
        lanes.of(chat, 1000)

    assert lanes.of(1, 1000) is not quiet
    assert lanes.of(2, 1000) is resting


def test_the_owners_figures_beat_the_usual_ones():
    quick = Lanes({"telegram.private": 10, "telegram.overall": 2})
    quick.of(7, 0).take(0, 3)
    quick.overall.take(0, 2)

    assert round(quick.of(7, 0).opens(), 2) == 0.33
    assert quick.overall.opens() > 1
