"""How much is drawn on a page once every form (a drawing within the drawing) stands where it is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1

from models.errors import DamagedInputError
from pipeline.extract.pdf_streams import UnpackedSizes, too_large

# Forms within forms; producers nest two or three.
_DEEPEST = 20
_CALL = re.compile(rb"/([^\s/()<>\[\]{}%]+)\s+Do\b")


def check_pages(pages: Sequence[PDFPage], sizes: UnpackedSizes, name: str, *, max_bytes: int) -> None:
    """None; a page that is short to write and endless to draw is refused.

    Args:
        pages: All pages; none of them has been interpreted.
        sizes: Bytes of each stream of the file.
        name: The file name for messages.
        max_bytes: Of what one page draws, forms counted as often as they are called.

    Raises:
        DamagedInputError: a form draws itself, or forms are nested too deeply.
        InputTooLargeError: more than ``max_bytes``.
    """
    forms = _Forms(sizes, name, max_bytes)
    for page in pages:
        numbers = [c.objid for c in page.contents if isinstance(c, PDFObjRef)]
        drawn = sizes.of_page(numbers)
        if drawn > max_bytes:
            raise forms.too_much
        called = _xobjects(page.resources)
        if any(_is_form(x) for x in called.values()):
            streams = [resolve1(c) for c in page.contents]
            forms.drawn([s for s in streams if isinstance(s, PDFStream)], page.resources, 0)


@dataclass(slots=True)
class _Forms:
    """Bytes drawn by each form that was met, by object number."""

    sizes: UnpackedSizes
    name: str
    max_bytes: int
    known: dict[int, int] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)

    def drawn(self, streams: Sequence[PDFStream], resources: object, depth: int) -> int:
        """Bytes that these streams come to, with all that they call."""
        if depth > _DEEPEST:
            raise DamagedInputError(
                "drawings in the PDF are nested too deeply", source=self.name, remedy="print it to a new PDF"
            )
        named = _xobjects(resources)
        total = 0
        for stream in streams:
            content = stream.get_data()
            total += len(content)
            if any(_is_form(x) for x in named.values()):
                for called, times in Counter(_CALL.findall(content)).items():
                    form = named.get(called.decode("latin-1"))
                    total += times * self._form(form, resources, depth) if _is_form(form) else 0
            if total > self.max_bytes:
                raise self.too_much
        return total

    @property
    def too_much(self) -> Exception:
        return too_large(self.name, "what a page draws unpacks", self.max_bytes, "limits.max_pdf_uncompressed_bytes")

    def _form(self, form: object, around: object, depth: int) -> int:
        number, stream = form.objid if isinstance(form, PDFObjRef) else 0, resolve1(form)
        if not isinstance(stream, PDFStream):
            return 0
        number = number or stream.objid or id(stream)
        if number in self.open:
            raise DamagedInputError(
                "a drawing in the PDF calls itself", source=self.name, remedy="print it to a new PDF"
            )
        if number not in self.known:
            self.open.add(number)
            own = resolve1(stream.get("Resources"))
            self.known[number] = self.drawn([stream], own or around, depth + 1)
            self.open.discard(number)
        return self.known[number]


def _xobjects(resources: object) -> Mapping[str, object]:
    resources = resolve1(resources)
    found = resolve1(resources.get("XObject")) if isinstance(resources, dict) else None
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else {}


def _is_form(xobject: object) -> bool:
    stream = resolve1(xobject)
    return isinstance(stream, PDFStream) and getattr(stream.get("Subtype"), "name", "") == "Form"
