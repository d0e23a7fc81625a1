"""Claims as they were recomputed before, of the same data and by the same program.

They need pandas, whose import takes longer than all other checks of an unchanged review together.
"""

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from reviewpress.assemble import ast
from reviewpress.config import Config
from reviewpress.errors import Place, ReportError
from reviewpress.store.files import mark_used, write_cached
from reviewpress.store.kinds import CLAIMS
from reviewpress.store.versions import installed

if TYPE_CHECKING:
    from reviewpress.review import Review


def take_claims(config: Config, review: "Review") -> bool:
    """Give a review the claims that were kept, if all that was read for them is as it was."""
    from reviewpress.evidence.claims import Claim
    from reviewpress.notebooks.identity import Ground

    kept = _place(config)
    if not mark_used(kept):
        return False
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = ast.from_json(kept.read_bytes())
        ground = Ground(config.root)
        if all(ground.read(name) == sha for name, sha in found["reads"].items()):
            # A cached property: what stands in its place is not computed.
            review.whole.recomputed = tuple(
                Claim(**{**each, "where": Place(**each["where"])}) for each in found["claims"]
            )
            return True
    return False


def keep_claims(config: Config, review: "Review") -> None:
    """Keep the claims that a review has recomputed, with the hash of everything it has read.

    Nothing is kept where one of them cannot be recomputed.
    """
    from reviewpress.notebooks.kernel import SETTINGS, settings_digest

    try:
        claims = [asdict(claim) for claim in review.recomputed]
    except ReportError:
        return
    reads = {read.path: read.sha256 for read in review.whole.reads}
    reads[SETTINGS] = settings_digest(config.root)
    write_cached(_place(config), ast.to_json({"reads": reads, "claims": claims}))


def _place(config: Config) -> Path:
    packages = (f"{name} {version}".encode() for name, version in sorted(installed().items()))
    return CLAIMS.place(config.store, packages)
