"""Files that a request names by address, fetched as the service would."""

import aiohttp

from playground.services.volcengine.errors import Refusal

_TIMEOUT = aiohttp.ClientTimeout(total=10)


async def fetch(address: str, limit: int, code: int) -> bytes:
    """The bytes behind an address; a larger file is refused with `code`.

    A redirect is not followed: nothing is known of the service doing so.
    """
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.get(address, allow_redirects=False) as answer,
        ):
            if answer.status != 200:  # noqa: PLR2004
                raise Refusal(50215, f"The address answered {answer.status}")
            data = bytearray()
            async for chunk in answer.content.iter_chunked(1 << 16):
                data += chunk
                if len(data) > limit:
                    raise Refusal(code)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise Refusal(50215, f"The address could not be read: {type(error).__name__}") from error
    return bytes(data)
