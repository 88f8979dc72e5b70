"""What the picture store answers, as far as it is used; in capitals as the store writes it."""

import re
from typing import Annotated

from pydantic import Field, StringConstraints

from providers.dreamina.signing import Keys
from providers.dreamina.workbench import Loose, Reply

IMAGEX = "https://imagex.bytedanceapi.com"

# Hosts with which the keys may be used.
_OURS = r"([a-z0-9-]+\.)+(bytedanceapi|volcengineapi)\.com"
_SERVICE = "tb4s082cfz"  # the picture space, where the site names none
_REGION = "cn-north-1"

Plain = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$")]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]+(:[0-9]{1,5})?$")]
StoreUri = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_~.-]+(/[A-Za-z0-9_~.-]+)*$")]


class Token(Loose):
    """Temporary keys of the store, good for about an hour; a new one is taken for each picture."""

    access_key_id: Plain
    secret_access_key: str = Field(repr=False)
    session_token: Plain = Field(repr=False)
    service_id: str | None = None
    space_name: str | None = None
    upload_domain: str | None = None
    region: str | None = None

    @property
    def service(self) -> str:
        return self.service_id or self.space_name or _SERVICE

    @property
    def host(self) -> str:
        """The store that the site names, where it is one of its own."""
        named = self.upload_domain or ""
        return f"https://{named}" if re.fullmatch(_OURS, named) else IMAGEX

    @property
    def keys(self) -> Keys:
        # The site's own word for its region is no name that one signs with.
        region = _REGION if self.region in {None, "", "cn"} else self.region
        return Keys(
            access_key=self.access_key_id,
            secret_key=self.secret_access_key,
            region=region or _REGION,
        )


class TokenReply(Reply):
    data: Token


class Trouble(Loose):
    code: str = Field("", alias="Code")


class Metadata(Loose):
    error: Trouble | None = Field(None, alias="Error")


class StoreReply(Loose):
    """The envelope: an error may come with HTTP 200."""

    metadata: Metadata | None = Field(None, alias="ResponseMetadata")

    @property
    def code(self) -> str:
        """The error's code, fit to be shown; empty where there is none."""
        found = self.metadata.error.code if self.metadata and self.metadata.error else ""
        return re.sub(r"[^\w.-]", "", found)[:60]


class Store(Loose):
    uri: StoreUri = Field(alias="StoreUri")
    auth: Plain = Field(alias="Auth", repr=False)


class Address(Loose):
    """Where the bytes go; the host differs from call to call."""

    stores: list[Store] = Field(alias="StoreInfos", min_length=1)
    hosts: list[Host] | None = Field(None, alias="UploadHosts")
    host: Host | None = Field(None, alias="UploadHost")  # seen once instead of the list
    session_key: str = Field(alias="SessionKey", repr=False)
    headers: dict[Plain, Plain] | None = Field(None, alias="UploadHeader")


class Applied(Loose):
    address: Address = Field(alias="UploadAddress")


class ApplyReply(StoreReply):
    result: Applied = Field(alias="Result")


class BytesReply(Loose):
    code: int | None = None


class Place(Loose):
    uri: str | None = Field(None, alias="Uri")
    status: int | None = Field(None, alias="UriStatus")  # often left out


class Plugin(Loose):
    uri: str | None = Field(None, alias="ImageUri")
    width: int | None = Field(None, alias="ImageWidth")
    height: int | None = Field(None, alias="ImageHeight")


class Committed(Loose):
    places: list[Place] | None = Field(None, alias="Results")
    plugins: list[Plugin] | None = Field(None, alias="PluginResult")


class CommitReply(StoreReply):
    result: Committed | None = Field(None, alias="Result")
