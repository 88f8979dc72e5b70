"""A draft that begins with the last frame of a video is made like that video."""

from core.request import VideoRequest
from core.task import TaskId
from core.variations import continued
from jobs.workshop import Workshop
from storage import tasks
from storage.content import Content


async def go_on(workshop: Workshop, content: Content, request: VideoRequest) -> VideoRequest:
    """The request with what the video before it hands on; any other request stays as it is."""
    after = content.photos[0].after if content.photos else 0
    earlier = await workshop.database.read(tasks.get, TaskId(after)) if after else None
    if earlier is None:
        return request
    return continued(request, earlier.request, workshop.catalog.models())
