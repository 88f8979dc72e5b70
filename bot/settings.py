"""Settings from the environment or `.env`, checked at the start with one line per mistake."""

import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.access import Policy
from core.errors import SettingsError

_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{10,100}")
_SECRET = re.compile(r"(KEY|TOKEN|SECRET|SESSIONID)$")
_SHORTEST = 6  # characters; hiding less would blacken whole logs
_SQLITE = "sqlite:///"
# Bounds that hold for /set as well.
MOST_CREDITS = 1_000_000
LEAST_KEPT = 0.01  # days or hours: none at all would leave nothing to send
CENTURY = 36_500  # days: what is kept longer than anybody asks


class Settings(BaseSettings):
    """Names and defaults as in the README; a variable's name is the field's in capitals."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)

    telegram_bot_token: SecretStr
    telegram_api_url: str = "https://api.telegram.org"
    telegram_local_mode: bool = False
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    database_url: str = "sqlite:///data/firstframe.db"
    data_dir: Path = Path("data")
    default_model: str = "auto"
    access: Literal["open", "closed"] | None = None
    daily_credits: int = Field(60, ge=0, le=MOST_CREDITS)
    daily_budget: int = Field(3000, ge=0, le=MOST_CREDITS)
    keep_inputs_hours: float = Field(24, ge=LEAST_KEPT, le=CENTURY * 24)
    keep_results_days: float = Field(7, ge=LEAST_KEPT, le=CENTURY)
    limits: Annotated[dict[str, float], NoDecode] = Field(default_factory=dict)
    prices: Annotated[dict[str, float], NoDecode] = Field(default_factory=dict)
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str = "127.0.0.1:8080"
    public_url: str | None = None
    secret_key: SecretStr | None = None
    owners_chat: int | None = None
    allow_private_hosts: bool = False

    @field_validator("telegram_bot_token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("must look like 123456:ABC... (BotFather gives it)")
        return value

    @field_validator("telegram_api_url", "webhook_url", "public_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?", value):
            raise ValueError("must be an http(s) address")
        return value.rstrip("/") if value else value

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        if not value.startswith(_SQLITE) or value == _SQLITE:
            raise ValueError("must be sqlite:///path/to/file.db")
        return value

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _people(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isdecimal() for part in ids):
            raise ValueError("must be Telegram user numbers, separated by commas")
        return frozenset(map(int, ids))

    @field_validator("limits", "prices", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [part.partition("=") for part in value.split(",") if part.strip()]
        try:
            found = {name.strip(): float(number) for name, _, number in pairs}
        except ValueError:
            raise ValueError("must look like name=number,name=number") from None
        if not all(math.isfinite(number) and number >= 0 for number in found.values()):
            raise ValueError("must not be negative")
        return found

    @field_validator("listen")
    @classmethod
    def _is_host_and_port(cls, value: str) -> str:
        if not re.fullmatch(r"(\[[0-9a-f:]+\]|[^\s:]+):\d{1,5}", value):
            raise ValueError("must look like 127.0.0.1:8080")
        if int(value.rpartition(":")[2]) > 65_535:  # noqa: PLR2004  # the highest port
            raise ValueError("must have a port up to 65535")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_a_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("must be 1 to 256 letters, digits, _ and -")
        return value

    @model_validator(mode="after")
    def _webhook_has_a_secret(self) -> Self:
        if self.webhook_url and not self.webhook_secret:
            raise SettingsError("WEBHOOK_SECRET: is not set; WEBHOOK_URL needs it")
        return self

    @model_validator(mode="after")
    def _links_are_signed(self) -> Self:
        if self.public_url and not (self.secret_key and self.secret_key.get_secret_value()):
            raise SettingsError("SECRET_KEY: is not set; PUBLIC_URL needs it")
        return self

    @property
    def database_path(self) -> Path:
        return Path(self.database_url.removeprefix(_SQLITE))

    def policy(self, *, paid: bool) -> Policy:
        """Who may spend; with a paid key set the bot is closed unless the owners open it."""
        closed = self.access == "closed" or (self.access is None and paid)
        return Policy(
            closed=closed,
            owners=self.admin_ids,
            daily_credits=self.daily_credits,
            daily_budget=self.daily_budget,
            prices=dict(self.prices),
            default_model=self.default_model,
        )


def environment() -> dict[str, str]:
    """The variables that providers read for themselves: those of the process beat `.env`."""
    written = {name: value for name, value in dotenv_values(".env").items() if value}
    return {**written, **os.environ}


def secrets(variables: Mapping[str, str]) -> list[str]:
    """Every value that no log may show: keys, tokens and sessions, by the names of their variables."""
    lists = [value for name, value in variables.items() if _SECRET.search(name)]
    values = {one.strip() for value in lists for one in value.split(",")}
    return sorted((one for one in values if len(one) >= _SHORTEST), key=len, reverse=True)


def load() -> Settings:
    """Read the settings; raises SettingsError that names every variable at fault."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(
            "; ".join(_line(str(one["loc"][0]), one["msg"]) for one in error.errors())
        ) from None


def _line(name: str, message: str) -> str:
    if message == "Field required":
        message = "is not set"
    return f"{name.upper()}: {message.removeprefix('Value error, ')}"
