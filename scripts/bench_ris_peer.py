"""Ask rispy what a file holds; runs in the peers' environment, and speaks JSON."""

import json
import sys
import time
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Answer one question: path, encoding, and whether the records are wanted."""
    asked = json.load(sys.stdin)
    start = time.process_time()
    try:
        found = import_module("rispy").load(Path(asked["path"]), encoding=asked["encoding"])
    except (OSError, ValueError, KeyError):
        # It raises OSError for what it cannot read, and then nothing of the file is there.
        found = []
    answer = {"count": len(found), "seconds": time.process_time() - start, "found": []}
    if asked["records"]:
        answer["found"] = [_texts(record) for record in found]
    print(json.dumps(answer))


def _texts(record: dict[str, str | list[str]]) -> dict[str, str]:
    """Return the fields that are compared, wherever rispy puts them."""
    urls = record.get("urls") or [""]
    people = record.get("authors") or record.get("first_authors") or [""]
    return {
        "title": str(record.get("title") or record.get("primary_title") or ""),
        "year": str(record.get("year") or record.get("publication_year") or ""),
        "author": str(people[0]),
        "doi": str(record.get("doi") or urls[0]),
    }


if __name__ == "__main__":
    main()
