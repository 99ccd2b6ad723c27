"""The child process that reads one PDF from standard input and writes what it holds as JSON.

It limits itself before it looks at the first byte: memory, time, no new files.
"""

import base64
import io
import json
import resource
import sys

MEMORY_BYTES_MAX = 768 * 1024 * 1024
CPU_S_MAX = 10
PAGES_MAX = 50
TEXT_CHARS_MAX = 200_000
FILES_MAX = 5
FILE_BYTES_MAX = 1_000_000


def main() -> None:
    """Read, write, end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S_MAX, CPU_S_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=False)
    pieces: list[str] = []
    for page in list(reader.pages)[:PAGES_MAX]:
        pieces.append(page.extract_text())
        if sum(map(len, pieces)) > TEXT_CHARS_MAX:
            break
    files = [
        {"name": name[:200], "data": base64.b64encode(contents[0]).decode()}
        for name, contents in list(reader.attachments.items())[:FILES_MAX]
        if contents and len(contents[0]) <= FILE_BYTES_MAX
    ]
    text = "\n".join(pieces)[:TEXT_CHARS_MAX].replace("\0", "")
    sys.stdout.write(json.dumps({"text": text, "files": files}))


if __name__ == "__main__":
    main()
