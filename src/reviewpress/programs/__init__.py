"""The programs we start, and the only place that starts them."""
