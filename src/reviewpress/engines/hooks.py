"""What the scripts of reviews made with 0.1.0 import: it is in `reviewpress.quarto.hooks`."""

from reviewpress.quarto.hooks import execute_notebook, post_render, pre_render

__all__ = ["execute_notebook", "post_render", "pre_render"]
