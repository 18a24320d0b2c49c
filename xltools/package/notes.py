"""Fills and notes on cells: cell formats cloned, comments and their boxes written."""

from __future__ import annotations

import re

from xltools.package.markup import Element, append, child_of
from xltools.sheets.markup import children

AUTHOR = "xltools"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def fill_index(fills: Element, colour: str) -> int:
    """The index of a solid fill, made where it is missing."""
    rgb = f"FF{colour}"
    for index, fill in enumerate(children(fills)):
        pattern = child_of(fill, "patternFill")
        front = None if pattern is None else child_of(pattern, "fgColor")
        solid = pattern is not None and pattern.get("patternType") == "solid"
        if solid and front is not None and front.get("rgb") == rgb:
            return index
    pattern = append(append(fills, "fill"), "patternFill", patternType="solid")
    append(pattern, "fgColor", rgb=rgb)
    append(pattern, "bgColor", indexed="64")
    fills.set("count", str(len(fills)))
    return len(fills) - 1


def write_run(parent: Element, text: str) -> None:
    run = append(parent, "r")
    look = append(run, "rPr")
    append(look, "sz", val="9")
    append(look, "color", indexed="81")
    append(look, "rFont", val="宋体")
    append(look, "charset", val="134")
    words = append(run, "t")
    words.text = text
    words.set(SPACE, "preserve")


def extend_note(note: Element, authors: list[str], text: str) -> bool:
    """Add to a note somebody else wrote, renew one of ours; a conversation is left alone."""
    number = int(note.get("authorId") or 0)
    author = authors[number] if number < len(authors) else ""
    if author.startswith("tc="):
        return False
    body = child_of(note, "text")
    if body is None:
        body = append(note, "text")
    if author == AUTHOR:
        for child in list(body):
            body.remove(child)
        write_run(body, text)
    elif text not in "".join(map(str, body.itertext())):
        write_run(body, f"\n{AUTHOR}：{text}")
    return True


EMPTY_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    b'<o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def note_box(drawing: str, row: int, column: int, text: str) -> str:
    """The shape of one note, large enough for its text, with an id no other shape has."""
    used = [int(number) for number in re.findall(r"id=[\"']?_x0000_s(\d+)", drawing)]
    number = max([*used, 1024]) + 1
    lines = sum(1 + len(line) // 18 for line in text.splitlines()) + 1
    height = max(3, -(-lines * 13 // 20))
    top = max(row - 2, 0)
    kind = "" if re.search(r"id=[\"']?_x0000_t202[\"' ]", drawing) else _SHAPE_TYPE
    return (
        f'{kind}<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
        f'width:200pt;height:{height * 20}pt;z-index:{number - 1024};visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{column}, 15, {top}, 10, {column + 4}, 15, {top + height}, 4</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column>"
        "</x:ClientData></v:shape>"
    )
