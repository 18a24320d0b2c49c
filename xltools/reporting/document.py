"""The report as a .docx.  The same content gives the same bytes; texts go in as text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Pt

from xltools.reporting import page, tables
from xltools.reporting.outline import Facts, Paragraph, Piece, Section, sections, subject, tidy, words
from xltools.reporting.page import BODY, dress, indent, new_line, outline_level

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph as DocxParagraph

_DATE = datetime(2024, 1, 1)


def document(facts: Facts) -> bytes:
    made = Document()
    page.prepare(made)
    _properties(made, facts)
    _front(made, facts)
    for section in sections(facts):
        _section(made, section)
        if section.table:
            tables.draw(made, facts)
    return page.packed(made)


def _properties(made: Docx, facts: Facts) -> None:
    """Nothing of the machine or the moment; no thumbnail of somebody else's page."""
    about = made.core_properties
    about.title = f"{tidy(facts.form.project_name.value or '')[:200]}{_title(facts)}"
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.language = "zh-CN"
    about.created = about.modified = _DATE
    relations = made.part.package.rels
    for key in [key for key, each in relations.items() if each.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]


def _title(facts: Facts) -> str:
    """A unit's own evaluation, not one by its department."""
    return f"{subject(facts.form)}绩效自评报告"


def _front(made: Docx, facts: Facts) -> None:
    form = facts.form
    title = new_line(made, WD_ALIGN_PARAGRAPH.CENTER)
    title.paragraph_format.line_spacing = Pt(36)
    dress(title.add_run(_title(facts)), page.TITLE_FONT, page.TITLE)
    year = Piece(f"（{form.year.value}年度）") if form.year.value else Piece("（【请补充：年度】）", "ask")
    under = new_line(made, WD_ALIGN_PARAGRAPH.CENTER)
    under.paragraph_format.space_after = Pt(14)
    dress(under.add_run(year.text), page.SUB_FONT, BODY, kind=year.kind)
    for label, entry in (
        ("项目名称", form.project_name),
        ("主管部门", form.supervising_department),
        ("实施单位", form.implementing_unit),
    ):
        _write(new_line(made), (Piece(f"{label}："), words(entry, label)))
    _write(new_line(made), (Piece("报告日期："), Piece("【请补充：报告日期】", "ask")))


def _section(made: Docx, section: Section) -> None:
    heading = new_line(made)
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_before = Pt(10)
    outline_level(heading, 0)
    indent(heading)
    dress(heading.add_run(section.heading), page.HEADING_FONT, BODY)
    for paragraph in section.paragraphs:
        _paragraph(made, paragraph)


def _paragraph(made: Docx, paragraph: Paragraph) -> None:
    line = new_line(made, None if paragraph.heading else WD_ALIGN_PARAGRAPH.JUSTIFY)
    indent(line)
    if paragraph.heading:
        line.paragraph_format.keep_with_next = True
        outline_level(line, 1)
    _write(line, paragraph.pieces, page.SUB_FONT if paragraph.heading else page.BODY_FONT)


def _write(line: DocxParagraph, pieces: tuple[Piece, ...], font: str = page.BODY_FONT) -> None:
    for piece in pieces:
        dress(line.add_run(piece.text), font, BODY, kind=piece.kind)
