"""A chapter as one web page, figures inside it.

A page is whole without its scripts, which lie beside it (``site.py``): they add search,
buttons to copy commands, and a switch between light and dark.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from labkit.course.directives import NOTE_TITLES
from labkit.course.figures import figure_address
from labkit.course.load import book_folder
from labkit.course.markdown import heading_anchor, parse_markdown, render_markdown
from labkit.course.model import Block, Chapter, ExercisePlace, Note, Prose, Step
from labkit.course.places import REMARKS
from labkit.course.recording import Recording


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a chapter's page shows besides the chapter itself."""

    titles: Mapping[str, str] = field(default_factory=dict)
    others: Sequence[Chapter] = ()
    recording: Recording = field(default_factory=Recording)


def render_chapter(chapter: Chapter, around: Surroundings) -> str:
    """Render a page: contents at the side, then the chapter."""
    body = "\n".join(_render_block(block, chapter, around) for block in chapter.blocks)
    number = f"Chapter {chapter.number}"
    return _page(
        title=f"{number}: {chapter.title}",
        navigation=_render_navigation(chapter, around.others),
        body=f"<p class='facts'>{_text(_facts(chapter))}</p>\n{body}\n"
        f"{_render_origin(around.recording)}{_render_neighbours(chapter, around)}",
    )


def render_contents(chapters: Sequence[Chapter]) -> str:
    """Render the first page: the list of chapters."""
    items = "\n".join(
        f"<li value='{chapter.number}'><a href='{chapter.name}.html'>"
        f"{_text(chapter.title)}</a><br>{_text(chapter.summary)}"
        f"<br><span class='facts'>{_text(_facts(chapter))}</span></li>"
        for chapter in chapters
    )
    steps = sum(len(chapter.steps) for chapter in chapters)
    exercises = sum(len(chapter.exercises) for chapter in chapters)
    about = (
        f"A course in {len(chapters)} chapters. Each of its {steps} steps is a command "
        "that runs, and below it stands what it printed on a real engine. The "
        f"{exercises} exercises are graded against your own containers: "
        "<code>labkit lab</code> opens the chapters as notebooks."
    )
    body = (
        f"<h1>Docker, hands on</h1>\n<p>{about}</p>\n"
        f"<ol class='contents'>\n{items}\n</ol>"
    )
    return _page(title="Docker, hands on", navigation="", body=body)


def read_style() -> str:
    """Return the style sheet that every page carries."""
    return (book_folder() / "theme" / "style.css").read_text("utf-8")


def _render_block(block: Block, chapter: Chapter, around: Surroundings) -> str:
    if isinstance(block, Prose):
        return _with_figures(block.text, chapter)
    if isinstance(block, Note):
        return _render_note(block, chapter)
    if isinstance(block, Step):
        return _render_step(block, around.recording.output_of(block))
    return _render_exercise(block, around.titles)


def _render_note(note: Note, chapter: Chapter) -> str:
    title = NOTE_TITLES[note.kind] + (f": {note.title}" if note.title else "")
    return (
        f"<aside class='note {note.kind}'>\n<p class='title'>{_text(title)}</p>\n"
        f"{_with_figures(note.text, chapter)}</aside>"
    )


def _render_step(step: Step, output: str | None) -> str:
    remarks = []
    if step.exit_code:
        remarks.append("meant to fail")
    remarks += [REMARKS[place] for place in step.only]
    if step.wants:
        remarks.append(f"where there is {', '.join(step.wants)}")
    caption = " · ".join([f"step {step.id}", *remarks])
    return (
        f"<figure class='step' id='step-{step.id}'>"
        f"<figcaption>{_text(caption)}</figcaption>"
        f"<pre tabindex='0'><code>{_text(step.script)}</code></pre>"
        f"{_render_output(output)}</figure>"
    )


def _render_output(output: str | None) -> str:
    if not output or not output.strip():
        return ""
    return (
        "<pre class='output' tabindex='0' aria-label='Output'>"
        f"<samp>{_text(output.rstrip())}</samp></pre>"
    )


def _render_origin(recording: Recording) -> str:
    """Say what printed the outputs, so that a reader knows what to expect of his."""
    if not recording.steps:
        return ""
    rows = "".join(
        f"<li><code>{_text(name)}</code> {_text(image[:19])}</li>"
        for name, image in recording.images.items()
    )
    return (
        "<details class='origin'><summary>What printed the outputs on this page"
        f"</summary><p>{_text(recording.engine)}, with these images:</p>"
        f"<ul>{rows}</ul></details>"
    )


def _render_neighbours(chapter: Chapter, around: Surroundings) -> str:
    """Lead on to the next chapter, and back."""
    names = [other.name for other in around.others]
    if chapter.name not in names:
        return ""
    at = names.index(chapter.name)
    links = []
    for words, place in (("Before", at - 1), ("Next", at + 1)):
        if 0 <= place < len(names):
            other = around.others[place]
            links.append(
                f"<a href='{other.name}.html'>{words}: {other.number}. "
                f"{_text(other.title)}</a>"
            )
    return f"<p class='neighbours'>{' '.join(links)}</p>"


def _render_exercise(place: ExercisePlace, titles: Mapping[str, str]) -> str:
    title = _text(titles.get(place.id, place.id))
    return (
        f"<section class='exercise' id='{place.id}'>\n<h3>Exercise: {title}</h3>\n"
        "<p>The task has names of your own: open the chapter with "
        f"<code>labkit lab</code>, or grade it with "
        f"<code>labkit check --exercise {place.id}</code>.</p>\n</section>"
    )


def _with_figures(text: str, chapter: Chapter) -> str:
    folder = chapter.path.parent
    # Put in after rendering: markdown-it takes SVG in an address for an attack.
    return re.sub(
        r'(?<=<img src=")figures/([^"]+)',
        lambda found: figure_address(folder, found[1]),
        render_markdown(text),
    )


def _render_navigation(chapter: Chapter, others: Sequence[Chapter]) -> str:
    links = []
    for other in others:
        current = " aria-current='page'" if other.name == chapter.name else ""
        label = f"{other.number}. {_text(other.title)}"
        links.append(f"<li><a href='{other.name}.html'{current}>{label}</a></li>")
    headings = "\n".join(
        f"<li><a href='#{heading_anchor(title)}'>{_text(title)}</a></li>"
        for title in _headings(chapter)
    )
    return (
        "<nav aria-label='Contents'>\n<details open>\n<summary>Contents</summary>\n"
        "<p><a href='index.html'>Docker, hands on</a></p>"
        f"\n<ul>\n{''.join(links)}\n</ul>\n<p>On this page</p>\n<ul>\n{headings}\n</ul>"
        "\n</details>\n</nav>"
    )


def _headings(chapter: Chapter) -> list[str]:
    found: list[str] = []
    for block in chapter.blocks:
        if isinstance(block, Prose):
            tokens = parse_markdown(block.text)
            found += [_heading_text(tokens, at) for at in range(len(tokens))]
    return [title for title in found if title]


def _heading_text(tokens: Sequence[Token], at: int) -> str:
    is_second = tokens[at].type == "heading_open" and tokens[at].tag == "h2"
    return tokens[at + 1].content if is_second else ""


def _facts(chapter: Chapter) -> str:
    return (
        f"about {chapter.minutes} minutes, {len(chapter.steps)} steps, "
        f"{len(chapter.exercises)} exercises"
    )


def _text(value: str) -> str:
    return html.escape(value)


def _page(title: str, navigation: str, body: str) -> str:
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{_text(title)}</title>
<style>
{read_style()}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header class="bar" role="search"></header>
{navigation}
<main id="main">
{body}
</main>
<script src="search.js"></script>
<script src="book.js"></script>
</body>
</html>
"""
