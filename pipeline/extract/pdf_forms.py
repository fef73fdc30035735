"""How much is drawn on a page once every form (a drawing within the drawing) stands where it is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1

from models.errors import DamagedInputError, InputError, InputTooLargeError
from pipeline.extract.pdf_streams import too_large

# Forms within forms; producers nest two or three.
_DEEPEST = 20
# A character takes one byte or two; in hexadecimal digits twice as many.
_CHAR_BYTES = 2
_CALL = re.compile(rb"/([^\s/()<>\[\]{}%]+)\s+Do\b")
_STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)", re.DOTALL)
_HEX_STRING = re.compile(rb"<[0-9A-Fa-f\s]+>")
_STATE = re.compile(rb"(?<!\S)q(?!\S)")


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a content comes to: its bytes, and about the characters and saved states in it."""

    size: int = 0
    objects: int = 0

    def plus(self, other: _Drawn, times: int = 1) -> _Drawn:
        return _Drawn(self.size + times * other.size, self.objects + times * other.objects)


def crowded_pages(pages: Sequence[PDFPage], name: str, *, max_bytes: int, max_objects: int) -> frozenset[int]:
    """The 1-based numbers of pages that draw more than ``max_objects`` characters; nothing is interpreted for it.

    Args:
        pages: All pages.
        name: The file name for messages.
        max_bytes: Of what one page draws, forms counted as often as they are called.
        max_objects: More of them on a page are not for a reader of text.

    Raises:
        DamagedInputError: a form draws itself, or forms are nested too deeply.
        InputTooLargeError: a page with more than ``max_bytes``.
    """
    forms = _Forms(name, max_bytes, max_objects)
    crowded = set()
    for number, page in enumerate(pages, start=1):
        try:
            drawn = forms.drawn([resolve1(c) for c in page.contents], page.resources)
        except (InputError, MemoryError):
            raise
        except Exception:  # noqa: BLE001, S112 - a broken page is told of when it is read; it costs no other
            continue
        if drawn.objects > max_objects:
            crowded.add(number)
    return frozenset(crowded)


@dataclass(slots=True)
class _Forms:
    """What each form that was met draws, by object number."""

    name: str
    max_bytes: int
    max_objects: int
    known: dict[int, _Drawn] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)

    def drawn(self, contents: Sequence[object], resources: object) -> _Drawn:
        """What these streams come to, with all that they call."""
        if len(self.open) > _DEEPEST:
            raise DamagedInputError(
                "drawings in the PDF are nested too deeply", source=self.name, remedy="print it to a new PDF"
            )
        named = {key: x for key, x in _xobjects(resources).items() if _is_form(x)}
        total = _Drawn()
        for stream in contents:
            if not isinstance(stream, PDFStream):
                continue
            content = stream.get_data()
            # One byte is no more than one of them.
            total = total.plus(_Drawn(len(content), _count(content) if len(content) > self.max_objects else 0))
            calls = Counter(_CALL.findall(content)) if named else Counter[bytes]()
            for called, times in calls.items():
                form = named.get(called.decode("latin-1"))
                if form is not None:
                    total = total.plus(self._form(form, resources), times)
            if total.size > self.max_bytes:
                raise self._too_much()
        return total

    def _form(self, form: object, around: object) -> _Drawn:
        stream = resolve1(form)
        number = form.objid if isinstance(form, PDFObjRef) else id(stream)
        if number in self.open:
            raise DamagedInputError(
                "a drawing in the PDF calls itself", source=self.name, remedy="print it to a new PDF"
            )
        if number not in self.known:
            self.open.add(number)
            own = resolve1(stream.get("Resources"))
            self.known[number] = self.drawn([stream], own or around)
            self.open.discard(number)
        return self.known[number]

    def _too_much(self) -> InputTooLargeError:
        return too_large(self.name, "what a page draws unpacks", self.max_bytes, "limits.max_pdf_uncompressed_bytes")


def _count(content: bytes) -> int:
    chars = sum(len(s) - 2 for s in _STRING.findall(content)) + sum(len(s) // 2 for s in _HEX_STRING.findall(content))
    return chars // _CHAR_BYTES + len(_STATE.findall(content))


def _xobjects(resources: object) -> Mapping[str, object]:
    resources = resolve1(resources)
    found = resolve1(resources.get("XObject")) if isinstance(resources, dict) else None
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else {}


def _is_form(xobject: object) -> bool:
    stream = resolve1(xobject)
    return isinstance(stream, PDFStream) and getattr(stream.get("Subtype"), "name", "") == "Form"
