"""The bare loop: read YAML, render Markdown, fill a page, write it. No checks, lists or search.

`python -m benchmarks.peers.bare_loop PROJECT` reads the project's entries and the frame of its last
build, so that its pages weigh what Kith's weigh.
"""

import sys
from pathlib import Path

import yaml
from jinja2 import Environment
from markdown_it import MarkdownIt

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TEMPLATE = """<main><h1>{{ title }}</h1><p>{{ summary }}</p>
<dl>{% for name, value in facts.items() %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
{{ body|safe }}</main>"""


def main(project: Path) -> None:
    """Write a page for every entry below `build/bare`."""
    frame = (project / "build/current/site/frame.html").read_text()
    template = Environment(autoescape=True).from_string(TEMPLATE)
    markdown = MarkdownIt("commonmark", {"html": False})
    for file in sorted((project / "content/activities").rglob("*.md")):
        _, front, body = file.read_text().split("---\n", 2)
        facts = yaml.load(front, Loader=LOADER)  # noqa: S506 - a safe loader, the C one if there is
        page = template.render(
            title=facts["title"], summary=facts["summary"], facts=facts, body=markdown.render(body)
        )
        folder = project / "build/bare" / file.stem
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(frame.replace("<!--@BODY@-->", page))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
