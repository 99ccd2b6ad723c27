"""What is said in English about frequent misuse: warnings, suspensions, their end.

It translates nothing: words of the person who decided stand as they wrote them.
"""

from vigie.redress.wording import MisuseWording

WORDING = MisuseWording(
    warning_title="Warning {number}",
    counted={
        "notifier": (
            "Of {total} of your notices that were decided in {days} days, a person found {counted} to be"
            " manifestly unfounded."
        ),
        "complainant": (
            "Of {total} of your complaints that were decided in {days} days, a person found {counted} to be"
            " manifestly unfounded."
        ),
        "uploader": (
            "Of {total} things that you published in {days} days, as far as we know them, a person found"
            " {counted}, each looked at by itself, to be manifestly illegal: terrorist content."
        ),
    },
    warnings={
        "notifier": (
            "If this goes on, we may set your notices aside for a time: Article 23(2) of Regulation (EU)"
            " 2022/2065."
        ),
        "complainant": (
            "If this goes on, we may set your complaints aside for a time: Article 23(2) of Regulation (EU)"
            " 2022/2065."
        ),
        "uploader": (
            "If this goes on, we may suspend your account for a time: Article 23(1) of Regulation (EU) 2022/2065."
        ),
    },
    gravity="How grave it is: {words}",
    intention="What can be told of the intention: {words}",
    contest=(
        "A person decided this, not automated means. If you think that it is wrong, answer us through the contact"
        " point of the service."
    ),
    suspension_title="Suspension {number}",
    suspended={
        "notifier": (
            "Because this went on after our warning of {warned}, your notices are set aside until {until}: Article"
            " 23(2) of Regulation (EU) 2022/2065. We keep those that you send; afterwards a person looks at them."
            " A notice about a threat to somebody’s life is looked at all the same."
        ),
        "complainant": (
            "Because this went on after our warning of {warned}, your complaints are set aside until {until}:"
            " Article 23(2) of Regulation (EU) 2022/2065. We keep those that you send; afterwards a person decides"
            " them. A complaint under Article 10 of Regulation (EU) 2021/784, or about the suspension of an"
            " account, is decided all the same."
        ),
        "uploader": (
            "Because this went on after our warning of {warned}, your account is suspended until {until}."
        ),
    },
    lifted_title="Suspension {number} is lifted",
    lifted={
        "notifier": ("From {day} on your notices are looked at again, those too that had been set aside."),
        "complainant": (
            "From {day} on your complaints are decided again, those too that had been set aside."
        ),
        "uploader": "Your account is no longer suspended from {day} on.",
    },
    account_suspended=(
        "Your account was suspended on {day} at {time} UTC, everywhere the service can be used."
    ),
    account_ends=("The suspension ends by itself on {day} at {time} UTC, and before that if it is reversed."),
    contents="These count: {contents}",
    contents_more="and {count} more.",
    warned=("We warned you on {day}; what was published after that counts among them."),
    found_by_machine="Automated means were used to find what you published.",
    found_by_person="No automated means were used to find what you published.",
    ground=(
        "We suspend accounts that frequently provide manifestly illegal content, after a warning: Article 23(1) of"
        " Regulation (EU) 2022/2065. What counts is terrorist content as defined in Article 2(7) of Regulation"
        " (EU) 2021/784."
    ),
    database_facts=(
        "Persons found several contents of this account to be manifestly illegal, each looked at by itself:"
        " terrorist content. It went on after a prior warning."
    ),
    complaint_set_aside=(
        "We received your complaint. It is set aside until {until}, because your complaints are suspended after a"
        " warning: Article 23(2) of Regulation (EU) 2022/2065. Then a person decides it; you will have a reasoned"
        " answer by {day}."
    ),
)
