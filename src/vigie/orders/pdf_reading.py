"""What is in a PDF: attached files and text, read by a child process with limits of memory and time.

The child runs nothing of the PDF and reaches nothing; when it is ended, the PDF counts as unreadable.
"""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass

from vigie.foundation.errors import Invalid
from vigie.orders.mail_parts import MailFile

PDF_BYTES_MAX = 10_000_000
WALL_S_MAX = 60


class PdfUnreadable(Invalid):
    """A PDF cannot be read within the limits."""

    code = "pdf_unreadable"


@dataclass(frozen=True, slots=True)
class PdfContents:
    """Text of the pages in order, and attached files."""

    text: str
    files: tuple[MailFile, ...]


def read_pdf(data: bytes) -> PdfContents:
    """The contents; raises PdfUnreadable."""
    if len(data) > PDF_BYTES_MAX:
        raise PdfUnreadable("The PDF is too large.", code="pdf_too_large")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "vigie.orders.pdf_child"],
            input=data,
            capture_output=True,
            timeout=WALL_S_MAX,
            check=True,
            env={"PYTHONWARNINGS": "ignore", "PATH": "/usr/bin:/bin"},
        )
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise PdfUnreadable("The PDF cannot be read.") from error
    files = tuple(
        MailFile(str(one["name"]), "application/octet-stream", base64.b64decode(one["data"]))
        for one in found["files"]
    )
    return PdfContents(str(found["text"]), files)
