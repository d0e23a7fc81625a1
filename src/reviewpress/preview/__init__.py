"""The author's loop: watch the sources, rebuild what changed, reload the page that is read.

    watch ──▶ rebuild ──▶ state ──▶ serve ──▶ browser
    threads   main thread           thread

The main thread builds, so Ctrl-C ends a build and its kernels wherever it stands.
"""

from reviewpress.preview.loop import run_preview

__all__ = ["run_preview"]
