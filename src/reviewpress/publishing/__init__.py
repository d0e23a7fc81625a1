"""Versions of a review that stay as they were: kept, and put together as a site.

keeping    an edition becomes part of a version, whole or not at all
site       all versions side by side, each at an address of its own
"""
