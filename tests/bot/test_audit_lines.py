"""Lines of the audit: what the database keeps in our words is said in the reader's."""

import pytest

from bot.handlers.audit import _WORDS, lines_of
from bot.translations import plain, translate
from storage.audit import Entry
from tests.factories import NOON

ANNA, BORIS = 7, 8
DAY = NOON.isoformat()[:10]


@pytest.mark.parametrize(
    ("action", "detail", "english", "chinese"),
    [
        ("role", "none", "changed the role of Boris (8): none", "更改了 Boris (8) 的角色：无"),
        ("role", "admin", "changed the role of Boris (8): admin", "更改了 Boris (8) 的角色：管理员"),
        ("quota", "default", "Boris (8): as many as everybody", "Boris (8) 的每日点数：与所有人相同"),
        ("quota", "5", "set the daily credits of Boris (8): 5", "设置了 Boris (8) 的每日点数：5"),
        ("maintenance", "on", "Anna (7) switched maintenance on", "开启了维护"),
        ("maintenance", f"on until {DAY} 12:00", f"on until {DAY} 12:00 UTC", f"直到 {DAY} 12:00 UTC"),
        ("maintenance", "off", "switched maintenance off", "关闭了维护"),
        ("broadcast", "4: running", "let broadcast 4 go out", "让群发 4 发出"),
        ("broadcast", "4: stopped", "stopped broadcast 4", "停止了群发 4"),
        ("remove", "video 3 in chat -9", "removed video 3 of Boris (8)", "移除了 Boris (8) 的视频 3"),
        ("ban", NOON.isoformat(), f"kept Boris (8) out until {DAY} 12:00 UTC", "封禁了 Boris (8)"),
        ("grant", "", "credits to Boris (8); how many is no longer known", "点数不再可知"),
        ("take", "", "credits from Boris (8); how many is no longer known", "点数不再可知"),
        ("remove", "", "removed video (no longer known) of Boris (8)", "视频 （不再可知）"),
        ("role", "", "the role of Boris (8): (no longer known)", "的角色：（不再可知）"),
        ("ban", "", "Anna (7) kept Boris (8) out", "封禁了 Boris (8)"),
        ("revive", "local: 2", "Anna (7) woke 2 keys of local", "重新启用了 local 的 2 个密钥"),
        ("set", "credits.daily: 60 -> 5", "set credits.daily: 60 -> 5", "设置了 credits.daily"),
    ],
)  # fmt: skip
def test_an_act_is_told_in_the_readers_language(action, detail, english, chinese):
    entry = Entry(at=NOON, by=ANNA, action=action, account=BORIS, detail=detail)

    (line,) = lines_of(entry, {ANNA: "Anna", BORIS: "Boris"})

    assert plain(translate(line, "en")).endswith(english)
    assert chinese in plain(translate(line, "zh"))


@pytest.mark.parametrize("detail", ["", "odd"])
@pytest.mark.parametrize("action", _WORDS)
def test_every_act_can_be_told_whatever_is_left_of_it(action, detail):
    entry = Entry(at=NOON, by=ANNA, action=action, account=0, detail=detail)

    (line,) = lines_of(entry, {ANNA: "Anna"})

    assert "Anna (7)" in plain(translate(line, "zh"))
