"""Servers with the shape of OpenAI's `/v1/videos`: the tokenops gateway, and others by profile."""

from providers.tokenops.service import TokenOps, build

__all__ = ["TokenOps", "build"]
