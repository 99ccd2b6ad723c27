"""Letters to users in German.

It translates nothing: the text stands as people wrote it.
"""

from vigie.redress import wording_misuse_de
from vigie.redress.wording import Wording

WORDING = Wording(
    months=(
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    day_format="{day}. {month} {year}",
    title="Begründung {number}",
    heading_what="WAS ENTSCHIEDEN WURDE",
    measures={
        "hide": "Der Zugang zu dem, was Sie veröffentlicht haben, {content}, wurde gesperrt.",
        "remove": "Was Sie veröffentlicht haben, {content}, wurde entfernt.",
        "remove_and_suspend": "Was Sie veröffentlicht haben, {content}, wurde entfernt.",
    },
    account_suspended="Ihr Konto wurde gesperrt.",
    decided_at="Das wurde am {day} um {time} UTC entschieden.",
    territory_and_duration=(
        "Es gilt überall, wo der Dienst genutzt werden kann, und auf unbestimmte Zeit, sofern es"
        " nicht aufgehoben wird."
    ),
    heading_facts="WARUM: DIE TATSACHEN",
    facts_seen_illegal=(
        "Ein Mensch hat es geprüft und festgestellt, dass es sich um terroristischen Inhalt im Sinne"
        " des unten genannten Rechts handelt."
    ),
    facts_seen_terms=(
        "Ein Mensch hat es geprüft und festgestellt, dass es mit den unten genannten Bedingungen"
        " nicht vereinbar ist."
    ),
    facts_copy=(
        "Es ist eine Kopie von Material, das zwei Menschen unabhängig voneinander als terroristischen"
        " Inhalt bestätigt hatten."
    ),
    source_own_initiative="Wir haben es durch eigene Prüfungen gefunden, nicht weil es jemand gemeldet hat.",
    source_notice="Es wurde uns in einer Meldung nach Artikel 16 der Verordnung (EU) 2022/2065 gemeldet.",
    source_trusted_flagger=(
        "Es wurde uns von einem vertrauenswürdigen Hinweisgeber in einer Meldung nach den Artikeln 16"
        " und 22 der Verordnung (EU) 2022/2065 gemeldet."
    ),
    source_referral=(
        "Wir wurden darauf aufmerksam gemacht, aber nicht durch eine Meldung nach Artikel 16 der Verordnung"
        " (EU) 2022/2065. Wir haben es auf eigene Initiative geprüft."
    ),
    heading_automation="AUTOMATISIERTE MITTEL",
    detected_by_machine="Um es zu finden, wurden automatisierte Mittel verwendet.",
    detected_by_person="Um es zu finden, wurden keine automatisierten Mittel verwendet.",
    decided_by_machine="Die Entscheidung wurde mit automatisierten Mitteln getroffen.",
    decided_by_person="Die Entscheidung hat ein Mensch getroffen, nicht automatisierte Mittel.",
    heading_ground="DIE GRUNDLAGE",
    ground_law=(
        "Wir halten es für rechtswidrigen Inhalt: terroristischen Inhalt nach Artikel 2 Nummer 7"
        " Buchstabe {letter} der Verordnung (EU) 2021/784 in Verbindung mit der Richtlinie (EU)"
        " 2017/541."
    ),
    why_law="Der Grund: {what}",
    legal_types={
        "a": (
            "es stiftet zu terroristischen Straftaten an, etwa durch Verherrlichung terroristischer"
            " Handlungen, und verursacht so die Gefahr, dass eine oder mehrere begangen werden."
        ),
        "b": (
            "es bestimmt eine Person oder eine Gruppe von Personen dazu, terroristische Straftaten zu"
            " begehen oder zu ihnen beizutragen."
        ),
        "c": (
            "es bestimmt eine Person oder eine Gruppe von Personen dazu, sich an den Handlungen einer"
            " terroristischen Vereinigung zu beteiligen."
        ),
        "d": (
            "es leitet dazu an, für terroristische Straftaten Sprengstoffe, Waffen oder schädliche oder"
            " gefährliche Stoffe herzustellen oder zu verwenden oder andere Methoden oder Verfahren"
            " anzuwenden."
        ),
        "e": "es droht mit der Begehung einer terroristischen Straftat.",
    },
    ground_terms="Es ist mit unseren Bedingungen nicht vereinbar: {clause}",
    why_terms="Der Grund: was veröffentlicht wurde, ist von der Art, die diese Klausel ausschließt.",
    terms_default="die Klausel über terroristische Inhalte und ihre Verbreitung.",
    heading_redress="WAS SIE TUN KÖNNEN",
    redress_complaint=(
        "Sie können innerhalb von sechs Monaten kostenlos bei uns Beschwerde einlegen. Ein Mensch,"
        " der diese Entscheidung nicht getroffen hat, prüft sie neu. Benutzen Sie den privaten Link,"
        " der mit dieser Begründung kam; Sie brauchen dafür kein Konto."
    ),
    redress_dispute_body=(
        "Sie können sich an eine nach Artikel 21 der Verordnung (EU) 2022/2065 zugelassene"
        " außergerichtliche Streitbeilegungsstelle wenden."
    ),
    redress_court="Sie können vor Gericht gehen.",
    complaint_title="Ihre Beschwerde {number}",
    complaint_received="Wir haben Ihre Beschwerde erhalten. Sie erhalten bis zum {day} eine begründete Antwort.",
    complaint_outcomes={
        "upheld": "Wir haben es neu geprüft. Die Entscheidung bleibt bestehen.",
        "partial": "Wir haben es neu geprüft. Die Entscheidung wurde teilweise geändert.",
        "reversed": (
            "Wir haben es neu geprüft. Die Entscheidung war falsch und wurde aufgehoben: was sie genommen"
            " hat, wird zurückgegeben."
        ),
    },
    complaint_reasons="Unsere Gründe: {reasons}",
    complaint_redress=(
        "Wenn Sie nicht einverstanden sind, können Sie sich an eine nach Artikel 21 der Verordnung"
        " (EU) 2022/2065 zugelassene außergerichtliche Streitbeilegungsstelle wenden oder vor Gericht"
        " gehen."
    ),
    complaint_person="Das hat ein Mensch entschieden, der die erste Entscheidung nicht getroffen hatte.",
    notice_title="Ihre Meldung {number}",
    notice_received=(
        "Wir haben Ihre Meldung am {day} erhalten. Ein Mensch prüft sie. Sie erfahren, was entschieden wird."
    ),
    notice_outcomes={
        "no_action": "Gegen den Inhalt wurde nichts unternommen.",
        "acted_law": "Der Inhalt wurde eingeschränkt, weil er rechtswidrig ist.",
        "acted_terms": "Der Inhalt wurde eingeschränkt, weil unsere Bedingungen ihn nicht erlauben.",
    },
    notice_decided="Was dazu am {day} entschieden wurde:",
    notice_person="Das hat ein Mensch entschieden, keine automatisierten Mittel.",
    notice_redress=(
        "Wenn Sie nicht einverstanden sind, können Sie bei uns innerhalb von sechs Monaten kostenlos"
        " Beschwerde einlegen, unter der privaten Adresse unten; sich an eine nach Artikel 21 der"
        " Verordnung (EU) 2022/2065 zugelassene außergerichtliche Streitbeilegungsstelle wenden; oder"
        " vor Gericht gehen."
    ),
    notice_link="Die private Adresse Ihrer Meldung. Geben Sie sie niemandem: {link}",
    order_title="Was Sie veröffentlicht haben, ist wegen einer Entfernungsanordnung nicht mehr zugänglich",
    order_measures={
        "removed": "Was Sie veröffentlicht haben, {content}, wurde entfernt.",
        "disabled": (
            "Der Zugang zu dem, was Sie veröffentlicht haben, {content}, wurde in allen Mitgliedstaaten"
            " der Europäischen Union gesperrt."
        ),
    },
    order_cause=(
        "Eine Behörde hat das mit einer Entfernungsanordnung nach Artikel 3 der Verordnung (EU)"
        " 2021/784 angeordnet. Es war nicht unsere eigene Entscheidung."
    ),
    order_ask=(
        "Auf Antrag nennen wir Ihnen die Gründe der Behörde und wie ihre Anordnung angefochten werden"
        " kann, oder geben Ihnen eine Kopie der Anordnung. Benutzen Sie den privaten Link, der mit"
        " diesem Schreiben kam; Sie brauchen dafür kein Konto."
    ),
    order_reasons_title="Die Gründe der Entfernungsanordnung",
    order_issued=(
        "Ausstellende Behörde: {authority}, {state}. Aktenzeichen: {reference}. Ausgestellt: {issued}."
    ),
    order_types=(
        "Die Behörde hält ihn für terroristischen Inhalt im Sinne von Artikel 2 Nummer 7 der"
        " Verordnung (EU) 2021/784, denn:"
    ),
    order_more_reasons="Weitere Gründe der Behörde: {reasons}",
    order_redress=(
        "Sie können die Anordnung vor den Gerichten des Mitgliedstaats der ausstellenden Behörde anfechten."
    ),
    order_redress_body="In der Anordnung genannte zuständige Stelle oder zuständiges Gericht: {body}",
    order_redress_deadline="In der Anordnung genannte Frist: {deadline}",
    order_redress_provisions="Nationale Vorschriften: {provisions}",
    order_scrutiny=(
        "Kam die Anordnung aus einem anderen Mitgliedstaat als dem des Dienstes, können Sie die"
        " Behörde des Mitgliedstaats des Dienstes binnen 48 Stunden, nachdem Sie informiert wurden,"
        " um Überprüfung ersuchen."
    ),
    misuse=wording_misuse_de.WORDING,
)
