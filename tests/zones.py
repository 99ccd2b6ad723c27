"""Time zones in which clocks are tried: far east and west, with halves and quarters of hours, with odd summer times."""

from zoneinfo import ZoneInfo

from hypothesis import strategies as st

ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "UTC",
            "Europe/Paris",
            "Europe/Lisbon",
            "America/New_York",
            "Asia/Kathmandu",
            "Pacific/Kiritimati",
            "Etc/GMT+12",
            "Australia/Lord_Howe",
            "Africa/Casablanca",
        )
    ]
)
