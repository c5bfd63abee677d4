"""What makes a file last (PDF/A-3, level B): it says what it is, what its colours mean, and what is attached.

Everything is told from the document; nothing is asked of the clock.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc

from app.field.printed import ATTACHED_NAME
from app.report.colours import srgb

_JSON = "/application#2Fjson"  # a name of PDF; ReportLab would leave the stroke in it
_EMPTY_PACKET_ID = "W5M0MpCehiHzreSzNTczkc9d"  # fixed by the XMP specification


def make_archival(canvas: Any, made: datetime, attached: tuple[bytes, str] | None) -> None:
    """Give a canvas with all its pages what an archive asks for; to be called just before it is saved.

    Args:
        canvas: with its title, author, subject and keywords set.
        made: the document's own time, aware.
        attached: the file to attach and its description, or None.
    """
    document = canvas._doc
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents", "AF"]
    catalog.Metadata = pdfdoc.PDFStream(
        pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("Metadata"), "Subtype": pdfdoc.PDFName("XML")}),
        _xmp(document.info, made).encode("utf-8"),
    )
    catalog.OutputIntents = pdfdoc.PDFArray([document.Reference(_intent(document))])
    for page in document.idToObject.values():
        if isinstance(page, pdfdoc.PDFPage):
            page.Trans = None  # ReportLab writes an empty transition, which no archive allows
    if attached is not None:
        content, description = attached
        file = document.Reference(_file(document, content, description, made))
        names = pdfdoc.PDFArray([pdfdoc.PDFString(ATTACHED_NAME), file])
        catalog.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": pdfdoc.PDFDictionary({"Names": names})})
        catalog.AF = pdfdoc.PDFArray([file])


def _intent(document: Any) -> Any:
    profile = pdfdoc.PDFStream(pdfdoc.PDFDictionary({"N": 3}), srgb(), [pdfdoc.PDFZCompress])
    return pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("OutputIntent"),
            "S": pdfdoc.PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": pdfdoc.PDFString("sRGB IEC61966-2.1"),
            "Info": pdfdoc.PDFString("sRGB IEC61966-2.1"),
            "DestOutputProfile": document.Reference(profile),
        }
    )


def _file(document: Any, content: bytes, description: str, made: datetime) -> Any:
    stream = pdfdoc.PDFStream(
        pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("EmbeddedFile"),
                "Subtype": _JSON,
                "Params": pdfdoc.PDFDictionary(
                    {
                        "Size": len(content),
                        "ModDate": pdfdoc.PDFString(f"D:{made:%Y%m%d%H%M%S}+08'00'"),
                        "CheckSum": f"<{hashlib.md5(content, usedforsecurity=False).hexdigest()}>",
                    }
                ),
            }
        ),
        content,
        [pdfdoc.PDFZCompress],
    )
    place = document.Reference(stream)
    return pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Filespec"),
            "F": pdfdoc.PDFString(ATTACHED_NAME),
            "UF": pdfdoc.PDFString(ATTACHED_NAME),
            "Desc": pdfdoc.PDFString(description),
            "AFRelationship": pdfdoc.PDFName("Data"),
            "EF": pdfdoc.PDFDictionary({"F": place, "UF": place}),
        }
    )


def _xmp(info: Any, made: datetime) -> str:
    """The metadata once more in XML, word for word as in the information dictionary."""
    when = f"{made:%Y-%m-%dT%H:%M:%S}+08:00"
    title, author, subject, keywords, creator, producer = (
        escape(str(text))
        for text in (info.title, info.author, info.subject, info.keywords, info.creator, info.producer)
    )
    return f"""<?xpacket begin="\ufeff" id="{_EMPTY_PACKET_ID}"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{when}</xmp:CreateDate>
<xmp:ModifyDate>{when}</xmp:ModifyDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
