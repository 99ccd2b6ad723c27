"""What is said in Italian about frequent misuse: warnings, suspensions, their end.

It translates nothing: words of the person who decided stand as they wrote them.
"""

from vigie.redress.wording import MisuseWording

WORDING = MisuseWording(
    warning_title="Avvertimento {number}",
    counted={
        "notifier": (
            "Di {total} Sue segnalazioni decise in {days} giorni, una persona ne ha ritenute {counted}"
            " manifestamente infondate."
        ),
        "complainant": (
            "Di {total} Suoi reclami decisi in {days} giorni, una persona ne ha ritenuti {counted} manifestamente"
            " infondati."
        ),
        "uploader": (
            "Di {total} contenuti che ha pubblicato in {days} giorni, per quanto li conosciamo, una persona ne ha"
            " ritenuti {counted}, ciascuno esaminato a sé, manifestamente illegali: contenuto terroristico."
        ),
    },
    warnings={
        "notifier": (
            "Se continua, possiamo accantonare le Sue segnalazioni per un certo tempo: articolo 23, paragrafo 2,"
            " del regolamento (UE) 2022/2065."
        ),
        "complainant": (
            "Se continua, possiamo accantonare i Suoi reclami per un certo tempo: articolo 23, paragrafo 2, del"
            " regolamento (UE) 2022/2065."
        ),
        "uploader": (
            "Se continua, possiamo sospendere il Suo account per un certo tempo: articolo 23, paragrafo 1, del"
            " regolamento (UE) 2022/2065."
        ),
    },
    gravity="La gravità: {words}",
    intention="Ciò che si può dire dell’intenzione: {words}",
    contest=(
        "Lo ha deciso una persona, non mezzi automatizzati. Se ritiene che sia un errore, ci risponda tramite il"
        " punto di contatto del servizio."
    ),
    suspension_title="Sospensione {number}",
    suspended={
        "notifier": (
            "Poiché ciò è continuato dopo il nostro avvertimento del {warned}, le Sue segnalazioni sono"
            " accantonate fino al {until}: articolo 23, paragrafo 2, del regolamento (UE) 2022/2065. Conserviamo"
            " quelle che invia; dopo, una persona le esamina. Una segnalazione su una minaccia per la vita è"
            " esaminata comunque."
        ),
        "complainant": (
            "Poiché ciò è continuato dopo il nostro avvertimento del {warned}, i Suoi reclami sono accantonati"
            " fino al {until}: articolo 23, paragrafo 2, del regolamento (UE) 2022/2065. Conserviamo quelli che"
            " invia; dopo, una persona li decide. Un reclamo a norma dell’articolo 10 del regolamento (UE)"
            " 2021/784, o sulla sospensione di un account, è deciso comunque."
        ),
        "uploader": (
            "Poiché ciò è continuato dopo il nostro avvertimento del {warned}, il Suo account è sospeso fino al"
            " {until}."
        ),
    },
    lifted_title="La sospensione {number} è revocata",
    lifted={
        "notifier": ("Dal {day} le Sue segnalazioni sono di nuovo esaminate, anche quelle accantonate."),
        "complainant": ("Dal {day} i Suoi reclami sono di nuovo decisi, anche quelli accantonati."),
        "uploader": "Il Suo account non è più sospeso dal {day}.",
    },
    account_suspended=(
        "Il Suo account è stato sospeso il {day} alle {time} UTC, ovunque si possa usare il servizio."
    ),
    account_ends=("La sospensione termina da sé il {day} alle {time} UTC, e prima se è revocata."),
    contents="Si contano: {contents}",
    contents_more="e altri {count}.",
    warned=("L’abbiamo avvertita il {day}; ciò che è stato pubblicato dopo è fra questi."),
    found_by_machine=("Sono stati usati mezzi automatizzati per trovare ciò che ha pubblicato."),
    found_by_person=("Non sono stati usati mezzi automatizzati per trovare ciò che ha pubblicato."),
    ground=(
        "Sospendiamo gli account che forniscono con frequenza contenuti manifestamente illegali, dopo un"
        " avvertimento: articolo 23, paragrafo 1, del regolamento (UE) 2022/2065. Si conta il contenuto"
        " terroristico come definito all’articolo 2, punto 7, del regolamento (UE) 2021/784."
    ),
    database_facts=(
        "Più persone hanno ritenuto manifestamente illegali diversi contenuti di questo account, ciascuno"
        " esaminato a sé: contenuto terroristico. È continuato dopo un avvertimento."
    ),
    complaint_set_aside=(
        "Abbiamo ricevuto il Suo reclamo. È accantonato fino al {until}, perché i Suoi reclami sono sospesi dopo"
        " un avvertimento: articolo 23, paragrafo 2, del regolamento (UE) 2022/2065. Dopo, una persona lo decide;"
        " avrà una risposta motivata al più tardi il {day}."
    ),
)
