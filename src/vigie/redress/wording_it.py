"""Letters to users in Italian.

It translates nothing: the text stands as people wrote it.
"""

from vigie.redress import wording_misuse_it
from vigie.redress.wording import Wording

WORDING = Wording(
    months=(
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ),
    day_format="{day} {month} {year}",
    title="Motivazione {number}",
    heading_what="CHE COSA È STATO DECISO",
    measures={
        "hide": "L’accesso a ciò che ha pubblicato, {content}, è stato disabilitato.",
        "remove": "Ciò che ha pubblicato, {content}, è stato rimosso.",
        "remove_and_suspend": "Ciò che ha pubblicato, {content}, è stato rimosso.",
    },
    account_suspended="Il Suo account è stato sospeso.",
    decided_at="È stato deciso il {day} alle {time} UTC.",
    territory_and_duration="Vale ovunque il servizio possa essere usato e a tempo indeterminato, salvo revoca.",
    heading_facts="PERCHÉ: I FATTI",
    facts_seen_illegal=(
        "Una persona lo ha esaminato e ha concluso che si tratta di contenuto terroristico ai sensi"
        " del diritto citato sotto."
    ),
    facts_seen_terms=(
        "Una persona lo ha esaminato e ha concluso che non è compatibile con le condizioni citate sotto."
    ),
    facts_copy=(
        "È una copia di materiale che due persone, indipendentemente l’una dall’altra, avevano"
        " confermato essere contenuto terroristico."
    ),
    source_own_initiative="Lo abbiamo trovato con i nostri controlli, non perché qualcuno lo abbia segnalato.",
    source_notice=(
        "Ci è stato segnalato con una segnalazione a norma dell’articolo 16 del regolamento (UE) 2022/2065."
    ),
    source_trusted_flagger=(
        "Ci è stato segnalato da un segnalatore attendibile con una segnalazione a norma degli"
        " articoli 16 e 22 del regolamento (UE) 2022/2065."
    ),
    source_referral=(
        "Qualcuno ce lo ha fatto notare, ma non con una segnalazione a norma dell’articolo 16 del regolamento"
        " (UE) 2022/2065. Lo abbiamo esaminato di nostra iniziativa."
    ),
    heading_automation="STRUMENTI AUTOMATIZZATI",
    detected_by_machine="Per trovarlo sono stati usati strumenti automatizzati.",
    detected_by_person="Per trovarlo non sono stati usati strumenti automatizzati.",
    decided_by_machine="La decisione è stata presa con strumenti automatizzati.",
    decided_by_person="La decisione è stata presa da una persona, non da strumenti automatizzati.",
    heading_ground="IL FONDAMENTO",
    ground_law=(
        "Lo consideriamo contenuto illegale: contenuto terroristico come definito all’articolo 2,"
        " punto 7, lettera {letter}), del regolamento (UE) 2021/784, in combinato disposto con la"
        " direttiva (UE) 2017/541."
    ),
    why_law="Il motivo: {what}",
    legal_types={
        "a": (
            "istiga alla commissione di reati di terrorismo, ad esempio con l’apologia di atti"
            " terroristici, e causa così il pericolo che uno o più di essi siano commessi."
        ),
        "b": (
            "sollecita una persona o un gruppo di persone a commettere reati di terrorismo o a contribuirvi."
        ),
        "c": (
            "sollecita una persona o un gruppo di persone a partecipare alle attività di un gruppo"
            " terroristico."
        ),
        "d": (
            "istruisce sulla fabbricazione o sull’uso di esplosivi, armi o sostanze nocive o pericolose,"
            " o su altri metodi o tecniche, ai fini di reati di terrorismo."
        ),
        "e": "minaccia la commissione di un reato di terrorismo.",
    },
    ground_terms="Non è compatibile con le nostre condizioni: {clause}",
    why_terms="Il motivo: ciò che è stato pubblicato è del tipo che questa clausola esclude.",
    terms_default="la clausola sui contenuti terroristici e la loro promozione.",
    heading_redress="CHE COSA PUÒ FARE",
    redress_complaint=(
        "Può presentarci reclamo, gratuitamente, entro sei mesi. Una persona che non ha preso questa"
        " decisione la esaminerà di nuovo. Usi il link privato che accompagna questa motivazione; non"
        " Le serve un account."
    ),
    redress_dispute_body=(
        "Può rivolgersi a un organismo di risoluzione extragiudiziale delle controversie certificato"
        " a norma dell’articolo 21 del regolamento (UE) 2022/2065."
    ),
    redress_court="Può rivolgersi al giudice.",
    complaint_title="Il Suo reclamo {number}",
    complaint_received="Abbiamo ricevuto il Suo reclamo. Avrà una risposta motivata al più tardi il {day}.",
    complaint_outcomes={
        "upheld": "Lo abbiamo esaminato di nuovo. La decisione è confermata.",
        "partial": "Lo abbiamo esaminato di nuovo. La decisione è stata modificata in parte.",
        "reversed": (
            "Lo abbiamo esaminato di nuovo. La decisione era sbagliata ed è stata annullata: ciò che"
            " aveva tolto è restituito."
        ),
    },
    complaint_reasons="I nostri motivi: {reasons}",
    complaint_redress=(
        "Se non è d’accordo, può rivolgersi a un organismo di risoluzione extragiudiziale delle"
        " controversie certificato a norma dell’articolo 21 del regolamento (UE) 2022/2065, o al"
        " giudice."
    ),
    complaint_person="Lo ha deciso una persona che non aveva preso la prima decisione.",
    notice_title="La Sua segnalazione {number}",
    notice_received=(
        "Abbiamo ricevuto la Sua segnalazione il {day}. Una persona la esamina. Le sarà comunicato"
        " che cosa si decide."
    ),
    notice_outcomes={
        "no_action": "Nulla è stato fatto riguardo al contenuto.",
        "acted_law": "Il contenuto è stato limitato, perché è illegale.",
        "acted_terms": "Il contenuto è stato limitato, perché le nostre condizioni non lo consentono.",
    },
    notice_decided="Che cosa è stato deciso al riguardo il {day}:",
    notice_person="Lo ha deciso una persona, non strumenti automatizzati.",
    notice_redress=(
        "Se non è d’accordo, può presentarci reclamo, gratuitamente, entro sei mesi, all’indirizzo"
        " privato qui sotto; rivolgersi a un organismo di risoluzione extragiudiziale delle"
        " controversie certificato a norma dell’articolo 21 del regolamento (UE) 2022/2065; o"
        " rivolgersi al giudice."
    ),
    notice_link="L’indirizzo privato della Sua segnalazione. Non lo dia a nessuno: {link}",
    order_title="Ciò che ha pubblicato non è più accessibile a causa di un ordine di rimozione",
    order_measures={
        "removed": "Ciò che ha pubblicato, {content}, è stato rimosso.",
        "disabled": (
            "L’accesso a ciò che ha pubblicato, {content}, è stato disabilitato in tutti gli Stati membri"
            " dell’Unione europea."
        ),
    },
    order_cause=(
        "Lo ha ordinato un’autorità con un ordine di rimozione a norma dell’articolo 3 del"
        " regolamento (UE) 2021/784. Non è stata una nostra decisione."
    ),
    order_ask=(
        "Su richiesta Le comunichiamo i motivi dell’autorità e come l’ordine può essere impugnato, o"
        " Le diamo una copia dell’ordine. Usi il link privato che accompagna questa lettera; non Le"
        " serve un account."
    ),
    order_reasons_title="I motivi dell’ordine di rimozione",
    order_issued="Autorità emittente: {authority}, {state}. Riferimento: {reference}. Emesso: {issued}.",
    order_types=(
        "L’autorità lo ritiene un contenuto terroristico ai sensi dell’articolo 2, punto 7, del"
        " regolamento (UE) 2021/784, perché:"
    ),
    order_more_reasons="Ulteriori motivi dell’autorità: {reasons}",
    order_redress="Può impugnare l’ordine dinanzi ai giudici dello Stato membro dell’autorità emittente.",
    order_redress_body="Organo o autorità giurisdizionale competente indicato nell’ordine: {body}",
    order_redress_deadline="Termine indicato nell’ordine: {deadline}",
    order_redress_provisions="Disposizioni nazionali: {provisions}",
    order_scrutiny=(
        "Se l’ordine proviene da uno Stato membro diverso da quello del servizio, può chiedere"
        " all’autorità dello Stato membro del servizio di esaminarlo, entro 48 ore da quando è stato"
        " informato."
    ),
    misuse=wording_misuse_it.WORDING,
)
