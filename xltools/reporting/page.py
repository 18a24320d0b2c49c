"""The look of official documents: A4, 小标宋 title, 黑体 headings, 仿宋 text, page numbers."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from xltools.reporting.outline import Kind

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph as DocxParagraph
    from docx.text.run import Run
    from lxml import etree

MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
TEXT_WIDTH = 210 - MARGINS["left_margin"] - MARGINS["right_margin"]

TITLE_FONT, HEADING_FONT, SUB_FONT, BODY_FONT = "方正小标宋简体", "黑体", "楷体", "仿宋"
_STAND_IN = {"方正小标宋简体": "宋体", "黑体": "SimHei", "楷体": "KaiTi", "仿宋": "FangSong"}
_LATIN = "Times New Roman"
BODY, TITLE = 16, 22  # 三号、二号
_LEADING = 28
_COLOURS: dict[Kind, str] = {"ask": "C00000", "note": "FF0000"}
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


# --- the page -------------------------------------------------------------------------------------


def prepare(made: Docx) -> None:
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    for name, size in MARGINS.items():
        setattr(page, name, Mm(size))
    page.footer_distance = Mm(25)
    _number_pages(page.footer.paragraphs[0])
    usual = made.styles["Normal"]
    usual.font.size = Pt(BODY)
    usual.font.name = _LATIN
    usual.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _number_pages(paragraph: DocxParagraph) -> None:
    """— 1 —"""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, number, after = (paragraph.add_run(text) for text in ("— ", "", " —"))
    for run in (before, number, after):
        dress(run, "宋体", 14)
    for part in (
        _mark("begin"),
        _words("w:instrText", "PAGE"),
        _mark("separate"),
        _words("w:t", "1"),
        _mark("end"),
    ):
        number._r.append(part)


def _mark(kind: str) -> etree._Element:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def _words(tag: str, text: str) -> etree._Element:
    words = OxmlElement(tag)
    words.text = text
    return words


# --- the words ------------------------------------------------------------------------------------


def dress(run: Run, font: str, size: float, *, kind: Kind = "fact") -> None:
    """Font, size in points, and the colour of what is not yet there."""
    run.font.name, run.font.size = _LATIN, Pt(size)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")
    if kind == "note":
        run.font.bold = True
    if kind in _COLOURS:
        run.font.color.rgb = RGBColor.from_string(_COLOURS[kind])
        shade(run._r.get_or_add_rPr(), "FFF2CC")


def shade(properties: BaseOxmlElement, colour: str) -> None:
    found = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        found.set(qn(f"w:{name}"), value)
    properties.append(found)


def new_line(made: Docx, alignment: WD_ALIGN_PARAGRAPH | None = None) -> DocxParagraph:
    line = made.add_paragraph()
    if alignment is not None:
        line.alignment = alignment
    layout = line.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(_LEADING)
    return line


def indent(line: DocxParagraph) -> None:
    """Two characters, whatever the size."""
    line.paragraph_format.first_line_indent = Pt(2 * BODY)
    line._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")


def outline_level(line: DocxParagraph, level: int) -> None:
    mark = OxmlElement("w:outlineLvl")
    mark.set(qn("w:val"), str(level))
    line._p.get_or_add_pPr().append(mark)


def small(made: Docx, text: str, font: str = HEADING_FONT, size: float = 12) -> DocxParagraph:
    """A line above a table."""
    line = new_line(made, WD_ALIGN_PARAGRAPH.CENTER)
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(4)
    line.paragraph_format.keep_with_next = True
    dress(line.add_run(text), font, size)
    return line


def hairline(made: Docx) -> None:
    """The paragraph Word wants between two tables, as low as it can be."""
    line = new_line(made)
    line.paragraph_format.line_spacing = Pt(1)
    dress(line.add_run(""), BODY_FONT, 1)


# --- the package ----------------------------------------------------------------------------------


def _fonts() -> bytes:
    """What to take where a font is missing."""
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in _STAND_IN.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<w:fonts xmlns:w="{_W}">{entries}</w:fonts>'.encode()


def packed(made: Docx) -> bytes:
    """The package with every date fixed."""
    stream, result = io.BytesIO(), io.BytesIO()
    made.save(stream)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, _fonts() if name == "word/fontTable.xml" else source.read(name))
    return result.getvalue()
