"""Text in files that Excel and its kin open."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """A text that a spreadsheet doesn't take for a formula; a plain number stays one."""
    if not text.startswith(FORMULA_SIGNS):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
