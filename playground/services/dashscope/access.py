"""Who may call the emulated DashScope, what of it, and what a test has ordered to go wrong."""

import hashlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from playground.services.dashscope.errors import RefusalError
from playground.services.dashscope.models import Region

# A key of one region is no key in another.
KEYS: dict[Region, str] = {
    "beijing": "sk-11111111111111111111111111111111",
    "singapore": "sk-22222222222222222222222222222222",
    "virginia": "sk-33333333333333333333333333333333",
}
ACCOUNT = "1000000000000001"


@dataclass(frozen=True, slots=True)
class Caller:
    account: str
    key_id: str


class Access:
    """Keys with their accounts, and everything that closes a door."""

    def __init__(self, region: Region) -> None:
        self.keys = {KEYS[region]: ACCOUNT}
        self.workspaces = {"ws-playground"}
        self.in_arrears: set[str] = set()
        self.closed_models: set[str] = set()
        self.spent: set[tuple[str, str]] = set()  # free quotas: account and model
        self.refusals: deque[RefusalError] = deque()
        self.failures: deque[tuple[str, str]] = deque()

    def caller(self, headers: Mapping[str, str]) -> Caller:
        scheme, _, key = headers.get("Authorization", "").partition(" ")
        account = self.keys.get(key)
        if scheme != "Bearer" or account is None:
            raise RefusalError("InvalidApiKey", "Invalid API-key provided.")
        workspace = headers.get("X-DashScope-WorkSpace")
        if workspace and workspace not in self.workspaces:
            raise RefusalError("WorkSpaceNotFound", f"There is no workspace {workspace}.")
        return Caller(account, hashlib.sha256(key.encode()).hexdigest()[:8])

    def check_may_order(self, caller: Caller, model: str) -> None:
        if caller.account in self.in_arrears:
            raise RefusalError("Arrearage", "Access denied, the account is not in good standing.")
        if model in self.closed_models:
            raise RefusalError("Model.AccessDenied", f"Model access denied: {model}.")
        if (caller.account, model) in self.spent:
            raise RefusalError("AllocationQuota.FreeTierOnly", "The free tier is exhausted.")
