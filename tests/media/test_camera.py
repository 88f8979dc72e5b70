import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.ratios import RATIOS, frame_size
from media.render.camera import Stage, build, ease
from media.render.words import Move, Plan

quick = settings(max_examples=80, deadline=None)
strengths = st.sampled_from((0.3, 0.48, 0.6, 0.8, 1.0, 1.5))


def plans(among):
    moves = st.lists(st.sampled_from(among), min_size=1, max_size=3, unique=True)
    return st.builds(Plan, moves.map(tuple), strengths)


@st.composite
def stages(draw):
    """A picture of any shape that is taken in, covering a frame of any ratio, and its subject."""
    width, height = frame_size(draw(st.sampled_from(RATIOS)), "720p")
    aspect = draw(st.floats(1 / 20, 20) | st.sampled_from((1.0, 0.75, width / height)))
    cover = max(width / aspect, height)
    picture = (cover * aspect, cover)
    subject = (draw(st.floats(0.22, 0.78)), draw(st.floats(0.22, 0.78)))
    return Stage(
        width=width,
        height=height,
        picture_width=picture[0],
        picture_height=picture[1],
        subject=(subject[0] * picture[0], subject[1] * picture[1]),
    )


def view_corners(path, stage):
    """The four corners of each frame's view in the picture: 4 x frames x (x, y)."""
    corners = []
    cos, sin = np.cos(path.angle), np.sin(path.angle)
    for side, edge in itertools.product((-0.5, 0.5), repeat=2):
        x = side * stage.width / path.zoom
        y = edge * stage.height / path.zoom
        corners.append((path.x + cos * x - sin * y, path.y + sin * x + cos * y))
    return np.moveaxis(np.array(corners), 1, -1)


@quick
@given(plans(list(Move)), stages(), st.integers(1, 96), st.integers(0, 999))
def test_no_corner_of_any_view_leaves_the_picture(plan, stage, frames, seed):
    path = build(plan, stage, frames, seed)
    corners = view_corners(path, stage)
    assert corners.shape == (4, frames, 2)
    sideways = np.abs(path.shift)[None, :]
    slack = 1e-3
    assert (corners[..., 0] - sideways >= -slack).all()
    assert (corners[..., 0] + sideways <= stage.picture_width + slack).all()
    assert (corners[..., 1] >= -slack).all()
    assert (corners[..., 1] <= stage.picture_height + slack).all()


def on_screen(path, stage):
    """All that moves, in output pixels: frames x (x, y, zoom, turn, shift)."""
    reach = np.hypot(stage.width, stage.height) / 2
    parts = (path.x, path.y, np.log(path.zoom) * reach, path.angle * reach, path.shift)
    return np.stack(parts, axis=-1)


@quick
@given(plans([move for move in Move if move is not Move.HANDHELD]), stages(), st.integers(24, 240))
def test_no_path_stumbles_as_if_single_frames_were_held_back(plan, stage, frames):
    moved = on_screen(build(plan, stage, frames, seed=0), stage)
    travel = np.ptp(moved, axis=0).sum()
    bend = np.abs(np.diff(moved, 2, axis=0)).max()
    # An eased way bends by some 9 travels per squared frame; a camera that hits a wall and
    # stops from one frame to the next bends by more than its speed, 1.3 travels per frame.
    assert bend <= 16 * travel / frames**2 + 1e-6


@quick
@given(stages(), strengths, st.integers(0, 999))
def test_a_hand_trembles_without_a_jerk(stage, strength, seed):
    path = build(Plan((Move.HANDHELD,), strength), stage, 120, seed)
    moved = on_screen(path, stage)
    assert np.ptp(moved, axis=0).max() > 0.5
    # The fastest of its sines turns 1.96 times a second: (2 pi 1.96 / 24) squared is 0.26.
    assert np.abs(np.diff(moved, 2, axis=0)).max() <= 0.26 * np.ptp(moved, axis=0).max()


@quick
@given(st.integers(2, 1500))
def test_easing_goes_from_nought_to_one_and_never_back(frames):
    e = ease(frames)
    assert len(e) == frames
    assert e[0] == 0
    assert e[-1] == pytest.approx(1, abs=1e-12)
    assert (np.diff(e) >= -1e-12).all()
    assert e + e[::-1] == pytest.approx(np.ones(frames), abs=1e-12)


def test_easing_gathers_speed_and_loses_it_again():
    speed = np.diff(ease(241)) * 240
    assert speed[0] < 0.02
    assert speed[-1] < 0.02
    assert speed[90:150] == pytest.approx(np.full(60, 1 / 0.65), abs=1e-6)
    assert (np.diff(speed[:80]) > 0).all()


def test_the_force_that_moves_a_camera_has_no_kinks():
    tug = np.diff(ease(721), 3)
    # A ramp of the third degree kinks where it begins and ends: there the tug jumps by all of it.
    assert np.abs(np.diff(tug)).max() < 0.1 * np.abs(tug).max()


@pytest.fixture
def stage():
    """A picture wider and higher than the frame, its subject beside the middle."""
    return Stage(
        width=800, height=600, picture_width=1400, picture_height=1100, subject=(800, 500)
    )


def signs(path, stage):
    """Which way each part goes from the first frame to the last: x, y, zoom, turn, shift."""
    moved = on_screen(path, stage)
    return tuple(int(sign) for sign in np.sign(np.round(moved[-1] - moved[0], 9)))


@pytest.mark.parametrize(
    ("move", "way"),
    [
        (Move.PAN_LEFT, (-1, 0, 0, 0, 0)),
        (Move.PAN_RIGHT, (1, 0, 0, 0, 0)),
        (Move.TILT_UP, (0, -1, 0, 0, 0)),
        (Move.TILT_DOWN, (0, 1, 0, 0, 0)),
        (Move.ROLL_LEFT, (0, 0, 0, 1, 0)),
        (Move.ROLL_RIGHT, (0, 0, 0, -1, 0)),
        (Move.ORBIT_LEFT, (-1, 0, 0, 0, -1)),
        (Move.ORBIT_RIGHT, (1, 0, 0, 0, 1)),
        (Move.STATIC, (0, 0, 0, 0, 0)),
    ],
)
def test_each_move_goes_its_own_way_and_no_other(move, way, stage):
    assert signs(build(Plan((move,)), stage, 72, 0), stage) == way


@pytest.mark.parametrize(("move", "way"), [(Move.PUSH, 1), (Move.PULL, -1), (Move.FOLLOW, 1)])
def test_moves_in_and_out_change_the_zoom_all_the_way(move, way, stage):
    zoom = build(Plan((move,)), stage, 72, 0).zoom
    assert (np.diff(zoom) * way > 0).all()
    assert zoom.min() >= 1


def test_a_push_keeps_its_subject_at_its_place_on_the_screen(stage):
    path = build(Plan((Move.PUSH,)), stage, 72, 0)
    assert np.ptp((stage.subject[0] - path.x) * path.zoom) < 1e-6
    assert np.ptp((stage.subject[1] - path.y) * path.zoom) < 1e-6


def test_a_stronger_plan_goes_farther(stage):
    def travel(strength):
        return np.ptp(build(Plan((Move.PUSH,), strength), stage, 72, 0).zoom)

    assert travel(0.6) < travel(1.0) < travel(1.5)


def test_only_the_dolly_zoom_swells_the_surroundings(stage):
    for move in Move:
        path = build(Plan((move,)), stage, 72, 0)
        assert (path.swell[-1] > 0.3) == (move is Move.DOLLY_ZOOM)


def test_a_static_view_is_cut_upright_and_stands_still(stage):
    path = build(Plan((Move.STATIC,)), stage, 72, 0)
    assert path.is_upright
    assert np.ptp(on_screen(path, stage), axis=0).max() == 0


@given(st.integers(0, 99), st.integers(0, 99))
def test_a_hand_trembles_as_its_seed_says(one, other):
    assume(one != other)
    stage = Stage(width=800, height=600, picture_width=800, picture_height=600, subject=(400, 300))
    first, again, second = (
        build(Plan((Move.HANDHELD,)), stage, 48, seed).x for seed in (one, one, other)
    )
    assert (first == again).all()
    assert np.abs(first - second).max() > 0.1


def test_moves_said_together_happen_together(stage):
    path = build(Plan((Move.PUSH, Move.TILT_UP, Move.ROLL_LEFT)), stage, 72, 0)
    assert signs(path, stage) == (0, -1, 1, 1, 0)


def test_a_picture_of_the_shape_of_the_frame_leaves_room_for_a_pan():
    tight = Stage(width=800, height=600, picture_width=800, picture_height=600, subject=(400, 300))
    path = build(Plan((Move.PAN_RIGHT,)), tight, 72, 0)
    assert np.ptp(path.x) > 0.1 * tight.width
    assert np.ptp(path.zoom) == 0
    assert 1 < path.zoom[0] <= 1.35
