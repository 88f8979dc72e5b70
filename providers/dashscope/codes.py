"""DashScope's error codes: whose matter each is, and what helps. The code decides, not the status."""

import httpx
from pydantic import ValidationError

from core.errors import AccountError, ProviderError, ThrottledError, UncertainError
from core.words import say
from providers import verdicts
from providers.base import Blame, Refused
from providers.dashscope.replies import Reply
from providers.web.wire import SOON, retry_after

_ACCOUNT = {
    "Arrearage": "the account is in arrears: pay the bill",
    "CommodityNotPurchased": "the service was not bought",
    "PrepaidBillOverdue": "the prepaid bill is overdue",
    "PostpaidBillOverdue": "the bill is overdue",
    "InvalidApiKey": "the key is wrong, expired, or of another region than the base URL",
    "Workspace.AccessDenied": "the key may not use this workspace",
    "AllocationQuota.FreeTierOnly": "the free quota is used up, and the account stops there",
}
_MODEL = {
    "AccessDenied": "the key may not use this model",
    "AccessDenied.Unpurchased": "this model was not bought",
    "Model.AccessDenied": "the key may not use this model",
    "ModelNotFound": "the region of DASHSCOPE_HTTP_BASE_URL has no such model",
    "WorkSpaceNotFound": "there is no such workspace in the region of DASHSCOPE_HTTP_BASE_URL",
    "NotFound": "the region of DASHSCOPE_HTTP_BASE_URL has no such model",
}
_CONTENT = {
    "DataInspectionFailed": verdicts.CONTENT,
    "IPInfringementSuspect": verdicts.COPYRIGHT,
    "CustomRoleBlocked": verdicts.CONTENT,
    "FaqRuleBlocked": verdicts.CONTENT,
}
_ONCE_MORE = (
    "InvalidParameter.DataInspection",
    "InvalidURL.Timeout",
    "BadRequest.InputDownloadFailed",
)
_BROKEN = (
    "InternalError", "SystemError", "ModelServiceFailed", "RequestTimeOut", "RewriteFailed",
    "ModelServingError", "ModelUnavailable", "ServiceUnavailable",
)  # fmt: skip


def refusal(code: str) -> Refused:
    """A final no by its code, of an order or of a task that failed."""
    if code in _CONTENT:
        return Refused(blame=Blame.INPUT, reason=_CONTENT[code])
    if "NoHuman" in code:
        return Refused(blame=Blame.INPUT, reason=verdicts.NOBODY)
    if code in _ONCE_MORE or code.startswith(_BROKEN):
        return Refused(blame=Blame.BUSY, reason=verdicts.FAILED, once_more=True)
    if code.startswith(("InvalidFile", "InvalidImage", "InvalidURL")):
        return Refused(blame=Blame.INPUT, reason=say(verdicts.UNFIT_PICTURE.template, code=code))
    return Refused(blame=Blame.INPUT, reason=say(verdicts.UNFIT.template, code=code))


def judge(reply: httpx.Response, *, paid: bool) -> Refused:
    """What a reply without a task means; raises where the call, not the order, was refused."""
    code, status = _code(reply), reply.status_code
    if code in _ACCOUNT:
        raise AccountError(f"DASHSCOPE_API_KEY: {_ACCOUNT[code]} ({code})")
    if code in _MODEL:
        owners = f"DashScope: {_MODEL[code]} ({code})"
        return Refused(blame=Blame.ACCOUNT, reason=verdicts.OURS, owners=owners)
    if code.startswith("Throttling") or (status == httpx.codes.TOO_MANY_REQUESTS and not code):
        raise ThrottledError(f"throttled ({code})", retry_in=retry_after(reply.headers, 20))
    if status == httpx.codes.SERVICE_UNAVAILABLE:
        raise ProviderError(f"overloaded ({code})", retry_in=retry_after(reply.headers, 10))
    if (reply.is_client_error and (code or paid)) or (reply.is_success and code):
        return refusal(code or f"HTTP {status}")
    if paid:
        raise UncertainError(f"HTTP {status} ({code})")
    raise ProviderError(f"HTTP {status} ({code})", retry_in=SOON)


def _code(reply: httpx.Response) -> str:
    try:
        return Reply.model_validate_json(reply.content).code or ""
    except ValidationError:
        return ""
