"""What has to be the same on two machines for them to make the same bytes."""

import platform
import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, requires

from reviewpress.store.versions import installed, normal_name, package_digest

_NAMES = {"pypandoc-binary": "pandoc (pypandoc-binary)", "typst": "Typst (typst)"}
_SHOWN = 4


@cache
def machine_state() -> Mapping[str, str]:
    """Return Python, system, this package and all that it requires, each with its version."""
    versions = installed()
    found = {
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{sys.platform} on {platform.machine()}",
        "reviewpress": f"{versions.get('reviewpress', '?')}, {package_digest()[:12]}",
    }
    for name in sorted(_required()):
        found[_NAMES.get(name, name)] = versions.get(name, "none")
    return found


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Say in what another machine is not as this one is; empty where it is."""
    names = [name for name in {**here, **there} if here.get(name) != there.get(name)]
    told = [f"{name} {there.get(name, 'none')} (here {here.get(name, 'none')})" for name in names]
    more = f"; {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return "; ".join(told[:_SHOWN]) + more


def _required() -> set[str]:
    """Return what this package requires without its extras."""
    try:
        listed = requires("reviewpress") or []
    except PackageNotFoundError:
        listed = []
    core = (each for each in listed if "extra ==" not in each)
    return {normal_name(re.split(r"[^A-Za-z0-9._-]", each)[0]) for each in core}
