"""The site's codes, of answers and of failed jobs: whose matter each is, and what helps.

Read by other clients from the site's own page; those of the 20xx family are the least sure.
"""

import re
from datetime import timedelta

from core.errors import AccountError, ProviderError, ThrottledError
from core.words import Sentence, say
from providers import verdicts
from providers.base import Blame, Refused
from providers.dreamina.workbench import Reply

RISK = frozenset({"1019", "1021", "-4", "-6", "4013"})
EXPIRED = frozenset({"1015", "34010105"})
SESSION_EXPIRED = (
    "DREAMINA_SESSIONID: the session has expired: log in at jimeng.jianying.com, "
    "put the new value in DREAMINA_SESSIONID and restart"
)
_PUNISHED = "1018"
_BUSY = frozenset({"1", "1057", "2014", "2020", "10020", "1010"})
_COOLDOWN = timedelta(seconds=60)
_LOOK_LATER = timedelta(minutes=1)

_LANGUAGE = say(
    "The service does not know the language of these words. Write them in another one."
)
_UNKNOWN = say(
    "The service refused this video for a reason that the bot does not know ({code}); its "
    "owners are told."
)
_CONTENT: dict[str, Sentence] = {
    **dict.fromkeys(("1063", "2005", "2038", "2047"), verdicts.WORDS),
    **dict.fromkeys(("2003", "2039", "2041"), verdicts.PICTURE),
    **dict.fromkeys(("1159", "2050", "2048"), verdicts.COPYRIGHT),
    **dict.fromkeys(("2004", "2042", "2035", "2046", "2043"), verdicts.CONTENT),
    **dict.fromkeys(("1161", "1162"), _LANGUAGE),
}
_FAILED = frozenset({"2002", "100402"})
_SHAPE = "the site refused the shape of the request; DREAMINA_DRAFT_STYLE names the other one"
_CREDITS = (
    "no credits for this video, or none of the kind it needs: see your balance at "
    "jimeng.jianying.com"
)
_RIGHTS = "the account may not do this"
_OWNERS = {
    **dict.fromkeys(("1000", "1001", "1002", "34010100"), _SHAPE),
    **dict.fromkeys(("1006", "5000"), _CREDITS),
    **dict.fromkeys(("1017", "4003"), _RIGHTS),
    "1014": "the signature is refused: is this machine's clock right, and the session still good?",
    "3018": "permission denied: the account lacks the right, or the site wants a newer page",
    "3021": "only for accounts in the beta",
    "4010": "a notice must be accepted at jimeng.jianying.com first",
    "121101": "the account's limit for today is reached",
}
_OUTPUT = frozenset({"2004", "2042"})
_REJECTED_BEFORE, _REJECTED_AFTER = 10, 40
# A failed job names its reason by a key, even where it has no code.
_KEYS = (
    (("text_violates", "prompt_violate"), verdicts.WORDS),
    (("image_violates", "inputimagerisk"), verdicts.PICTURE),
    (("generate_copyright_block",), verdicts.COPYRIGHT),
    (("outputvideorisk", "video_violates"), verdicts.RESULT),
)


def judge(reply: Reply) -> Refused:
    """What a no means before anything was taken; raises where not this order was the matter."""
    if reply.ret in EXPIRED:
        raise AccountError(SESSION_EXPIRED)
    if reply.ret == _PUNISHED:
        raise AccountError(
            "DREAMINA_SESSIONID: the site has blocked this account from making videos (ret 1018): "
            "see what it says at jimeng.jianying.com, then restart"
        )
    if reply.ret in _BUSY:
        raise ThrottledError(f"busy (ret {reply.ret})", retry_in=_COOLDOWN)
    return _refusal(reply.ret, describe(reply))


def failed_look(reply: Reply) -> ProviderError:
    """What a refused look means: it says nothing about the video, which may well be made."""
    if reply.ret in EXPIRED:
        return AccountError(SESSION_EXPIRED, retry_in=_LOOK_LATER)
    if reply.ret in _BUSY:
        return ThrottledError(f"busy (ret {reply.ret})", retry_in=_COOLDOWN)
    return ProviderError(f"the look was refused ({describe(reply)})", retry_in=_LOOK_LATER)


def failure(status: int | None, code: str, key: str) -> Refused:
    """Why a job failed: by its code, else by the words in its key, else by its status."""
    key = key.lower()
    if "rejectface" in key:
        return Refused(blame=Blame.PERSON, reason=verdicts.PERSON)
    if code in _CONTENT.keys() - _OUTPUT or code in _OWNERS:
        return _refusal(code, f"fail code {code}")
    for words, reason in _KEYS:
        if any(word in key for word in words):
            return Refused(blame=Blame.INPUT, reason=reason)
    if status == _REJECTED_AFTER or code in _OUTPUT:
        return Refused(blame=Blame.INPUT, reason=verdicts.RESULT)
    if status == _REJECTED_BEFORE:
        return Refused(blame=Blame.INPUT, reason=verdicts.CONTENT)
    return Refused(blame=Blame.BUSY, reason=verdicts.FAILED)


def is_risk(code: str, key: str) -> bool:
    """Whether a job failed because the account, not the job, looked odd to the site."""
    return code in RISK or ("risk_control" in key and "reject_generation" in key)


def describe(reply: Reply) -> str:
    """An answer for the owners, without what might be an address, and short."""
    said = re.sub(r"\S*://\S*", "...", reply.errmsg or "")
    parts = [f"ret {reply.ret}", " ".join(said.split())[:120], f"log id {reply.logid or '-'}"[:60]]
    return ", ".join(part for part in parts if part)


def _refusal(code: str, details: str) -> Refused:
    if code in _CONTENT:
        return Refused(blame=Blame.INPUT, reason=_CONTENT[code])
    if code in _FAILED:
        return Refused(blame=Blame.BUSY, reason=verdicts.FAILED)
    if code in _OWNERS:
        owners = f"Dreamina: {_OWNERS[code]} ({details})"
        return Refused(blame=Blame.ACCOUNT, reason=verdicts.OURS, owners=owners)
    reason = say(_UNKNOWN.template, code=code)
    return Refused(blame=Blame.BUSY, reason=reason, owners=f"Dreamina refused: {details}")
