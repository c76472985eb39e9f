"""Where pictures lie beside a report."""


def picture_path(sha256: str, image: str) -> str:
    """Where a picture that a fact cites lies, relative to report.json: two exhibits may cite the same name."""
    return f"pictures/{sha256[:16]}/{image}"
