"""The Jimeng web workbench with its ImageX upload, as far as the way from photo to video goes."""

from playground.services.dreamina.leaks import Leak
from playground.services.dreamina.server import Dreamina
from playground.services.dreamina.switches import Switches

__all__ = ["Dreamina", "Leak", "Switches"]
