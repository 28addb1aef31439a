"""Office files with equal bytes for equal contents: no time of writing is in them."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from urbsim.experiment.tables import replacing

#: The time that office files carry in place of when they were written.
TIMELESS = datetime(2000, 1, 1)
_STAMP = (1980, 1, 1, 0, 0, 0)  # the first that an archive can hold
_PROPERTIES = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_archive(content: BytesIO, path: Path) -> None:
    """Write an office file, whole or not at all, with the same time for everything in it."""
    with (
        replacing(path) as temporary,
        zipfile.ZipFile(content) as source,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == _PROPERTIES:  # what writes it puts in the present time last of all
                data = _MODIFIED.sub(rb"\g<1>" + TIMELESS.isoformat().encode() + b"Z", data)
            archive.writestr(zipfile.ZipInfo(name, _STAMP), data, zipfile.ZIP_DEFLATED)
