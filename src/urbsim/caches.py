"""Where urbsim keeps what it may use again: finished runs and compiled code, in a folder of the user's own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

FOLDER_VARIABLE = "URBSIM_CACHE_DIR"


class FolderError(OSError):
    """A folder that cannot be used, or that somebody else could have put something into."""


def cache_folder() -> Path:
    """Return the folder of caches: ``$URBSIM_CACHE_DIR``, else the user's own cache folder for urbsim."""
    if chosen := os.environ.get(FOLDER_VARIABLE):
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return platformdirs.user_cache_path("urbsim", appauthor=False)


def writable_folder(path: Path) -> Path:
    """Return a folder after making it, if need be, for the user alone.

    Raises
    ------
    FolderError
        If it cannot be made or written.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"{path}: {error.strerror or error}") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise FolderError(f"{path} cannot be written")
    return path


def check_owned(path: Path) -> None:
    """Raise ``FolderError`` unless only the user could have written a file or folder; Windows profiles see to that."""
    if not hasattr(os, "getuid"):
        return
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise FolderError(f"{path} is a link")
    if found.st_uid != os.getuid():
        raise FolderError(f"{path} belongs to another user")
    if found.st_mode & 0o022:
        raise FolderError(f"others may write to {path}; chmod go-w would mend that")
    for parent in path.resolve().parents:
        above = parent.stat()
        if above.st_uid not in (0, os.getuid()):
            raise FolderError(f"{parent} belongs to another user")
        if above.st_mode & 0o002 and not above.st_mode & stat.S_ISVTX:
            raise FolderError(f"anybody may replace {path}: {parent} is open to all")
