"""Prints a template with values of a test's own, where no page of the program would have them."""

from markupsafe import Markup

from catalogue.build.templates import Templates


def print_template(templates: Templates, template: str, /, **values: object) -> Markup:
    """Return a template as HTML. Raises jinja2.UndefinedError for a name that is not given."""
    return Markup(templates.environment.get_template(template).render(values))  # noqa: S704
