"""XML from a stranger: no DTD, no entities, no network, and namespaces of either dialect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from lxml import etree

from xltools.sheets.grid import Unreadable


class ParserOptions(TypedDict):
    """The options ``XMLParser`` and ``iterparse`` share."""

    resolve_entities: bool
    no_network: bool
    load_dtd: bool
    huge_tree: bool
    remove_comments: bool
    remove_pis: bool


PARSER_OPTIONS: ParserOptions = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,  # so that a comment does not cut a text in two
    "remove_pis": True,
}


def parsed(data: bytes, part: str) -> etree._Element:
    """The root of a small part.  Raises Unreadable("damaged") or, for a DTD, ("unsafe")."""
    try:
        root = etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS))
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise Unreadable("unsafe" if b"<!DOCTYPE" in data[:4096] else "damaged", part=part[:80]) from None
    refuse_dtd(root, part)
    return root


def refuse_dtd(root: etree._Element, part: str) -> None:
    """No office program writes a DTD; it is only good for attacks.

    Asked of the parser, because searching the bytes would miss it in UTF-16.
    """
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("unsafe", part=part[:80])


def local(element: etree._Element) -> str:
    """The tag without its namespace: transitional and Strict files read alike."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element) -> Iterator[etree._Element]:
    """Child elements, without comments and entity references."""
    return (child for child in element if isinstance(child.tag, str))


def attribute(element: etree._Element, name: str) -> str:
    """The value of an attribute that has no namespace; "" when it is absent."""
    return element.get(name) or ""
