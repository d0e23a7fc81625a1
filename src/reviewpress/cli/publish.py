"""The verb that keeps a version: publish."""

import click

from reviewpress.build import one_build
from reviewpress.cli.output import short_path
from reviewpress.cli.project import open_review, profile_option
from reviewpress.config import Config
from reviewpress.display import choose_display
from reviewpress.edition import EDITION
from reviewpress.kept_versions import version_folder
from reviewpress.publishing.keeping import choose_version, keep_version, ready_edition
from reviewpress.publishing.site import clear_left, is_kept_alone, make_site


@click.command()
@click.argument("version", default="")
@profile_option
@click.option("--uncommitted", is_flag=True, help="Publish sources that no commit has.")
@click.option(
    "--site", "only_site", is_flag=True, help="Only put the site of all versions together."
)
def publish(version: str, profile: str | None, uncommitted: bool, only_site: bool) -> None:
    """Keep the rendered editions as VERSION, and put the site of all versions together.

    VERSION is what `version:` says in _quarto.yml, and need not be given. Without --profile all
    editions that are rendered are published.
    """
    first = open_review(None, profile.split(",")[0] if profile else None)
    clear_left(first)
    if is_kept_alone(first, version):
        click.echo(f"version {first.publication.version}: kept before; its site is made now")
    elif not only_site:
        _keep(first, choose_version(first, version), profile, uncommitted=uncommitted)
    site = make_site(first)
    click.echo(f"{short_path(site)} written")


def _keep(first: Config, version: str, profile: str | None, *, uncommitted: bool) -> None:
    configs = [first]
    names = profile.split(",")[1:] if profile else [n for n in first.profiles if n != first.profile]
    for name in names:
        config = open_review(first.root, name)
        if profile or (config.output_dir / EDITION).is_file():
            configs.append(config)
        else:
            click.echo(f"Not published: {name}, which is not rendered.", err=True)
    with choose_display() as display, one_build(first, display):
        ready = [ready_edition(each, uncommitted=uncommitted, progress=display) for each in configs]
        kept = keep_version(version, ready)
    place = short_path(version_folder(first.root, version))
    commit = f" from commit {kept.commit[:10]}" if kept.commit else ""
    click.echo(f"version {version}: {', '.join(kept.editions)} kept in {place}{commit}")
    if not kept.commit:
        click.echo("    names no commit: not all of its sources are in one", err=True)
