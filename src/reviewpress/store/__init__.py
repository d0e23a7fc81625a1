"""The store, `.reviewpress/`, and files that are written whole."""
