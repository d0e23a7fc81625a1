"""Tables: their schema, a strict reader, and frames; nothing here knows of reviews."""
