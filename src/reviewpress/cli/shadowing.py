"""A file on PYTHONPATH that takes the place of a module: named, where the program fails by it.

Imported before all else, since the first module may be the one: nothing but Python's own core is
imported here.
"""

import os
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from types import ModuleType, TracebackType


def tell_shadow(error: BaseException) -> bool:
    """Say which file an error came out of where it stands in for a module; say whether it does."""
    chain: BaseException | None = error
    while chain is not None:
        for file in filter(None, _files(chain)):
            module = _shadowed(file)
            if module:
                said = " ".join(f"{type(chain).__name__}: {chain}".split())[:200]
                print(
                    f"error: {file} is loaded in place of the module {module}, and does not do its"
                    f" work ({said}).\n    Rename it, or take its folder out of PYTHONPATH.",
                    file=sys.stderr,
                )
                return True
        chain = chain.__cause__ or chain.__context__
    return False


def _files(error: BaseException) -> Iterator[str]:
    """Yield the files that an error may come out of."""
    if isinstance(error, SyntaxError):
        yield error.filename or ""
    if isinstance(error, ImportError):
        yield error.path or ""
    if isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        yield getattr(error.obj, "__file__", None) or ""
    if isinstance(error, SystemError):  # a compiled module does not say what failed in it
        yield from (getattr(one, "__file__", None) or "" for one in [*sys.modules.values()])
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is not None:
        yield trace.tb_frame.f_code.co_filename


def _shadowed(file: str) -> str:
    """Return the module that a file of PYTHONPATH hides, empty where it hides none."""
    folder, name = os.path.split(os.path.abspath(file))
    name = name.removesuffix(".py")
    if name == "__init__":
        folder, name = os.path.split(folder)
    given = {os.path.abspath(each) for each in os.environ.get("PYTHONPATH", "").split(os.pathsep)}
    rest = [each for each in sys.path if os.path.abspath(each) not in given]
    return name if folder in given and PathFinder.find_spec(name, rest) else ""


def _end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):  # while modules are loaded: nothing has been done yet
        print("Interrupted. What was there before is untouched.", file=sys.stderr)
        return
    if tell_shadow(error):
        sys.stderr.flush()
        os._exit(2)
    sys.__excepthook__(kind, error, trace)


sys.excepthook = _end
