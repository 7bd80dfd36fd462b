"""lock: one writer at a time, and none left behind by a process that was killed."""

import os
from pathlib import Path

__all__ = ["lock"]

FAR = 1 << 40  # Windows locks bytes: one that no record will ever reach


def lock(path: Path):
    """Open a file to append to it and lock it until it is closed; the system closes what a killed
    process had open. Unbuffered, so that one write is one call. Raises BlockingIOError where
    somebody else holds the lock."""
    file = path.open("ab", buffering=0)
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise BlockingIOError(str(error)) from None
    return file
