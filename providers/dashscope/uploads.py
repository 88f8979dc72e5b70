"""Temporary storage of DashScope: a file goes up with a signed form and is then an oss:// address."""

import asyncio
import secrets
from pathlib import Path

import httpx
from pydantic import BaseModel

from core.errors import ProviderError
from providers.web.wire import SOON, Web

_TYPES = {".jpg": "image/jpeg", ".mp3": "audio/mpeg", ".wav": "audio/x-wav"}


class Policy(BaseModel):
    """A form that lets files up for five minutes, for one model of one account."""

    policy: str
    signature: str
    upload_dir: str
    upload_host: str
    oss_access_key_id: str
    x_oss_object_acl: str = "private"
    x_oss_forbid_overwrite: str = "true"

    async def upload(self, web: Web, file: Path) -> str:
        """Send one file up; gives its oss:// address."""
        # Overwriting is forbidden: a name is used once.
        key = f"{self.upload_dir}/{secrets.token_hex(12)}{file.suffix}"
        kind = _TYPES.get(file.suffix, "application/octet-stream")
        form = {
            "OSSAccessKeyId": self.oss_access_key_id,
            "Signature": self.signature,
            "policy": self.policy,
            "key": key,
            "x-oss-object-acl": self.x_oss_object_acl,
            "x-oss-forbid-overwrite": self.x_oss_forbid_overwrite,
            "success_action_status": "200",
            "x-oss-content-type": kind,
        }
        # The storage wants the file last; no key of ours goes there.
        content = {"file": (file.name, await asyncio.to_thread(file.read_bytes), kind)}
        reply = await web.call("POST", self.upload_host, data=form, files=content)
        if reply.status_code != httpx.codes.OK:
            raise ProviderError(f"the upload gave HTTP {reply.status_code}", retry_in=SOON)
        return f"oss://{key}"


class PolicyReply(BaseModel):
    data: Policy
