"""The variables of Volcengine: pairs of keys, and the label of results that an owner may want."""

import json

from core.errors import SettingsError
from providers.base import Kit
from providers.volcengine.models import MODELS, configured
from providers.volcengine.service import Volcengine

ADDRESS = "https://visual.volcengineapi.com"
_LONGEST = 256  # characters of each part of a label


def build(kit: Kit) -> Volcengine | None:
    """On with VOLC_ACCESSKEY and VOLC_SECRETKEY; raises SettingsError for what does not fit."""
    secrets = read_secrets(kit)
    if not secrets:
        return None
    address = kit.address("VOLC_VISUAL_URL", ADDRESS)
    jimengs = [*MODELS, *configured(kit.keys("VOLC_REQ_KEYS"))]
    return Volcengine(kit, secrets, address, jimengs, read_label(kit))


def read_secrets(kit: Kit) -> list[tuple[str, str]]:
    """Access keys with their secrets; raises SettingsError where they do not pair up."""
    access, secret = kit.keys("VOLC_ACCESSKEY"), kit.keys("VOLC_SECRETKEY")
    if len(access) != len(secret):
        raise SettingsError(
            f"VOLC_ACCESSKEY, VOLC_SECRETKEY: {len(access)} and {len(secret)} keys do not pair up"
        )
    return list(zip(access, secret, strict=True))


def read_label(kit: Kit) -> str | None:
    """`req_json` with the label "made by AI" that the service writes into a result."""
    names = {"producer_id": "VOLC_AIGC_PRODUCER", "content_propagator": "VOLC_AIGC_PROPAGATOR"}
    parts = {part: kit.environment.get(name, "").strip() for part, name in names.items()}
    if not any(parts.values()):
        return None
    for part, name in names.items():
        if not parts[part]:
            raise SettingsError(f"{name}: is not set; the label needs both of its parts")
        if len(parts[part]) > _LONGEST:
            raise SettingsError(f"{name}: must not be longer than {_LONGEST} characters")
    return json.dumps({"aigc_meta": parts}, ensure_ascii=False)
