import json

from hypothesis import given, settings
from hypothesis import strategies as st

from core.request import VideoRequest
from tests.factories import make_picture, make_request, make_sound

words = st.text(max_size=30)
counts = st.integers(0, 10_000)
maybe = st.none()
pictures = st.builds(make_picture, file=words, width=counts, height=counts, size=counts)
sounds = st.builds(make_sound, seconds=st.floats(0, 3600), size=counts, format=words)
names = st.text(min_size=1, max_size=8)
requests = st.builds(
    VideoRequest,
    model=st.just("auto") | names,
    prompt=words,
    negative_prompt=words,
    first_frame=maybe | pictures,
    last_frame=maybe | pictures,
    audio=maybe | sounds,
    seconds=maybe | counts,
    ratio=maybe | names,
    resolution=maybe | names,
    seed=maybe | counts,
    effect=maybe | names,
    camera=maybe | names,
    sound=maybe | st.booleans(),
    rewrite=maybe | st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(requests)
def test_a_request_comes_back_from_json_as_it_was(request):
    stored = json.dumps(request.to_json())

    assert VideoRequest.from_json(json.loads(stored)) == request


def test_only_what_was_asked_is_written():
    request = VideoRequest(prompt="waves", seed=0, sound=False)

    assert request.to_json() == {"model": "auto", "prompt": "waves", "seed": 0, "sound": False}


def test_names_of_a_newer_release_are_dropped():
    stored = make_request(seconds=5).to_json()

    read = VideoRequest.from_json({**stored, "mood": "blue", "frames": [1, 2]})

    assert read == make_request(seconds=5)


def test_options_change_a_copy():
    request = make_request(seconds=5)

    changed = request.with_options(seconds=8, ratio="1:1")

    assert changed == make_request(seconds=8, ratio="1:1")
    assert request.seconds == 5


def test_the_ratio_of_a_picture_is_width_over_height():
    assert make_picture(width=300, height=400).ratio == 0.75


def test_names_of_a_newer_release_are_dropped_in_pictures_too():
    stored = make_request().to_json()
    stored["first_frame"]["faces"] = 2

    assert VideoRequest.from_json(stored) == make_request()
