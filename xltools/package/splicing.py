"""A changed part written into its own bytes: what did not change stays as it was typed, to the byte.

A tree that is written out anew is equal in meaning, but quotes, line ends, the order of attributes
and the space between elements are then the serialiser's.  Here the tree says only what is different,
and just that is cut out of the original and put in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from xltools.package.markup import Element, parsed
from xltools.sheets.grid import Unreadable
from xltools.sheets.markup import children, local

_IDENTITIES = ("r", "Id", "PartName", "Extension", "ref", "name", "sqref", "min")
_WHOLE = frozenset({"c", "comment"})  # replaced as one, not piece by piece
_XML = "http://www.w3.org/XML/1998/namespace"


class _Span(NamedTuple):
    """Where an element stands: its start tag up to ``inner``, its end tag from ``outer``."""

    start: int
    inner: int
    outer: int
    end: int

    @property
    def closed(self) -> bool:
        """``<sheetData/>``: there is no place for content."""
        return self.inner == self.end


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def spliced(original: bytes, changed: Element, name: str) -> bytes | None:
    """The bytes of a part with the changes of its tree; None where that cannot be done safely.

    It cannot in another encoding than UTF-8, where an offset is no place in the text, and it is not
    done when the result would not read as the tree does; the caller then writes the tree.
    """
    spans = _spans(original)
    if spans is None:
        return None
    before = parsed(original, name)
    elements = [each for each in before.iter() if isinstance(each.tag, str)]
    if len(elements) != len(spans):
        return None
    places = dict(zip(elements, spans, strict=True))
    edits = sorted(_differences(before, changed, places))
    result = _applied(original, edits)
    try:
        again = parsed(result, name)
    except Unreadable:
        return None
    return result if _same(again, changed) else None


def _applied(original: bytes, edits: list[_Edit]) -> bytes:
    pieces, at = [], 0
    for start, end, text in edits:
        pieces += [original[at:start], text.encode("utf-8")]
        at = end
    return b"".join([*pieces, original[at:]])


# --- where everything stands ----------------------------------------------------------------------


def _spans(data: bytes) -> list[_Span] | None:
    """The place of every element, in document order."""
    reader = expat.ParserCreate()
    found: list[_Span | None] = []
    opened: list[tuple[int, int, int]] = []
    encodings: list[str] = []

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        encodings.append((encoding or "utf-8").lower())

    def begin(_name: str, _attributes: dict[str, str]) -> None:
        start = reader.CurrentByteIndex
        opened.append((len(found), start, _tag_end(data, start)))
        found.append(None)

    def finish(_name: str) -> None:
        index, start, inner = opened.pop()
        if data[inner - 2 : inner] == b"/>":
            found[index] = _Span(start, inner, inner, inner)
        else:
            outer = reader.CurrentByteIndex
            found[index] = _Span(start, inner, outer, data.index(b">", outer) + 1)

    reader.XmlDeclHandler = declared
    reader.StartElementHandler, reader.EndElementHandler = begin, finish
    try:
        reader.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or any(e not in ("utf-8", "utf8") for e in encodings):
        return None
    return [span for span in found if span is not None]


def _tag_end(data: bytes, start: int) -> int:
    """Behind the ``>`` of a start tag; one inside an attribute value does not count."""
    quote, at = 0, start
    while True:
        byte = data[at]
        at += 1
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == 0x3E:
            return at


# --- what is different ----------------------------------------------------------------------------


def _differences(old: Element, new: Element, places: dict[Element, _Span]) -> Iterator[_Edit]:
    """The cuts that turn the text of ``old`` into one of ``new``."""
    if _same(old, new):
        return
    span, inside = places[old], list(children(new))
    whole = local(old) in _WHOLE or old.tag != new.tag or (span.closed and (inside or new.text))
    if whole or not (inside or list(children(old))):
        yield _Edit(span.start, span.end, _text(new))
        return
    if _attributes(old) != _attributes(new):
        yield _Edit(span.start, span.inner, _start_tag(new) + ("/>" if span.closed else ">"))
    yield from _inside(list(children(old)), inside, span, places)


def _inside(
    old: list[Element], new: list[Element], span: _Span, places: dict[Element, _Span]
) -> Iterator[_Edit]:
    """Children compared in order: one that is known further on was kept, the others came or went."""
    later = [_identity(each) for each in new]
    at = 0
    for each in old:
        identity = _identity(each)
        found = next((i for i in range(at, len(new)) if later[i] == identity), None)
        place = places[each]
        if found is None:
            yield _Edit(place.start, place.end, "")
            continue
        if found > at:
            yield _Edit(place.start, place.start, "".join(map(_text, new[at:found])))
        yield from _differences(each, new[found], places)
        at = found + 1
    if at < len(new):
        yield _Edit(span.outer, span.outer, "".join(map(_text, new[at:])))


def _identity(element: Element) -> tuple[str, str]:
    own = next((value for key in _IDENTITIES if (value := element.get(key))), "")
    return str(element.tag), own


def _same(one: Element, other: Element) -> bool:
    """The same element, attributes, text and content; the space between elements does not count."""
    if one.tag != other.tag or _attributes(one) != _attributes(other):
        return False
    inside, others = list(children(one)), list(children(other))
    if len(inside) != len(others):
        return False
    if not inside:
        return _words(one) == _words(other)
    return all(map(_same, inside, others))


def _attributes(element: Element) -> dict[str, str]:
    return {str(key): str(value) for key, value in element.attrib.items()}


def _words(element: Element) -> str:
    """The text of an element without elements in it, whatever comments stand between."""
    return (element.text or "") + "".join(comment.tail or "" for comment in element)


# --- as text --------------------------------------------------------------------------------------


def _text(element: Element) -> str:
    """An element as it is written where the namespaces around it are declared."""
    inside = "".join(map(_text, children(element)))
    content = (
        _escaped(element.text or "") + inside if not len(element) or inside else _escaped(_words(element))
    )
    tag = _start_tag(element)
    return f"{tag}>{content}</{_name(element, str(element.tag))}>" if content else f"{tag}/>"


def _start_tag(element: Element) -> str:
    """``<c r="A1"``, without its end."""
    parent = element.getparent()
    known: dict[str | None, str] = {} if parent is None else parent.nsmap
    declared = {prefix: uri for prefix, uri in element.nsmap.items() if known.get(prefix) != uri}
    words = [f' xmlns{":" + prefix if prefix else ""}="{_quoted(uri)}"' for prefix, uri in declared.items()]
    words += [f' {_name(element, str(key))}="{_quoted(str(value))}"' for key, value in element.attrib.items()]
    return f"<{_name(element, str(element.tag))}{''.join(words)}"


def _name(element: Element, name: str) -> str:
    """``{namespace}local`` with the prefix that stands for the namespace here."""
    uri, brace, own = name.rpartition("}")
    if not brace:
        return name
    uri = uri[1:]
    if uri == _XML:
        return f"xml:{own}"
    if name == element.tag:
        return f"{element.prefix}:{own}" if element.prefix else own
    prefix = next(key for key, value in element.nsmap.items() if value == uri and key)
    return f"{prefix}:{own}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _quoted(text: str) -> str:
    return _escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
