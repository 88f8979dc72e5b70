import pytest

from media.render.words import Move, Plan, read_plan

# What is asked for, and the moves that it means; a number is the strength where not the usual one.
ASKED = {
    "push": [
        "zoom in",
        "ZOOM IN!!!",
        "a zoom-in on the eyes",
        "the camera moves closer",
        "the camera glides forward through the hall",
        "we move forward through the forest",
        "the camera pushes in, not pulling out",
        "推近她的脸",
    ],
    "push 0.6": ["slowly push in on her face", "镜头缓慢推进", "镜头慢慢靠近小猫"],
    "push 1.5": ["dolly in quickly", "a dramatic push in", "镜头快速推进"],
    "pull": ["zoom out", "the camera pulls back to reveal the valley", "镜头拉远", "镜头后退"],
    "pull 0.6": ["Zoom out slowly and gently"],
    "pull 1.5": ["dolly out fast"],
    "pan_left": ["pan left", "no zoom in, pan left", "镜头向左摇"],
    "pan_left 0.6": ["pan slowly to the left"],
    "pan_right": ["the camera pans right across the skyline", "镜头右移"],
    "tilt_up": ["tilt up", "crane up over the roofs", "the camera rises above the clouds"],
    "tilt_down": ["tilt down to the shoes", "pedestal down", "镜头下降"],
    "orbit_left": ["orbit left", "镜头向左环绕"],
    "orbit_right": ["orbit around the statue", "we circle the castle", "镜头环绕主体"],
    "roll_left": ["rotate counterclockwise", "逆时针旋转镜头"],
    "roll_right": ["rotate the camera clockwise", "镜头顺时针旋转"],
    "dolly_zoom": ["dolly zoom on the detective", "vertigo effect", "希区柯克变焦"],
    "handheld": [
        "handheld, documentary style",
        "the camera shakes as the train passes",
        "手持镜头",
    ],
    "follow": ["tracking shot of a runner", "the camera follows the dog", "跟拍一只狗"],
    "static": [
        "static shot",
        "locked camera, only the leaves move",
        "don't move the camera",
        "no camera movement",
        "static shot, then zoom in",
        "固定机位",
        "不要移动镜头",
    ],
    "push pan_right": ["zoom in and pan right", "镜头推近并向右摇"],
    "push tilt_up roll_right": ["push in while tilting up and rolling clockwise, handheld"],
}

NO_MOVE = {
    "nothing said": ["", "make her smile", "让她微笑", "a still life with flowers"],
    "negated": [
        "don't zoom out",
        "do not pan left",
        "without tilting up",
        "never orbit around her",
        "不要拉远",
        "镜头不要旋转",
    ],
    "done by people and things": [
        "he pulls out a knife",
        "she pulls back the curtain",
        "a girl turns left and smiles",
        "the dancer spins",
        "a bird rises from the water",
        "the dog follows the ball",
        "the car moves backwards",
        "a man looks up",
        "the planet rotates",
        "waves crash, the boat sways",
        "他向左转头",
        "女孩旋转跳舞",
        "小狗跟着主人跑",
    ],
}


@pytest.mark.parametrize(
    ("caption", "plan"), [(caption, plan) for plan, some in ASKED.items() for caption in some]
)
def test_a_caption_moves_the_camera_as_it_says(caption, plan):
    *moves, strength = plan.split() if plan[-1].isdigit() else [*plan.split(), "1"]
    assert read_plan(caption) == Plan(tuple(map(Move, moves)), float(strength))


@pytest.mark.parametrize(
    "caption", [caption for captions in NO_MOVE.values() for caption in captions]
)
def test_a_caption_that_asks_for_no_move_gets_a_gentle_push_in(caption):
    assert read_plan(caption) == Plan((Move.PUSH,), 0.8)


def test_without_a_move_slow_is_gentler_and_fast_is_not_wilder():
    assert read_plan("slow rain").strength < read_plan("rain").strength
    assert read_plan("fast cars").strength == read_plan("cars").strength


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("zoom in", "zoom out"),
        ("pan left", "pan right"),
        ("tilt up", "tilt down"),
        ("rotate clockwise", "rotate counterclockwise"),
        ("orbit left", "orbit right"),
        ("镜头推近", "镜头拉远"),
    ],
)
def test_of_two_opposites_the_first_one_said_counts(first, second):
    assert read_plan(f"{first}, {second}") == read_plan(first)
    assert read_plan(f"{second}, {first}") == read_plan(second)
    assert read_plan(first) != read_plan(second)


def test_at_most_three_moves_are_combined_in_the_order_said():
    plan = read_plan("handheld, pan left, tilt up, zoom in, roll clockwise")
    assert plan.moves == (Move.HANDHELD, Move.PAN_LEFT, Move.TILT_UP)


def test_a_negation_ends_with_its_clause():
    assert read_plan("don't zoom out, tilt up").moves == (Move.TILT_UP,)
    assert read_plan("不要推近，向左摇").moves == (Move.PAN_LEFT,)
