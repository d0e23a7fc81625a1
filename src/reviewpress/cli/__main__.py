"""The command line, as `python -m reviewpress.cli`."""

from reviewpress.cli import main

main()
