"""The verb that makes an archive of a version: pack."""

from pathlib import Path

import click

from reviewpress.archives import zip_files
from reviewpress.cli.output import short_path
from reviewpress.cli.project import open_review, profile_option
from reviewpress.edition import read_edition
from reviewpress.errors import ConfigError, nearest
from reviewpress.kept_versions import edition_folder, kept_versions
from reviewpress.packing.contents import PackedEdition, archive_files
from reviewpress.packing.crate import METADATA, describe_archive
from reviewpress.publishing.keeping import check_kept
from reviewpress.store.files import write_atomically
from reviewpress.store.interrupts import note_done, uninterrupted


@click.command()
@click.argument("version", default="")
@profile_option
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Where to write.")
def pack(version: str, profile: str | None, output: Path | None) -> None:
    """Make one archive of a published VERSION: editions, data, bibliography, provenance.

    VERSION is the last one that was published, where it is left out.
    """
    config = open_review(None, profile.split(",")[0] if profile else None)
    kept = {each.version: each for each in kept_versions(config.root)}
    if not kept:
        hint = "Keep one by `reviewpress publish`."
        raise ConfigError("no version has been published.", hint=hint)
    chosen = version or next(reversed(kept))
    if chosen not in kept:
        raise ConfigError(f"version {chosen} is not published.", hint=nearest(chosen, kept))
    check_kept(config.root)
    names = profile.split(",") if profile else list(kept[chosen].editions)
    editions = []
    for name in names:
        folder = edition_folder(config.root, kept[chosen], name)
        if folder is None:
            message = f'version {chosen} was published without the edition "{name}".'
            raise ConfigError(message, hint=nearest(name, kept[chosen].editions))
        editions.append(PackedEdition(folder.name, folder, read_edition(folder)))
    files = archive_files(config, tuple(editions))
    files[METADATA] = describe_archive(config, editions[0].record, files)
    goal = output or config.output_dir.parent / f"{config.root.resolve().name}-{chosen}.zip"
    content = zip_files(files)
    with uninterrupted():
        write_atomically(goal, content)
        note_done(f"{goal.name} written")
    click.echo(f"{short_path(goal.absolute())} written: {len(files)} files of version {chosen}")
