"""Where reviews made with 0.1.0 look for what Quarto calls."""
