"""Drawing: boxes, arrows and text, measured and placed in centimetres."""
