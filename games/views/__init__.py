"""Pages around a live room; one file for each kind of visitor."""
