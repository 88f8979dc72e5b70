"""Alibaba DashScope (Model Studio): the Wan video models."""

from providers.dashscope.service import DashScope, build

__all__ = ["DashScope", "build"]
