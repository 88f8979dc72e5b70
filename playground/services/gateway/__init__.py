"""Servers with the shape of OpenAI's videos: the tokenops gateway, and OpenAI's own surface."""

from playground.services.gateway.openai import OpenAiVideos
from playground.services.gateway.tokenops import Gateway

__all__ = ["Gateway", "OpenAiVideos"]
