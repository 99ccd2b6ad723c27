"""Routes of banks, deliveries, alarms, platforms, ledger, policy and people.

The navigation (`context.NAVIGATION`) shows an entry once its route exists, by these names: `banks`, `deliveries`,
`alarms`, `platforms`, `policy`, `ledger`, `people`.
"""

from django.urls import URLPattern, path, re_path

from vigie.console.views import (
    alarms,
    bank_add,
    bank_transfer,
    banks,
    deliveries,
    entries,
    ledger,
    lookbacks,
    people,
    platforms,
    policy,
)

# An entry's number is told from the pages of a bank by its capital letter.
_ENTRY = r"^banks/(?P<name>[-a-z0-9_]+)/(?P<number>E-[0-9]{1,18})"

urlpatterns: list[URLPattern] = [
    path("banks/", banks.show_all, name="banks"),
    path("banks/<slug:name>", banks.show, name="bank"),
    path("banks/<slug:name>/settings", banks.show_settings, name="bank-settings"),
    path("banks/<slug:name>/matching", banks.switch_matching, name="bank-matching"),
    path("banks/<slug:name>/add", bank_add.show, name="bank-add"),
    path("banks/<slug:name>/transfer", bank_transfer.show, name="bank-transfer"),
    path("banks/<slug:name>/imports/<str:run_id>", bank_transfer.show_run, name="bank-import"),
    path("banks/<slug:name>/imports/<str:run_id>/again", bank_transfer.go_on, name="bank-import-again"),
    path(
        "banks/<slug:name>/imports/<str:run_id>/quarantined.csv",
        bank_transfer.quarantined,
        name="bank-quarantined",
    ),
    re_path(
        r"^banks/(?P<name>[-a-zA-Z0-9_]+)/export\.(?P<ending>csv|txt)$",
        bank_transfer.export,
        name="bank-export",
    ),
    path("banks/<slug:name>/lookbacks", lookbacks.show_of_bank, name="bank-lookbacks"),
    path("banks/<slug:name>/lookbacks/begin", lookbacks.begin_for_bank, name="bank-lookback"),
    re_path(_ENTRY + "/lookback$", lookbacks.begin_for_entry, name="entry-lookback"),
    path("lookbacks/<str:number>", lookbacks.show, name="lookback"),
    path("lookbacks/<str:number>/go-on", lookbacks.go_on, name="lookback-go-on"),
    path("archive/", lookbacks.show_archive, name="archive"),
    path("archive/erase", lookbacks.erase, name="archive-erase"),
    path("archive/losses/<int:loss_id>/seen", lookbacks.note_loss_seen, name="archive-loss-seen"),
    re_path(_ENTRY + "$", entries.show, name="entry"),
    re_path(_ENTRY + "/change$", entries.change, name="entry-change"),
    re_path(_ENTRY + "/pause$", entries.pause, name="entry-pause"),
    re_path(_ENTRY + "/confirm$", entries.confirm, name="entry-confirm"),
    re_path(_ENTRY + "/withdraw$", entries.withdraw, name="entry-withdraw"),
    re_path(_ENTRY + "/remove$", entries.remove, name="entry-remove"),
    re_path(_ENTRY + "/restore$", entries.restore, name="entry-restore"),
    path("entries/<str:number>", entries.find, name="entry-by-number"),
    path("deliveries/", deliveries.show, name="deliveries"),
    path("deliveries/replay", deliveries.replay_all, name="deliveries-replay"),
    path("deliveries/<int:message_id>/replay", deliveries.replay, name="delivery-replay"),
    path("alarms/", alarms.show, name="alarms"),
    path("alarms/<int:recheck_id>/seen", alarms.note_seen, name="alarm-seen"),
    path("platforms/", platforms.show_all, name="platforms"),
    path("platforms/<slug:name>", platforms.show, name="platform"),
    path("platforms/<slug:name>/secret", platforms.renew_secret, name="platform-secret"),
    path("platforms/<slug:name>/test", platforms.send_test, name="platform-test"),
    path("ledger/", ledger.show, name="ledger"),
    path("ledger/checkpoints", ledger.show_checkpoints, name="ledger-checkpoints"),
    path("ledger/checkpoints/sign", ledger.sign, name="ledger-sign"),
    path("ledger/verification", ledger.show_verification, name="ledger-verification"),
    path("ledger/verification/start", ledger.start_verification, name="ledger-verify"),
    path("ledger/download", ledger.download, name="ledger-download"),
    path("policy/", policy.show, name="policy"),
    path("policy/edit", policy.edit, name="policy-edit"),
    path("policy/facts", policy.show_facts, name="policy-facts"),
    path("policy/history", policy.show_history, name="policy-history"),
    path("policy/versions/<int:number>", policy.show_version, name="policy-version"),
    path("policy/versions/<int:number>/activate", policy.activate_again, name="policy-activate"),
    path("people/", people.show_all, name="people"),
    path("people/<int:user_id>/role", people.change_role, name="person-role"),
    path("people/<int:user_id>/off", people.switch_off, name="person-off"),
    path("people/<int:user_id>/on", people.switch_on, name="person-on"),
    path("people/tokens", people.show_tokens, name="people-tokens"),
    path("people/tokens/<int:token_id>/revoke", people.revoke_token, name="token-revoke"),
    path("people/rights", people.show_rights, name="people-rights"),
]
