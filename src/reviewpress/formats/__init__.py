"""Formats: what an assembled book becomes."""
