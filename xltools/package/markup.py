"""XML parts as trees: parsed with limits, changed without losing what is not understood."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from xltools.sheets.grid import Unreadable
from xltools.sheets.markup import PARSER_OPTIONS, children, local, refuse_dtd

Element = etree._Element


def parsed(data: bytes, name: str) -> Element:
    """As `markup.parsed`, but comments and processing instructions stay."""
    options = PARSER_OPTIONS | {"remove_comments": False, "remove_pis": False}
    try:
        root = etree.fromstring(data, etree.XMLParser(**options))
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise Unreadable("damaged", part=name[:80]) from None
    refuse_dtd(root, name)
    return root


def child_of(parent: Element, name: str) -> Element | None:
    return next((child for child in children(parent) if local(child) == name), None)


def make(parent: Element, name: str, **attributes: str) -> Element:
    """An element in the namespace (transitional or Strict) of its parent-to-be."""
    namespace = etree.QName(parent).namespace
    return parent.makeelement(f"{{{namespace}}}{name}", attributes)


def append(parent: Element, name: str, **attributes: str) -> Element:
    made = make(parent, name, **attributes)
    parent.append(made)
    return made


def remove(parent: Element, wanted: Callable[[Element], bool]) -> None:
    for child in [child for child in children(parent) if wanted(child)]:
        parent.remove(child)
