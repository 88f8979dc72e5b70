"""Camera moves read from the words of a caption, in English and Chinese."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Move(StrEnum):
    PUSH = "push"
    PULL = "pull"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    TILT_UP = "tilt_up"
    TILT_DOWN = "tilt_down"
    ROLL_LEFT = "roll_left"
    ROLL_RIGHT = "roll_right"
    ORBIT_LEFT = "orbit_left"
    ORBIT_RIGHT = "orbit_right"
    DOLLY_ZOOM = "dolly_zoom"
    HANDHELD = "handheld"
    FOLLOW = "follow"
    STATIC = "static"


@dataclass(frozen=True, slots=True)
class Plan:
    """Moves to combine, in the order they were said, and how strong they are (1: usual)."""

    moves: tuple[Move, ...]
    strength: float = 1.0


_OPPOSITES = (
    {Move.PUSH, Move.PULL, Move.DOLLY_ZOOM, Move.FOLLOW},
    {Move.PAN_LEFT, Move.PAN_RIGHT},
    {Move.TILT_UP, Move.TILT_DOWN},
    {Move.ROLL_LEFT, Move.ROLL_RIGHT},
    {Move.ORBIT_LEFT, Move.ORBIT_RIGHT},
)
_MOST = 3

_HOW = r"(?:\W*(?:very|slowly|slow|gently|gentle|slightly|softly|quickly|fast|rapidly|smoothly|steadily))*\W*"
_TO = r"(?:to\s+(?:the\s+)?|towards?\s+(?:the\s+)?)?"
_OBJECT = r"(?!\s+(?:of|a|an|the|his|her|its|their|some|my|your)\b)"

# What names a camera move wherever it stands.
_PLAIN: tuple[tuple[Move, str], ...] = (
    (
        Move.DOLLY_ZOOM,
        r"dolly[\s-]?zoom\w*|vertigo(?:\s+effect)?|hitchcock\w*|希区柯克\S{0,4}|滑动变焦",
    ),
    (
        Move.PUSH,
        rf"\b(?:push|zoom|dolly)(?:es|s|ing|ed)?{_HOW}-?in\b|推近|推进|拉近|推镜头?|前推|镜头推|放大",
    ),
    (
        Move.PULL,
        (
            rf"\b(?:pull|zoom|dolly)(?:s|ing|ed)?{_HOW}-?(?:out|back|away)\b{_OBJECT}"
            r"|拉远|拉开|后拉|拉镜头?|镜头拉|缩小|推远"
        ),
    ),
    (
        Move.PAN_LEFT,
        rf"\b(?:pan|truck)(?:s|ning|ing)?{_HOW}{_TO}left\b{_OBJECT}|左摇|(?<!向)左移|向左(?:平移|摇|横移)|左平移",
    ),
    (
        Move.PAN_RIGHT,
        (
            rf"\b(?:pan|truck)(?:s|ning|ing)?{_HOW}{_TO}right\b|右摇|(?<!向)右移|向右(?:平移|摇|横移)|右平移"
            r"|摇镜头?"
        ),
    ),
    (
        Move.TILT_UP,
        rf"\b(?:tilt|pan|crane|pedestal)(?:s|ning|ing)?{_HOW}up(?:wards?)?\b|上摇|(?<!向)上移|向上(?:摇|倾)|镜头上?升",
    ),
    (
        Move.TILT_DOWN,
        rf"\b(?:tilt|pan|crane|pedestal)(?:s|ning|ing)?{_HOW}down(?:wards?)?\b|下摇|(?<!向)下移|向下(?:摇|倾)|镜头下?降",
    ),
    (Move.ORBIT_LEFT, rf"\b(?:orbit|arc)(?:s|ing)?{_HOW}{_TO}left\b|向左环绕|左环绕"),
    (Move.ORBIT_RIGHT, r"\borbit(?:s|ing)?\b|\barc\s+shot\b|环绕|绕拍|绕着"),
    (Move.HANDHELD, r"\bhand[\s-]?held\b|\bshaky(?:\s+cam\w*)?\b|手持(?:镜头|拍摄)?"),
    (
        Move.FOLLOW,
        r"\bfollow(?:ing)?[\s-](?:shot|cam\w*)\b|\btracking[\s-]shot\b|跟拍|跟随镜头|镜头跟随",
    ),
    (
        Move.STATIC,
        r"\b(?:static|still|fixed|locked)\s+(?:camera|shot)\b|\btripod\b|固定(?:镜头|机位)|镜头(?:保持)?(?:静止|不动|固定)|\bcamera\W+(?:(?:is|stays?|remains?|held)\W+)?(?:static|still|fixed|locked)\b",
    ),
)

# What is a camera move only where the camera (or we) does it: people rotate and follow too.
_OF_CAMERA: tuple[tuple[Move, str], ...] = (
    (
        Move.PUSH,
        r"\b(?:mov|glid|fl|com|go|get|creep|drift|approach)\w*\W+(?:forwards?|in|closer|nearer|towards?)\b|靠近|前移|向前",
    ),
    (
        Move.PULL,
        r"\b(?:mov|glid|fl|go|back|drift|retreat|withdraw|pull)\w*\W+(?:backwards?|back|out|away|off)\b|后退|远离|后移|向后",
    ),
    (Move.PAN_LEFT, r"\b(?:mov|glid|fl|drift|slid|sweep|turn)\w*\W+(?:to\W+the\W+)?left\b|向左"),
    (
        Move.PAN_RIGHT,
        r"\b(?:mov|glid|fl|drift|slid|sweep|turn)\w*\W+(?:to\W+the\W+)?right\b|向右|横移|平移|\bpan(?:s|ning)?\b(?!\W+(?:\w+\W+){0,3}(?:left|right|up|down)|\W+of\b)",
    ),
    (
        Move.TILT_UP,
        r"\b(?:(?:mov|glid|fl|drift|look)\w*\W+up(?:wards?)?|ris(?:e|es|ing)|climb\w*|ascend\w*)\b|上升|升起|向上",
    ),
    (
        Move.TILT_DOWN,
        r"\b(?:(?:mov|glid|fl|drift|look)\w*\W+down(?:wards?)?|descend\w*|sink\w*|lower\w*)\b|下降|落下|向下",
    ),
    (Move.ORBIT_RIGHT, r"\b(?:circl|revolv)\w*\b|\b(?:mov|fl|go)\w*\W+around\b|绕"),
    (
        Move.ROLL_LEFT,
        r"\b(?:(?:rotat|roll|spin|turn|twist)\w*\W+)?(?:counter|anti)[\s-]?clockwise\b|逆时针\S{0,2}",
    ),
    (
        Move.ROLL_RIGHT,
        r"(?<![-\w])clockwise\b|\b(?:rotat\w*|roll(?:s|ing|ed)?|spin\w*|twist\w*)\b|顺时针\S{0,2}|旋转|转动|翻转",
    ),
    (Move.HANDHELD, r"\b(?:shak|wobbl|sway)\w*\b|摇晃|抖动|晃动"),
    (Move.FOLLOW, r"\b(?:follow|track|chas)\w*\b|跟随|跟拍|追随|跟着"),
)

_CAMERA = re.compile(
    r"\b(?:camera|shot|lens|view|viewpoint|frame|we)\b|镜头|画面|视角|相机|摄像机", re.IGNORECASE
)
_ALONE = re.compile(
    r"^\W*(?:(?:a|an|the|and|then|slow|slowly|gentle|gently|fast|quick|quickly|smooth)\W+)*$",
    re.IGNORECASE,
)
_ALONE_CHINESE = re.compile(r"^\W*(?:缓慢|慢慢|缓缓|快速|轻轻|地|的|并|然后)*$")
# Looking at the camera is not being the camera.
_AT_CAMERA = re.compile(
    r"\b(?:at|to|towards?|into|for|faces?|facing)\s+the\s+(?:camera|lens)\b"
    r"|(?:看|面|朝|对)(?:着|向)?(?:镜头|相机)",
    re.IGNORECASE,
)
# "spinning dancer": what happens to a noun is not said of the camera.
_OF_NOUN = re.compile(
    r"ing\s+(?!(?:in|out|up|down|left|right|to|towards?|around|over|through|along|across|shot"
    r"|camera|view|slow\w*|gent\w*|fast|quick\w*|smooth\w*|(?:counter|anti)?-?clockwise|and)\b)[a-z]",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.,;:!?\n，。；：！？、]|\b(?:while|as|but|when)\b", re.IGNORECASE)
_NOT = re.compile(
    r"(?:\b(?:no|not|never|without|avoid|don'?t|doesn'?t|isn'?t|stop)\b|n[’']t\b)\W*(?:\w+\W+){0,2}$"
    r"|(?:不要|不用|不能|别|勿|无需|没有|禁止|不)[^，。,.]{0,4}$",
    re.IGNORECASE,
)
_STAND = re.compile(
    r"(?:\bno\b|\bwithout\b|\bdon[’']?t\b|\bdo not\b)\W+(?:any\W+)?(?:camera\W+(?:mov|motion)|mov\w*\W+the\W+camera)\w*"
    r"|\bcamera\W+(?:does\W+not|doesn[’']t|is\W+not|isn[’']t)\W+mov\w*|(?:不要|不)(?:移动|动)镜头|无运镜|镜头不动",
    re.IGNORECASE,
)
_SLOW = re.compile(
    r"\b(?:slow\w*|gentl\w*|subtl\w*|slight\w*|soft\w*|calm\w*)\b|缓慢|慢慢|缓缓|轻轻|微微|轻微",
    re.IGNORECASE,
)
_FAST = re.compile(
    r"\b(?:fast|quick\w*|rapid\w*|dramatic\w*|sudden\w*|strong\w*)\b|快速|迅速|猛|剧烈|急",
    re.IGNORECASE,
)


def read_plan(caption: str) -> Plan:
    """The moves a caption asks for; a slow push in where it names none."""
    if _STAND.search(caption):
        return Plan((Move.STATIC,))
    found = sorted(_found(caption))
    moves: list[Move] = []
    for _, _, move in found:
        if move is Move.STATIC:
            return Plan((Move.STATIC,))
        rivals = next((group for group in _OPPOSITES if move in group), {move})
        if not rivals & set(moves) and len(moves) < _MOST:
            moves.append(move)
    strength = 0.6 if _SLOW.search(caption) else 1.5 if _FAST.search(caption) else 1.0
    if not moves:
        return Plan((Move.PUSH,), min(strength, 1.0) * 0.8)
    return Plan(tuple(moves), strength)


def _found(caption: str) -> list[tuple[int, int, Move]]:
    """Position, rank and kind of every move that is meant, not negated; none inside another."""
    found: list[tuple[int, int, Move]] = []
    taken: list[tuple[int, int]] = []
    rules = [(move, rule, False) for move, rule in _PLAIN]
    rules += [(move, rule, True) for move, rule in _OF_CAMERA]
    for rank, (move, rule, needs_camera) in enumerate(rules):
        for match in re.finditer(rule, caption, re.IGNORECASE):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            before = _CLAUSE.split(caption[: match.start()])[-1]
            clause = match.start() - len(before)
            # "tilting up and rolling": who has moved the camera in a clause goes on doing so.
            goes_on = any(clause <= start < match.start() for start, _ in taken)
            if (
                needs_camera
                and not goes_on
                and not _is_of_camera(before, caption[match.end() - 3 :])
            ):
                continue
            taken.append(match.span())
            if not _NOT.search(before):
                found.append((match.start(), rank, move))
    return found


def _is_of_camera(before: str, after: str) -> bool:
    """Whether the camera does it: it is named earlier in the clause, or nobody is.

    `after` begins with the last three letters of what was found.
    """
    if _CAMERA.search(_AT_CAMERA.sub(" ", before)):
        return True
    alone = _ALONE.match(before) or _ALONE_CHINESE.match(before)
    return bool(alone) and not _OF_NOUN.match(after)
