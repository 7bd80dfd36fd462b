"""Sphinx extension: a term of the glossary carries its sentence where it first stands on a page.

The first place of each term in the running text of a chapter becomes a link to the glossary, with
its sentence beside it, which the stylesheet shows on hover and focus. Code, mathematics, links and
headings are left alone. Without a stylesheet or in print it is a plain link.
"""

import re
from html import escape

from docutils import nodes
from sphinx.application import Sphinx

GLOSSARY = "chapters/glossary"
LEFT_ALONE = (
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.reference,
    nodes.raw,
    nodes.title,
    nodes.caption,
    nodes.term,
)
PLAIN_PLURAL = "(?:s|es)?"


def terms_of(glossary: nodes.document) -> dict[str, tuple[str, str]]:
    """Term as the glossary spells it -> (id of its entry, its first sentences as text)."""
    found = {}
    for entry in glossary.findall(nodes.definition_list_item):
        names = list(entry.findall(nodes.term))
        says = next(entry.findall(nodes.paragraph)).astext().replace("\n", " ")
        for name in names:
            found[name.astext()] = (name["ids"][0], without_pointer(says))
    return found


def without_pointer(text: str) -> str:
    """Leave out the last sentence where it only says where the term is used."""
    return re.sub(r" (?:Drawn|Run|See|Used|Compared|Quoted)\b[^.]*\.$", "", text)


def pattern_of(terms) -> re.Pattern:
    """Any of the terms as a word of its own, the longest first; case counts for short ones."""
    parts = [
        re.escape(term) if len(term) < 4 else f"(?i:{re.escape(term)}){PLAIN_PLURAL}"
        for term in sorted(terms, key=len, reverse=True)
    ]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])")


def marked(text: str, terms: dict, pattern: re.Pattern, seen: set, where: str) -> list | None:
    """The text as nodes, with each term that is not in `seen` marked; None if there is none."""
    pieces, end = [], 0
    names = {term.lower(): term for term in terms}
    for match in pattern.finditer(text):
        word = match[0].lower()
        term = next(names[form] for form in (word, word[:-1], word[:-2]) if form in names)
        entry, says = terms[term]
        if entry in seen:
            continue
        seen.add(entry)
        pieces += [nodes.Text(text[end : match.start()]), mark(match[0], entry, says, where)]
        end = match.end()
    return [*pieces, nodes.Text(text[end:])] if pieces else None


def mark(word: str, entry: str, says: str, where: str) -> nodes.raw:
    tip = f"tip-{entry}"
    html = (
        f'<span class="cl-term"><a href="{escape(where)}#{entry}" aria-describedby="{tip}">'
        f'{escape(word)}</a><span class="cl-tip" role="tooltip" id="{tip}">{escape(says)}</span>'
        "</span>"
    )
    return nodes.raw("", html, format="html")


def is_running_text(node: nodes.Node) -> bool:
    if not isinstance(node, nodes.Text) or not node.parent:
        return False
    above, inside_paragraph = node.parent, False
    while above is not None:
        if isinstance(above, LEFT_ALONE) or above.tagname in {"exercise_title", "pending_xref"}:
            return False
        inside_paragraph = inside_paragraph or isinstance(above, nodes.paragraph)
        above = above.parent
    return inside_paragraph


def mark_terms(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    is_chapter = str(app.env.doc2path(docname)).endswith(".ipynb")
    if app.builder.format != "html" or not is_chapter or GLOSSARY not in app.env.found_docs:
        return
    terms = terms_of(app.env.get_doctree(GLOSSARY))
    pattern, seen = pattern_of(terms), set()
    where = app.builder.get_relative_uri(docname, GLOSSARY)
    for text in list(filter(is_running_text, doctree.findall(nodes.Text))):
        pieces = marked(text.astext(), terms, pattern, seen, where)
        if pieces:
            at = text.parent.index(text)
            text.parent[at : at + 1] = pieces


def setup(app: Sphinx) -> dict:
    app.connect("doctree-resolved", mark_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
