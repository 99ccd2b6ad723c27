"""How a report reached us: through the mechanism of Article 16, or another way. Pure.

It judges no report by its way: either is worked on, decided and answered alike, but they are counted apart.
"""

from typing import Literal

# Ways outside the mechanism: a report that came so is a referral, no notice under (EU) 2022/2065 Art. 16.
Referred = Literal["post", "telephone", "email", "other"]
REFERRED: tuple[Referred, ...] = ("post", "telephone", "email", "other")


def is_referral(came_by: str) -> bool:
    """Whether what came this way is a referral: what it leads to is done on own initiative.

    Source: (EU) 2022/2065 Art. 16(1), 17(3)(b); (EU) 2024/2835, parts 4 to 6.
    """
    return came_by in REFERRED
