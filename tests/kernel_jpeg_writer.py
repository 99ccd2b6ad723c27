"""A small JPEG writer for what Pillow does not write: any sampling, scans of single components.

For tests only: it is slow and its files are large.
"""

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.float64]

_ZIGZAG = sorted(range(64), key=lambda k: (k // 8 + k % 8, (k // 8 if (k // 8 + k % 8) % 2 else k % 8)))
_DC_SYMBOLS = list(range(12))
_AC_SYMBOLS = [0x00, 0xF0, *(run << 4 | size for run in range(16) for size in range(1, 11))]
_DCT = np.array(
    [
        [np.sqrt((1 if u == 0 else 2) / 8) * np.cos((2 * x + 1) * u * np.pi / 16) for x in range(8)]
        for u in range(8)
    ]
)


def jpeg_of(
    ycc: npt.NDArray[np.uint8], *, samplings: list[tuple[int, int]], step: int, is_interleaved: bool
) -> bytes:
    """A baseline JPEG of (height, width, components) samples; `step` quantizes every coefficient."""
    height, width, count = ycc.shape
    h_max, v_max = max(h for h, _ in samplings), max(v for _, v in samplings)
    units = (-(-width // (8 * h_max)), -(-height // (8 * v_max)))
    planes = []
    for index, (h, v) in enumerate(samplings):
        size = (8 * units[1] * v_max, 8 * units[0] * h_max)
        full = np.pad(ycc[:, :, index], ((0, size[0] - height), (0, size[1] - width)), mode="edge")
        down, across = v_max // v, h_max // h
        plane = full.reshape(size[0] // down, down, size[1] // across, across).mean(axis=(1, 3))
        planes.append(_coefficients(plane, step))
    frame = b"".join(bytes((i + 1, h << 4 | v, 0)) for i, (h, v) in enumerate(samplings))
    out = [b"\xff\xd8", _segment(0xDB, b"\0" + bytes([step] * 64))]
    out.append(_segment(0xC0, b"\x08" + height.to_bytes(2) + width.to_bytes(2) + bytes([count]) + frame))
    for kind, symbols, length in ((0x00, _DC_SYMBOLS, 4), (0x10, _AC_SYMBOLS, 8)):
        counts = bytes(len(symbols) if place == length else 0 for place in range(1, 17))
        out.append(_segment(0xC4, bytes([kind]) + counts + bytes(symbols)))
    scans = [list(range(count))] if is_interleaved else [[index] for index in range(count)]
    for scan in scans:
        out.append(
            _segment(0xDA, bytes([len(scan)]) + b"".join(bytes([i + 1, 0]) for i in scan) + b"\0\x3f\0")
        )
        blocks: list[tuple[int, int, int]] = []
        if len(scan) == 1:
            (index,) = scan
            h, v = samplings[index]
            across, down = -(-width * h // h_max), -(-height * v // v_max)
            blocks = [(index, y, x) for y in range(-(-down // 8)) for x in range(-(-across // 8))]
        else:
            for unit_y in range(units[1]):
                for unit_x in range(units[0]):
                    for index in scan:
                        h, v = samplings[index]
                        blocks += [
                            (index, v * unit_y + y, h * unit_x + x) for y in range(v) for x in range(h)
                        ]
        out.append(_coded(blocks, planes))
    return b"".join(out) + b"\xff\xd9"


def _coefficients(plane: Plane, step: int) -> npt.NDArray[np.int64]:
    rows, columns = plane.shape[0] // 8, plane.shape[1] // 8
    blocks = (plane - 128).reshape(rows, 8, columns, 8).transpose(0, 2, 1, 3)
    values: npt.NDArray[np.int64] = np.rint(_DCT @ blocks @ _DCT.T / step).astype(np.int64)
    in_order: npt.NDArray[np.int64] = values.reshape(rows, columns, 64)[:, :, _ZIGZAG]
    return in_order


def _coded(blocks: list[tuple[int, int, int]], planes: list[npt.NDArray[np.int64]]) -> bytes:
    bits: list[str] = []
    means = [0] * len(planes)
    for index, y, x in blocks:
        values = [int(value) for value in planes[index][y, x]]
        difference, means[index] = values[0] - means[index], values[0]
        size = abs(difference).bit_length()
        bits.append(f"{_DC_SYMBOLS.index(size):04b}" + _magnitude(difference, size))
        run = 0
        last = max((k for k in range(1, 64) if values[k]), default=0)
        for value in values[1 : last + 1]:
            if value == 0:
                run += 1
                continue
            while run > 15:
                bits.append(f"{_AC_SYMBOLS.index(0xF0):08b}")
                run -= 16
            size = abs(value).bit_length()
            bits.append(f"{_AC_SYMBOLS.index(run << 4 | size):08b}" + _magnitude(value, size))
            run = 0
        if last < 63:
            bits.append(f"{_AC_SYMBOLS.index(0):08b}")
    whole = "".join(bits)
    whole += "1" * (-len(whole) % 8)
    return int(whole, 2).to_bytes(len(whole) // 8).replace(b"\xff", b"\xff\0")


def _magnitude(value: int, size: int) -> str:
    return f"{value if value > 0 else value + (1 << size) - 1:0{size}b}" if size else ""


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2) + payload
