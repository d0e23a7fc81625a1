"""What the environment sets that a build stands on: temporary files, a time, an encoding.

Looked at once, before anything is started: what is wrong with it would come back as another
program's error, minutes later.
"""

import locale
import os
import sys
import tempfile
from collections.abc import Callable, MutableMapping

from reviewpress.errors import SetupError

EPOCH = "SOURCE_DATE_EPOCH"
_TEMPORARY = ("TMPDIR", "TEMP", "TMP")
_PLACES = ("/tmp", "/var/tmp", "/usr/tmp") if os.name != "nt" else ()
_LAST = 253_402_300_799
"""The last second of the year 9999, after which neither a PDF nor Python has a date."""
_UTF8 = ("utf-8", "utf8")


def check_environment(
    say: Callable[[str], None], environment: MutableMapping[str, str] = os.environ
) -> None:
    """Raise SetupError for what cannot be; put right, and say, what can."""
    _check_epoch(environment)
    _check_temporary(environment, say)
    if os.name != "nt" and locale.getencoding().lower() not in _UTF8:
        # pandoc, for one, could not name files that Python can.
        environment["LC_ALL"] = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"


def ensure_utf8() -> None:
    """Start this program again in Python's UTF-8 mode where names of files would not be UTF-8.

    So it is with `LC_ALL=POSIX` where Python is told not to mind.
    """
    if os.name == "nt" or sys.getfilesystemencoding().lower() in _UTF8:
        return
    environment = {**os.environ, "PYTHONUTF8": "1"}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)


def ensure_streams() -> None:
    """Open what was closed of standard input, output and error: nothing, as Python calls it.

    The next file that is opened would take the number, and be written into by programs that say
    something.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115 - kept open
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)


def _check_epoch(environment: MutableMapping[str, str]) -> None:
    given = environment.get(EPOCH)
    if given is None:
        return
    if not given.strip():
        # As if it were not set: programs disagree on what an empty one means.
        del environment[EPOCH]
        return
    if not (given.isascii() and given.isdigit() and int(given[:20]) <= _LAST):
        raise SetupError(
            f'{EPOCH} is "{given[:40]}", which is not a time.',
            hint="It takes seconds since 1970, as in `SOURCE_DATE_EPOCH=1700000000`; or unset it.",
        )


def _check_temporary(environment: MutableMapping[str, str], say: Callable[[str], None]) -> None:
    named = {name: environment[name] for name in _TEMPORARY if environment.get(name)}
    wrong = {name: place for name, place in named.items() if not _is_usable(place)}
    found = next((place for place in (*named.values(), *_PLACES) if _is_usable(place)), "")
    # Python's own look would leave a file where it is killed, and end at the current folder: a
    # review is no place for temporary files.
    if found:
        tempfile.tempdir = os.path.abspath(found)
    elif os.name != "nt":
        message = "there is no folder for temporary files that can be written."
        if wrong:
            name, place = next(iter(wrong.items()))
            message = f"{name} is {place}, which is not a folder that can be written."
        hint = "Set TMPDIR to a folder with some free space, as in `TMPDIR=/var/tmp`."
        raise SetupError(message, hint=hint)
    for name, place in wrong.items():
        used = found or tempfile.gettempdir()
        say(f"{name} is {place}, which is not a folder that can be written: {used} is used.")
        environment[name] = used


def _is_usable(folder: str) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
