"""What is said in German about frequent misuse: warnings, suspensions, their end.

It translates nothing: words of the person who decided stand as they wrote them.
"""

from vigie.redress.wording import MisuseWording

WORDING = MisuseWording(
    warning_title="Verwarnung {number}",
    counted={
        "notifier": (
            "Von {total} Ihrer Meldungen, über die in {days} Tagen entschieden wurde, hat ein Mensch {counted} als"
            " offensichtlich unbegründet befunden."
        ),
        "complainant": (
            "Von {total} Ihrer Beschwerden, über die in {days} Tagen entschieden wurde, hat ein Mensch {counted}"
            " als offensichtlich unbegründet befunden."
        ),
        "uploader": (
            "Von {total} Inhalten, die Sie in {days} Tagen veröffentlicht haben, soweit wir sie kennen, hat ein"
            " Mensch {counted}, jeden für sich geprüft, als offensichtlich rechtswidrig befunden: als"
            " terroristischen Inhalt."
        ),
    },
    warnings={
        "notifier": (
            "Wenn das so weitergeht, können wir Ihre Meldungen für eine Zeit zurückstellen: Artikel 23 Absatz 2"
            " der Verordnung (EU) 2022/2065."
        ),
        "complainant": (
            "Wenn das so weitergeht, können wir Ihre Beschwerden für eine Zeit zurückstellen: Artikel 23 Absatz 2"
            " der Verordnung (EU) 2022/2065."
        ),
        "uploader": (
            "Wenn das so weitergeht, können wir Ihr Konto für eine Zeit sperren: Artikel 23 Absatz 1 der"
            " Verordnung (EU) 2022/2065."
        ),
    },
    gravity="Wie schwer es wiegt: {words}",
    intention="Was sich über die Absicht sagen lässt: {words}",
    contest=(
        "Das hat ein Mensch entschieden, nicht automatisierte Mittel. Wenn Sie es für falsch halten, antworten Sie"
        " uns über die Kontaktstelle des Dienstes."
    ),
    suspension_title="Aussetzung {number}",
    suspended={
        "notifier": (
            "Weil es nach unserer Verwarnung vom {warned} so weiterging, sind Ihre Meldungen bis zum {until}"
            " zurückgestellt: Artikel 23 Absatz 2 der Verordnung (EU) 2022/2065. Was Sie senden, bewahren wir auf;"
            " danach sieht ein Mensch es an. Eine Meldung über eine Gefahr für ein Leben wird trotzdem angesehen."
        ),
        "complainant": (
            "Weil es nach unserer Verwarnung vom {warned} so weiterging, sind Ihre Beschwerden bis zum {until}"
            " zurückgestellt: Artikel 23 Absatz 2 der Verordnung (EU) 2022/2065. Was Sie senden, bewahren wir auf;"
            " danach entscheidet ein Mensch darüber. Über eine Beschwerde nach Artikel 10 der Verordnung (EU)"
            " 2021/784 oder über die Sperre eines Kontos wird trotzdem entschieden."
        ),
        "uploader": (
            "Weil es nach unserer Verwarnung vom {warned} so weiterging, ist Ihr Konto bis zum {until} gesperrt."
        ),
    },
    lifted_title="Die Aussetzung {number} ist aufgehoben",
    lifted={
        "notifier": ("Ab dem {day} werden Ihre Meldungen wieder angesehen, auch die zurückgestellten."),
        "complainant": (
            "Ab dem {day} wird über Ihre Beschwerden wieder entschieden, auch über die zurückgestellten."
        ),
        "uploader": "Ihr Konto ist ab dem {day} nicht mehr gesperrt.",
    },
    account_suspended=(
        "Ihr Konto wurde am {day} um {time} UTC gesperrt, überall, wo der Dienst genutzt werden kann."
    ),
    account_ends=(
        "Die Sperre endet von selbst am {day} um {time} UTC, und früher, wenn sie aufgehoben wird."
    ),
    contents="Gezählt werden: {contents}",
    contents_more="und {count} weitere.",
    warned=("Wir haben Sie am {day} verwarnt; was danach veröffentlicht wurde, ist darunter."),
    found_by_machine=("Um zu finden, was Sie veröffentlicht haben, wurden automatisierte Mittel verwendet."),
    found_by_person=(
        "Um zu finden, was Sie veröffentlicht haben, wurden keine automatisierten Mittel verwendet."
    ),
    ground=(
        "Wir sperren Konten, die häufig offensichtlich rechtswidrige Inhalte bereitstellen, nach einer Verwarnung:"
        " Artikel 23 Absatz 1 der Verordnung (EU) 2022/2065. Gezählt wird terroristischer Inhalt im Sinne des"
        " Artikels 2 Nummer 7 der Verordnung (EU) 2021/784."
    ),
    database_facts=(
        "Menschen haben mehrere Inhalte dieses Kontos, jeden für sich geprüft, als offensichtlich rechtswidrig"
        " befunden: als terroristischen Inhalt. Nach einer Verwarnung ging es so weiter."
    ),
    complaint_set_aside=(
        "Wir haben Ihre Beschwerde erhalten. Sie ist bis zum {until} zurückgestellt, weil Ihre Beschwerden nach"
        " einer Verwarnung ausgesetzt sind: Artikel 23 Absatz 2 der Verordnung (EU) 2022/2065. Danach entscheidet"
        " ein Mensch darüber; Sie bekommen spätestens am {day} eine begründete Antwort."
    ),
)
