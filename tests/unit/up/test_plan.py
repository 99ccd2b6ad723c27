"""What the child processes are told."""

import dataclasses
from pathlib import Path

from vigie.foundation.settings import Settings, read_settings
from vigie.up.plan import Plan, programs


def test_children_read_the_very_settings_of_the_supervisor(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path,
        port=4711,
        database_url="postgresql://vigie@/vigie?host=%2Frun",
        allowed_hosts=("console.example", "other.example"),
        pdq_quality_min=60,
    )
    parts = programs(Plan(), settings, inherited={"PATH": "/bin", "VIGIE_PORT": "1"}, logs=tmp_path)
    for command in (parts.migrate, parts.api, parts.worker):
        assert read_settings(command.environment) == settings
        assert command.environment["PATH"] == "/bin"


def test_default_settings_survive_the_way_through_the_environment(tmp_path: Path) -> None:
    settings = dataclasses.replace(Settings(), data=tmp_path)
    parts = programs(Plan(), settings, inherited={}, logs=tmp_path)
    assert read_settings(parts.api.environment) == settings
