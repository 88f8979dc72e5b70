"""The whole tree of deliberate errors."""

from datetime import timedelta

from core.words import Sentence


class FirstframeError(Exception):
    """Root of every error that this project raises on purpose."""


class UserError(FirstframeError):
    """Something the person can mend; the sentence may be shown as it is."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class MediaError(UserError):
    """The person's picture or sound cannot be used."""


class AccessError(UserError):
    """This account may not spend here."""


class DeclinedError(UserError):
    """An order is not taken; that nothing is charged for it is said besides."""


class BlockedError(DeclinedError):
    """The person's words hold something that the owners do not allow."""


class ForeignError(UserError):
    """The button belongs to somebody else; the sentence says to whom."""


class CreditError(DeclinedError):
    """The account's or the whole bot's allowance does not reach."""


class MaintenanceError(DeclinedError):
    """The owners have closed the bot for new orders for a while."""


class CrowdedError(DeclinedError):
    """The account has as many videos on the way as it may."""


class SettingsError(FirstframeError):
    """A setting is missing or malformed; the text names it and holds no value of a secret."""


class ProviderError(FirstframeError):
    """A call to a video service failed.

    `retry_in` is the wait before the same call may be made again; None means that repeating it
    is useless. A "no" from the service is not an error but a value (`providers.base.Refused`).
    """

    def __init__(self, text: str, *, retry_in: timedelta | None = None) -> None:
        super().__init__(text)
        self.retry_in = retry_in


class AccountError(ProviderError):
    """Our own account with the service is the matter: its key, its balance or its rights.

    The text is for the owners.
    """


class ModelError(AccountError):
    """Our account may not use the model that was asked for; others it may."""


class ThrottledError(ProviderError):
    """The service took nothing and asks for a pause."""


class UncertainError(ProviderError):
    """The call may have gone through, and repeating it could be paid twice."""


class DownloadError(ProviderError):
    """An address gave something else than the file; `status` is what it answered."""

    def __init__(self, text: str, *, status: int, retry_in: timedelta | None = None) -> None:
        super().__init__(text, retry_in=retry_in)
        self.status = status


class DeliveryError(FirstframeError):
    """Telegram did not take a message; `retry_in` None means that this chat cannot take it."""

    def __init__(self, text: str, *, retry_in: timedelta | None = None) -> None:
        super().__init__(text)
        self.retry_in = retry_in


class UnsuitableError(DeliveryError):
    """Telegram takes no such thing in this way: it is too large, or not in a form it knows."""


class UnclearDeliveryError(DeliveryError):
    """The message may have arrived: the connection broke after it was handed over."""


class StorageError(FirstframeError):
    """The database cannot be written: the disk is full, or the file is gone."""


class StaleTaskError(FirstframeError):
    """Another claim owns this task now, so whatever this one still does must not be saved."""


class MediaCrashError(FirstframeError):
    """The media child process died, ran out of memory or took too long."""
