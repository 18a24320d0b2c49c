"""Workbooks made by hand, part by part, so that a test says exactly what the XML holds."""

from __future__ import annotations

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="176" formatCode="0.00_ "/>'
    '<numFmt numFmtId="177" formatCode="@&quot;元&quot;"/></numFmts><cellXfs count="6">'
    '<xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="10"/><xf numFmtId="31"/><xf numFmtId="177"/>'
    '<xf numFmtId="49"/></cellXfs></styleSheet>'
)


def sheet(rows: str, after: str = "", namespace: str = MAIN) -> str:
    """A worksheet part around the rows."""
    return (
        f'{DECLARATION}<worksheet xmlns="{namespace}" xmlns:r="{OFFICE}"><dimension ref="A1"/>'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def cells(markup: str) -> str:
    """A worksheet part with one row around the cells."""
    return sheet(f'<row r="1" spans="1:12">{markup}</row>')


def strings(*items: str) -> str:
    """A shared strings part; each item is the inside of an ``<si>``."""
    inside = "".join(f"<si>{item}</si>" for item in items)
    return f'{DECLARATION}<sst xmlns="{MAIN}" count="1" uniqueCount="1">{inside}</sst>'


def parts(
    *sheets: str,
    shared: str | None = None,
    styles: str | None = STYLES,
    workbook: str = "",
    states: tuple[str, ...] = (),
    namespace: str = MAIN,
) -> dict[str, str]:
    """The parts of a workbook: sheets called S1, S2 …; ``workbook`` goes after the list of sheets."""
    rels, listed = [], []
    for number in range(1, len(sheets) + 1):
        state = f' state="{states[number - 1]}"' if number <= len(states) and states[number - 1] else ""
        listed.append(f'<sheet name="S{number}" sheetId="{number}"{state} r:id="rId{number}"/>')
        rels.append((f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml"))
    if shared is not None:
        rels.append(("rId90", "sharedStrings", "sharedStrings.xml"))
    if styles is not None:
        rels.append(("rId91", "styles", "styles.xml"))
    links = "".join(
        f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in rels
    )
    found = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{namespace}" xmlns:r="{OFFICE}"><sheets>{"".join(listed)}</sheets>'
            f"{workbook}</workbook>"
        ),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
    }
    for number, text in enumerate(sheets, 1):
        found[f"xl/worksheets/sheet{number}.xml"] = text
    if shared is not None:
        found["xl/sharedStrings.xml"] = shared
    if styles is not None:
        found["xl/styles.xml"] = styles
    return found


def packed(content: dict[str, str] | dict[str, bytes]) -> bytes:
    """Parts as the bytes of a zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in content.items():
            package.writestr(name, text)
    return out.getvalue()


def book(*sheets: str, **options: object) -> bytes:
    """The bytes of a workbook; see ``parts``."""
    return packed(parts(*sheets, **options))  # type: ignore[arg-type]
