"""The parameters that a run is given, by what its chapter declares."""

from collections.abc import Mapping

from reviewpress.errors import ConfigError, Place
from reviewpress.notebooks.source import Notebook, Parameter, parameters_of
from reviewpress.shapes import Plain


def choose_parameters(notebook: Notebook, given: Mapping[str, Plain]) -> dict[str, Parameter]:
    """Return those of the given parameters that a chapter declares and that change it.

    Where the chapter's own value is a list, a single value becomes a list of one. Raises
    ConfigError where a text is given for a number, or the reverse.
    """
    declared = parameters_of(notebook)
    chosen = {}
    for name in sorted(declared.keys() & given.keys()):
        value = _fit(name, given[name], declared[name], notebook)
        if declared[name] is ... or value != declared[name]:
            chosen[name] = value
    return chosen


def _fit(name: str, value: Plain, default: Parameter, notebook: Notebook) -> Parameter:
    if isinstance(default, list | tuple):
        if isinstance(value, list | tuple):
            return type(default)(value)
        return type(default)([value] if value not in (None, "") else [])
    kinds = ((bool, "true or false"), (int | float, "a number"), (str, "a text"))
    for kind, words in kinds:
        if isinstance(default, kind) and not isinstance(value, kind):
            if kind is str:
                return str(value)
            message = f"parameter {name} takes {words}, not {value!r}."
            raise ConfigError(message, Place(notebook.name))
        if isinstance(default, kind):
            break
    return value
