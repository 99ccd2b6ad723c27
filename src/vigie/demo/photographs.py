"""Real photographs that are on this machine anyway: in the wheels of scikit-image and scikit-learn.

Nothing is fetched, and neither package is imported: only their picture files are read.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from vigie.foundation.errors import VigieError


class PhotographsMissing(VigieError):
    """The packages whose photographs the demonstration posts are not installed."""

    code = "photographs_missing"


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture file. `name` says what it shows, `origin` where it comes from."""

    name: str
    origin: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Shelf:
    """Photographs of one origin: a folder, and what each file shows."""

    origin: str
    folder: Path
    files: dict[str, str]

    def photographs(self) -> list[Photograph]:
        """Those that are there, in order."""
        return [
            Photograph(name, self.origin, (self.folder / file).read_bytes())
            for file, name in self.files.items()
            if (self.folder / file).is_file()
        ]


SCIKIT_IMAGE = {
    "astronaut.png": "an astronaut",
    "camera.png": "a man with a camera",
    "chelsea.png": "a cat",
    "coffee.png": "a cup of coffee",
    "coins.png": "old coins",
    "motorcycle_left.png": "a motorcycle",
    "rocket.jpg": "a rocket at night",
    "hubble_deep_field.jpg": "far galaxies",
    "gravel.png": "gravel",
    "retina.jpg": "a retina",
}
SCIKIT_LEARN = {"china.jpg": "a pagoda", "flower.jpg": "a dahlia"}
SHARED_PDQ = {
    "jpeg/bridge-1-original.jpg": "a tree at a river",
    "jpeg/q1050.jpg": "canal houses",
    "jpeg/q0291.jpg": "three men walking",
}


def for_the_demo(shared: Path) -> list[Photograph]:
    """Different photographs, twelve or more; those of `shared` come along where that folder exists.

    Raises PhotographsMissing.
    """
    shelves = [
        Shelf("scikit-image", package_folder("skimage") / "data", SCIKIT_IMAGE),
        Shelf("scikit-learn", package_folder("sklearn") / "datasets" / "images", SCIKIT_LEARN),
        Shelf("shared pdq", shared, SHARED_PDQ),
    ]
    return [one for shelf in shelves for one in shelf.photographs()]


def package_folder(name: str) -> Path:
    """Where a package is installed; raises PhotographsMissing."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise PhotographsMissing(
            f"The package {name}, whose photographs are posted, is not installed.",
            hint="`make demo` installs it, or: pip install -r requirements/demo.txt",
        )
    return Path(found.origin).parent
