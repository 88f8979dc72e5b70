"""Modules that are imported at their first use: all workers read all tests, few run the slow ones."""

from importlib import import_module


class Module:
    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("_"):  # pytest looks at everything in a file that it collects
            raise AttributeError(name)
        return getattr(import_module(self._name), name)
