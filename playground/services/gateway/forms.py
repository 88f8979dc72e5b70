"""The parts of a form that was already read as bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import BytesHeaderParser

from playground.services.gateway.errors import Refusal


@dataclass(frozen=True, slots=True)
class Part:
    """A field; one with a file name is an upload."""

    name: str
    filename: str | None
    data: bytes


def parts(kind: str, body: bytes) -> Iterator[Part]:
    """`kind` is the Content-Type of the whole, which names what stands between the parts."""
    boundary = BytesHeaderParser().parsebytes(f"Content-Type: {kind}".encode()).get_boundary()
    chunks = (b"\r\n" + body).split(b"\r\n--" + (boundary or "").encode())
    if not boundary or not chunks[-1].startswith(b"--"):
        raise Refusal(400, "invalid_request", "The form cannot be read")
    for chunk in chunks[1:-1]:
        head, _, data = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = BytesHeaderParser().parsebytes(head)
        name = headers.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise Refusal(400, "invalid_request", "A part of the form has no name")
        yield Part(name, headers.get_filename(), data)
