"""Quarto: an engine of its own, and what it calls."""
