"""Picture signals, safe renderings and exact Hamming search, in Rust.

Everything here takes hostile bytes: a result or one of the exceptions below, never a crash. It
refuses to know banks, policies or people. All functions release the GIL while they work.
"""

from collections.abc import Sequence
from os import PathLike
from typing import Literal, final

from typing_extensions import Buffer

__all__ = [
    "CornerWords",
    "DihedralHashes",
    "HammingIndex",
    "KernelError",
    "LumaPlane",
    "MediumRefused",
    "PictureSignals",
    "PictureVariant",
    "SnapshotDamaged",
    "WordIndex",
    "decode_picture",
    "digest_bytes",
    "hash_picture",
    "hash_picture_dihedral",
    "hash_pictures",
    "hash_variants",
    "pdq_picture",
    "render_picture",
    "scan_codes",
    "split_multipart",
]

class KernelError(Exception):
    """Any refusal of the kernel. `code` is stable, the message is a sentence for a person."""

    code: str

class MediumRefused(KernelError):
    """The bytes are not a picture that the kernel accepts.

    `code` is one of "empty", "too_many_bytes", "too_many_pixels", "unknown_format", "malformed",
    "unsupported", "timed_out".
    """

class SnapshotDamaged(KernelError):
    """The file is not a whole index snapshot.

    `code` is one of "missing", "bad_magic", "bad_version", "bad_length", "bad_checksum".
    """

@final
class PictureSignals:
    """What is computed from one picture to recognise it."""

    @property
    def format(self) -> Literal["jpeg", "png", "webp", "gif"]: ...
    @property
    def width_px(self) -> int: ...
    @property
    def height_px(self) -> int: ...
    @property
    def md5(self) -> bytes:
        """16 bytes, of the file."""

    @property
    def sha256(self) -> bytes:
        """32 bytes, of the file."""

    @property
    def pdq(self) -> bytes:
        """32 bytes, of the pixels as stored (EXIF orientation is not applied)."""

    @property
    def pdq_quality(self) -> int:
        """0..=100. Hashes under 50 are not to be matched."""

@final
class DihedralHashes:
    """PDQ hashes of the eight ways to turn and mirror one picture."""

    @property
    def pdq(self) -> list[bytes]:
        """Eight hashes of 32 bytes: as is; rotated by 90, 180, 270 degrees; mirrored in x, in y,
        in the one diagonal, in the other."""

    @property
    def quality(self) -> int:
        """0..=100, one for all eight."""

def hash_picture(
    data: bytes,
    *,
    bytes_max: int,
    pixels_max: int,
    time_ms_max: int,
    fidelity: Literal["full", "fast"] = "full",
) -> PictureSignals:
    """Digests and PDQ hash of a JPEG, PNG, WebP or GIF (its first frame).

    "full" is the reference's hash, but for two bits and one step of quality at most that its rounding
    decides; "fast" takes about half the work on JPEGs and is then a few bits away at times. Raises
    MediumRefused; ValueError for a limit under 1 or an unknown fidelity.
    Source: PyPI pdqhash 0.2.8 on Pillow's `convert("RGB")`.
    """

def hash_pictures(
    pictures: Sequence[bytes],
    *,
    bytes_max: int,
    pixels_max: int,
    time_ms_max: int,
    fidelity: Literal["full", "fast"] = "full",
    threads: int = 1,
) -> list[PictureSignals | MediumRefused]:
    """`hash_picture` for each of at most 65,536 pictures, in their order, over 1..=256 threads.

    A picture that is refused has the exception in its place. The time limit is each picture's own.
    """

def split_multipart(body: bytes, boundary: bytes, *, parts_max: int) -> list[tuple[str, int, int]] | None:
    """(name, start, end) of each part of a plain `multipart/form-data` body, in their order.

    None for a body that is malformed, has more parts, or is in any way unusual: another reader has to tell which.
    """

def pdq_picture(
    data: bytes,
    *,
    bytes_max: int,
    pixels_max: int,
    time_ms_max: int,
    fidelity: Literal["full", "fast"] = "full",
) -> tuple[bytes, int]:
    """The PDQ hash alone (32 bytes) and its quality (0..=100). Raises like hash_picture."""

def decode_picture(
    data: bytes, *, bytes_max: int, pixels_max: int, time_ms_max: int
) -> tuple[Literal["jpeg", "png", "webp", "gif"], int, int]:
    """Format, width and height of a picture that was decoded whole, as for hashing, and thrown away.

    It tells whether a picture can be decoded, and what that costs without hashing. Raises like hash_picture.
    """

@final
class PictureVariant:
    """The hash of a part of a picture, and how that part was come by."""

    @property
    def part(
        self,
    ) -> Literal["whole", "trimmed", "evened", "framed", "cut", "turned", "turned_grown", "turned_cut"]:
        """Why this part: everything; without bars of one colour; as much off every side; between
        straight seams; a cut of the lattice; everything turned by a few degrees; the same on a canvas
        that grew; without its corners."""

    @property
    def window(self) -> tuple[float, float, float, float]:
        """Left, top, right and lower edge of the part, as shares of width and height, 0..=1; beyond
        that where the canvas grew."""

    @property
    def orientation(
        self,
    ) -> Literal[
        "as_is",
        "mirrored",
        "upside_down_mirrored",
        "upside_down",
        "turned_left",
        "turned_right",
        "turned_left_mirrored",
        "turned_right_mirrored",
    ]:
        """What was done to a picture that is like the hash, so that it looks like this one."""

    @property
    def degrees(self) -> float:
        """By how much the whole was turned before, anticlockwise; 0 for most."""

    @property
    def pdq(self) -> bytes:
        """32 bytes; a few bits from the hash of a file that holds only the part."""

    @property
    def pdq_quality(self) -> int:
        """0..=100. Hashes under 50 are not to be matched."""

@final
class LumaPlane:
    """The luma of a picture, averaged down to at most 384 pixels a side; a smaller one keeps its size."""

    @property
    def width_px(self) -> int: ...
    @property
    def height_px(self) -> int: ...
    @property
    def values(self) -> bytes:
        """width_px * height_px bytes, 0..=255, row by row, as stored."""

    @property
    def upright(self) -> tuple[bool, bool, bool]:
        """What EXIF asks for before people look: to swap axes, then to mirror left and right, top and bottom."""

    def corners(self) -> CornerWords:
        """The words of at most 200 corners, the strongest of six sizes."""

@final
class CornerWords:
    """The words of a picture's corners, as it is and mirrored: corners that look alike have some in common."""

    def __len__(self) -> int:
        """Number of corners."""

    @property
    def banked(self) -> bytes:
        """The corners as they are, as they are kept of an entry: 1 byte, then 20 for each."""

@final
class WordIndex:
    """The words of entries, by which those that share corners with a picture are found. It never changes."""

    def __init__(self, entries: list[bytes]) -> None:
        """Of the banked words of each entry. Raises ValueError for what are no such words."""

    def __len__(self) -> int:
        """Number of entries."""

    @property
    def bytes_held(self) -> int:
        """Bytes of memory."""

    def shared(self, asked: CornerWords, *, votes_min: int, owners_max: int) -> list[tuple[int, int, bool]]:
        """(place of the entry, votes, whether mirrored) for entries that share `votes_min` corners or more.

        Votes are corners of the picture that agree with each other on how the entry lies in it: turned, as
        large and as far away. Most votes first, then by place. Words that more than `owners_max` corners of
        entries have tell nothing. At most twelve entries for each way.
        """

def hash_variants(
    data: bytes,
    *,
    wanted: Literal["asked", "banked"],
    bytes_max: int,
    pixels_max: int,
    time_ms_max: int,
) -> tuple[PictureSignals, list[PictureVariant], LumaPlane]:
    """Signals of a picture, its hashes as an edited copy would have them, and its luma, from one decoding.

    "asked" gives what to look up for an upload: at most 56, of the whole and of what seems pasted in,
    in eight orientations. "banked" gives what to keep of an entry: at most 150, cuts on a lattice and
    small turns among them. Raises MediumRefused; ValueError for another `wanted` or a limit under 1.
    """

def hash_picture_dihedral(
    data: bytes, *, bytes_max: int, pixels_max: int, time_ms_max: int
) -> DihedralHashes:
    """The PDQ hashes of a picture in its eight orientations. Raises like hash_picture."""

def digest_bytes(data: bytes) -> tuple[bytes, bytes]:
    """MD5 (16 bytes) and SHA-256 (32 bytes) of anything."""

def render_picture(
    data: bytes,
    *,
    side_px_max: int,
    style: Literal["clear", "veiled"],
    bytes_max: int,
    pixels_max: int,
    time_ms_max: int,
) -> bytes:
    """A PNG for people: upright, without metadata, its longer side at most `side_px_max` (1..=2048).

    "clear" is never enlarged. "veiled" is grey and blurred until only broad shapes are left, half
    of `side_px_max` long. Raises MediumRefused; ValueError for a wrong size, style or limit.
    """

def scan_codes(
    codes: Buffer, queries: bytes, *, distance_bits_max: int, threads: int = 1, limit: int
) -> list[tuple[int, int, int]]:
    """Every code of a buffer within the radius (0..=64) of a query, as (query, place, distance_bits).

    `codes` is any contiguous buffer of 32 bytes a code (mmap, numpy, pyarrow); it is read where it lies and
    must not be written meanwhile. `queries` has 32 bytes each. Ordered by query, then place; the same at any
    number of threads. Raises KernelError with code "too_many_pairs" when there are more than `limit`,
    ValueError for wrong shapes, BufferError for a buffer with gaps.
    """

@final
class HammingIndex:
    """Exact search over 256-bit codes. Threads may share it: many read while one writes and one merges.

    Codes have 32 bytes; ids are the caller's, unique, 0..=2**64 - 1; an entry belongs to one bank,
    0..=2**32 - 1. Wrong shapes raise ValueError. New entries are scanned until `merge` puts them into a
    segment with tables; whatever the structure, every entry within the radius is found.
    """

    def __init__(self, *, distance_bits_max: int = 64, tables_rows_min: int = 4096) -> None:
        """`distance_bits_max` is the largest radius that will be asked for (0..=64): 0 keeps an exact map only.

        Segments of fewer than `tables_rows_min` different codes get no tables.
        """

    def insert(self, code: bytes, id: int, *, bank: int = 0) -> None:
        """Adds an entry, enabled, or replaces the one with the same id."""

    def insert_many(self, codes: bytes, ids: list[int], *, banks: list[int] | None = None) -> None:
        """Adds len(ids) entries; `codes` has 32 bytes for each. All of them, or none if a shape is wrong.

        Searches may come in between when there are more than about a thousand.
        """

    def remove(self, id: int) -> bool:
        """Takes an entry out; says whether it was there."""

    def set_enabled(self, id: int, *, enabled: bool) -> bool:
        """Lets an entry be found, or not, without taking it out; says whether it is there."""

    def __len__(self) -> int:
        """Number of entries, disabled ones too."""

    def __contains__(self, id: int) -> bool: ...
    @property
    def distance_bits_max(self) -> int:
        """The largest radius that may be asked for."""

    @property
    def bytes_held(self) -> int:
        """Bytes of memory, those shared with other processes too."""

    @property
    def segments(self) -> int:
        """Number of immutable parts."""

    @property
    def pending(self) -> int:
        """Entries that are in no segment yet."""

    @property
    def is_mapped(self) -> bool:
        """Whether all segments are mapped from a snapshot."""

    @property
    def is_merge_due(self) -> bool:
        """Whether merging is worth its while."""

    def structure(self, *, distance_bits_max: int) -> Literal["tables", "scan"]:
        """Where a search of this radius looks in the largest segment."""

    def search(
        self,
        code: bytes,
        *,
        distance_bits_max: int,
        limit: int | None = None,
        banks: Sequence[int] | None = None,
        structure: Literal["tables", "scan"] | None = None,
    ) -> list[tuple[int, int]]:
        """Every entry within the radius as (id, distance_bits), by distance, then id.

        `limit` keeps the first so many, `banks` those of some banks. `structure` says where to look, else the
        quicker one is taken; the answer is the same.
        """

    def search_many(
        self,
        codes: bytes,
        *,
        distance_bits_max: int,
        limit: int | None = None,
        banks: Sequence[int] | None = None,
        structure: Literal["tables", "scan"] | None = None,
        threads: int = 1,
    ) -> list[list[tuple[int, int]]]:
        """`search` for each 32 bytes of `codes`, in order. Changes may fall between queries."""

    def search_flat(
        self,
        codes: bytes,
        *,
        distance_bits_max: int,
        limit: int | None = None,
        banks: Sequence[int] | None = None,
        structure: Literal["tables", "scan"] | None = None,
        threads: int = 1,
    ) -> list[tuple[int, int, int]]:
        """As `search_many` in one list: (number of the query, id, distance_bits) for whatever was found."""

    def merge(self, *, into_one: bool = False, threads: int = 1) -> bool:
        """Puts pending entries into a segment, with segments not much larger, or all `into_one`.

        Searches and changes go on meanwhile. Says whether anything changed.
        """

    def write_snapshot(self, path: str | PathLike[str], *, cursor: int) -> None:
        """Writes all entries and the caller's cursor (0..=2**64 - 1): whole, or not at all.

        Raises OSError when the disk does.
        """

    @staticmethod
    def read_snapshot(path: str | PathLike[str], *, threads: int = 2) -> tuple[HammingIndex, int]:
        """The index and cursor that were written. The file is mapped, after every byte of it was checked.

        It must not be written in place while it is mapped; write_snapshot replaces it.
        Raises SnapshotDamaged; OSError.
        """
