"""Word files, made part by part."""

from __future__ import annotations

import base64
import io
import zipfile

from tests.text.exports import PIXEL

TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOT = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>"""
PARTS = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/>
<Relationship Id="rId2" Type="{OFFICE}/image" Target="%s" %s/></Relationships>"""
STYLES = """<?xml version="1.0" encoding="UTF-8"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>"""
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{OFFICE}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)


def paragraph(text: str, style: str = "", marks: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}<w:r><w:rPr>{marks}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def drawing(alt: str, by: str = "r:embed") -> str:
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="a" descr="{alt}"/><a:graphic><a:graphicData><pic:pic>'
        f'<pic:blipFill><a:blip {by}="rId2"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )


def docx(
    body: str, picture: bytes = base64.b64decode(PIXEL), target: str = "media/a.png", mode: str = "", **parts: bytes
) -> bytes:
    """A Word file. `parts`: further ones by name, with __ for / and _DOT_ for a point."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", TYPES)
        file.writestr("_rels/.rels", ROOT)
        file.writestr("word/_rels/document.xml.rels", PARTS % (target, mode))
        file.writestr("word/styles.xml", STYLES)
        head = '<?xml version="1.0" encoding="UTF-8"?>'
        file.writestr("word/document.xml", f"{head}<w:document {SPACES}><w:body>{body}</w:body></w:document>")
        file.writestr("word/media/a.png", picture)
        for name, data in parts.items():
            file.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return written.getvalue()
