"""Pages of the study side, and what their scripts ask."""
