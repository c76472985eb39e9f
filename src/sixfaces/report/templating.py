"""What all pages and letters share: where their templates lie, and that nothing foreign gets into them unseen."""

from importlib import resources

from markupsafe import Markup

from sixfaces.report.visible import visible


def template_text(name: str) -> str:
    """The text of one of the templates, or of what lies beside them."""
    return resources.files("sixfaces.report").joinpath("templates", name).read_text(encoding="utf-8")


def harmless(value: object) -> object:
    """What every expression of a template passes: foreign text that missed its filter is spelled out here."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value, longest=len(value))
    return value
