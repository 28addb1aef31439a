"""Where urbsim keeps what it may use again: finished runs and compiled code, in a folder of the user's own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from urbsim.labels import bilingual

FOLDER_VARIABLE = "URBSIM_CACHE_DIR"


class FolderError(OSError):
    """A folder that cannot be used, or that somebody else could have put something into."""


def cache_folder() -> Path:
    """Return the folder of caches: ``$URBSIM_CACHE_DIR``, else the user's own cache folder for urbsim."""
    if chosen := os.environ.get(FOLDER_VARIABLE):
        return Path(chosen).expanduser().absolute()
    return user_cache_folder()


def user_cache_folder() -> Path:
    """Return the user's own cache folder for urbsim, as the system has it."""
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
        raise FolderError(bilingual(f"{path} cannot be written", f"{path} 不能写入"))
    return path


def own_folder(path: Path) -> Path:
    """Return a folder, made if need be, that only the user can have written into, with all that it holds.

    Raises
    ------
    FolderError
        If it cannot be made or written; if it or anything in it is a link, belongs to somebody else, or may be written
        by others; or if somebody else could put another in its place.
    """
    writable_folder(path)
    try:
        closed = check_owned(path).st_mode & 0o077 == 0
        for inner in path.rglob("*"):
            check_owned(inner, alone=closed)
        check_parents(path)
    except FolderError:
        raise
    except OSError as error:
        raise FolderError(f"{path}: {error.strerror or error}") from error
    return path


def check_owned(path: Path, *, alone: bool = False) -> os.stat_result:
    """Return what is known of a file or folder that only the user can have written; Windows profiles see to that.

    ``alone`` says that others cannot even reach it.

    Raises
    ------
    FolderError
        If others can have written it.
    """
    found = path.lstat()
    if not hasattr(os, "getuid"):
        return found
    if stat.S_ISLNK(found.st_mode):
        raise FolderError(bilingual(f"{path} is a link", f"{path} 是链接"))
    if found.st_uid != os.getuid():
        raise FolderError(bilingual(f"{path} belongs to another user", f"{path} 属于另一个用户"))
    if found.st_mode & 0o022 and not alone:
        raise FolderError(
            bilingual(
                f"others may write to {path}; chmod go-w would mend that",
                f"其他用户可以写入 {path}；用 chmod go-w 可以改正",
            )
        )
    return found


def check_parents(path: Path) -> None:
    """Raise ``FolderError`` if somebody else could put another folder in the place of this one."""
    if not hasattr(os, "getuid"):
        return
    for parent in path.resolve().parents:
        above = parent.stat()
        if above.st_uid not in (0, os.getuid()):
            raise FolderError(bilingual(f"{parent} belongs to another user", f"{parent} 属于另一个用户"))
        if above.st_mode & 0o002 and not above.st_mode & stat.S_ISVTX:
            raise FolderError(
                bilingual(
                    f"anybody may replace {path}: {parent} is open to all",
                    f"任何人都可以替换 {path}：{parent} 对所有人开放",
                )
            )
