"""How an account stands with the bot, in words."""

from datetime import datetime

from core.access import Policy, Role
from core.words import Sentence, say
from storage.accounts import Account

ROLE_NAMES = {
    Role.NOBODY: say("none"),
    Role.SUPPORT: say("support"),
    Role.ADMIN: say("admin"),
    Role.OWNER: say("owner"),
}


def standing(account: Account, policy: Policy, now: datetime) -> Sentence:
    if account.is_kept_out(now):
        if account.banned_until:
            return say("kept out until {moment} UTC", moment=minute(account.banned_until))
        return say("kept out")
    if policy.is_owner(account.id) or account.allowed:
        return say("let in")
    return say("not let in") if policy.closed else say("may use the bot, as everybody")


def minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"


def day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "-"


def name_of(account: Account) -> str:
    handle = f" @{account.username}" if account.username else ""
    return f"{account.name}{handle}".strip() or "-"
