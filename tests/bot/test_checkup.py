"""What the doctor of a chat says about who may order there, and who pays."""

from datetime import timedelta

import pytest
from telegram import Chat

from bot.checkup import who_pays
from bot.tariff import Tariff
from core.capabilities import Capabilities
from core.credits import Balance
from jobs.ports import now
from providers.offer import Catalog
from storage.accounts import Account
from tests.factories import policy


class Offering(Catalog):
    """Models that can all be ordered."""

    def known(self):
        return self.providers

    def models(self):
        return self.providers


FREE = Capabilities(model="local/camera", title="Camera")
PAID = Capabilities(model="wan/best", title="Best", price=2)
OPEN, CLOSED = policy(), policy(closed=True)
STRANGER, ALLOWED = Account(id=-5), Account(id=-5, allowed=True)
OUT = Account(id=-5, banned=True, banned_until=now() + timedelta(days=1))
LET_IN = "❌ Only people whom my owners let in can order. For everybody: an owner writes "
CHANNEL_OUT = "❌ My owners have not let this channel in: an owner writes "
NOTHING_LEFT = "❌ There are no credits: an owner writes <code>/grant {} 100</code>."
ONLY_FREE = (
    "❌ There are no credits, so only models that cost nothing can be used: an owner writes "
    "<code>/grant {} 100</code>."
)


@pytest.mark.parametrize(
    ("kind", "rules", "account", "models", "left", "lines"),
    [
        ("group", OPEN, STRANGER, [FREE], 0, ["✅ Videos cost nothing."]),
        ("group", OPEN, STRANGER, [FREE, PAID], 0, ["✅ Everybody spends their own credits."]),
        (
            "group",
            CLOSED,
            STRANGER,
            [FREE],
            0,
            [LET_IN + "<code>/allow here</code>.", "✅ Videos cost nothing."],
        ),
        (
            "group",
            CLOSED,
            STRANGER,
            [PAID],
            0,
            [LET_IN + "<code>/allow here</code>.", NOTHING_LEFT.format("here")],
        ),
        ("group", CLOSED, ALLOWED, [FREE], 0, ["✅ Videos cost nothing."]),
        ("group", CLOSED, ALLOWED, [FREE, PAID], 0, [ONLY_FREE.format("here")]),
        (
            "group",
            CLOSED,
            ALLOWED,
            [FREE, PAID],
            1,
            ["✅ Whoever is let in spends their own credits, all others this group's 1 credit."],
        ),
        (
            "group",
            OPEN,
            OUT,
            [FREE],
            9,
            ["❌ My owners have kept this chat out: nothing can be ordered from here."],
        ),
        (
            "channel",
            CLOSED,
            STRANGER,
            [PAID],
            0,
            [CHANNEL_OUT + "<code>/allow -5</code>.", NOTHING_LEFT.format(-5)],
        ),
        (
            "channel",
            OPEN,
            STRANGER,
            [PAID],
            30,
            ["✅ Videos are paid from 30 credits that the owners gave."],
        ),
        ("channel", OPEN, STRANGER, [FREE], 0, ["✅ Videos cost nothing."]),
    ],
)
def test_who_may_order_and_who_pays(kind, rules, account, models, left, lines):
    chat = Chat(-5, kind, title="Friends")
    where = "here" if kind == "group" else chat.id
    balance = Balance(daily=0, granted=left)
    tariff = Tariff(Offering(models), rules.prices)

    found = who_pays(chat, rules, account, balance, tariff, where=where)

    assert list(map(str, found)) == lines
