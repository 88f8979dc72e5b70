"""Alibaba Model Studio's DashScope with the Wan picture-to-video models, emulated."""

from playground.services.dashscope.server import DashScope

__all__ = ["DashScope"]
