"""Flow charts: boxes and arrows."""
