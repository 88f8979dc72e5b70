"""Bringing a stored picture within the limits of a model."""

from dataclasses import asdict

from core.capabilities import PictureLimits
from core.problems import is_within
from core.request import Picture
from jobs.workshop import Workshop


async def fit(workshop: Workshop, picture: Picture, limits: PictureLimits) -> Picture:
    """The picture itself where it is within them, else a copy; raises what the runner raises."""
    if is_within(picture, limits):
        return picture
    folder = workshop.folder
    source, target = folder.path(picture.file), folder.new(".jpg")
    arguments = {"source": str(source), "target": str(target), "limits": asdict(limits)}
    return Picture(**await workshop.runner.run("fit_picture", arguments))
