"""What the emulated DashScope says when it refuses, and with which HTTP status."""

from typing import Any

_STATUSES = {
    "InvalidApiKey": 401,
    "AccessDenied": 403,
    "Model.AccessDenied": 403,
    "Workspace.AccessDenied": 403,
    "AllocationQuota": 403,
    "ModelNotFound": 404,
    "WorkSpaceNotFound": 404,
    "NotFound": 404,
    "Throttling": 429,
    "CommodityNotPurchased": 429,
    "PrepaidBillOverdue": 429,
    "PostpaidBillOverdue": 429,
    "InternalError": 500,
    "SystemError": 500,
    "ModelServiceFailed": 500,
    "RequestTimeOut": 500,
    "RewriteFailed": 500,
    "ModelServingError": 503,
    "ModelUnavailable": 503,
    "ServiceUnavailable": 503,
}


def status_of(code: str) -> int:
    """The status that goes with a code; `Throttling.RateQuota` has that of `Throttling`."""
    return _STATUSES.get(code) or _STATUSES.get(code.partition(".")[0], 400)


class RefusalError(Exception):
    """The service does not take a request."""

    def __init__(self, code: str, message: str = "", *, status: int | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message or f"Refused with {code}."
        self.status = status_of(code) if status is None else status

    def body(self, request_id: str) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "request_id": request_id}


class TooLargeError(Exception):
    """The gateway takes no body of this size; it answers 413 without a code."""


def invalid(message: str) -> RefusalError:
    return RefusalError("InvalidParameter", message)


def wrong_path() -> RefusalError:
    return invalid("url error, please check url!")


def not_fetched(message: str) -> RefusalError:
    """The media could not be had, or not be looked at."""
    return RefusalError("InvalidParameter.DataInspection", message)
