"""What is said to be missing before a removal order comes at night."""

import pytest

from vigie.foundation.settings import read_settings
from vigie.orders.readiness import lacking


@pytest.mark.parametrize(
    ("environment", "lacks"),
    [
        ({}, ("on_call", "mailbox", "provider")),
        ({"VIGIE_ONCALL_URL": "https://calls.example/"}, ("mailbox", "provider")),
        ({"VIGIE_ONCALL_MAILS": "a@forum.example"}, ("on_call", "mailbox", "provider")),
        (
            {"VIGIE_ONCALL_MAILS": "a@forum.example", "VIGIE_SMTP_URL": "smtps://u:p@mail.example:465"},
            ("mailbox", "provider"),
        ),
        (
            {
                "VIGIE_ONCALL_URL": "https://calls.example/",
                "VIGIE_ORDERS_IMAP_URL": "imaps://u:p@mail.example/INBOX",
                "VIGIE_PROVIDER_NAME": "Lakeside",
            },
            (),
        ),
    ],
)
def test_what_is_missing_for_an_order_at_night_is_named(
    environment: dict[str, str], lacks: tuple[str, ...]
) -> None:
    assert lacking(read_settings(environment)) == lacks
