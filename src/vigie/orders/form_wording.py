"""Annexes I to III as they are printed: what each field, box and section is called there, and what is said around them.

Short names for the console stand in `form_labels`. English is that of the Official Journal as far as it could be
compared (Annex I to the first box of section B, German likewise); the rest follows it line by line, and the text of the
Official Journal prevails. Arabic is no language of the Official Journal: its short names do.
"""

Words = dict[str, str]


def _in(en: str, fr: str, de: str, es: str, it: str, ar: str = "") -> Words:
    found = {"en": en, "fr": fr, "de": de, "es": es, "it": it}
    return {**found, "ar": ar} if ar else found


_HOME_STATE = _in(
    "Member State where the hosting service provider has its main establishment or where its legal representative"
    " resides or is established",
    "État membre dans lequel le fournisseur de services d’hébergement a son établissement principal ou dans lequel son"
    " représentant légal réside ou est établi",
    "Mitgliedstaat, in dem der Hostingdiensteanbieter seine Hauptniederlassung hat oder in dem der gesetzliche"
    " Vertreter ansässig oder niedergelassen ist",
    "Estado miembro en el que el prestador de servicios de alojamiento de datos tiene su establecimiento"
    " principal o en el que su representante legal reside o está establecido",
    "Stato membro in cui il prestatore di servizi di hosting ha lo stabilimento principale o in cui il suo"
    " rappresentante legale risiede o è stabilito",
)

# Annex I, by key of `forms.ANNEX_I`; what is not here is called as in `form_labels`.
ORDER_WORDING: dict[str, Words] = {
    "issuing_state": _in(
        "Member State of the issuing competent authority",
        "État membre de l’autorité compétente d’émission",
        "Mitgliedstaat der erlassenden zuständigen Behörde",
        "Estado miembro de la autoridad competente emisora",
        "Stato membro dell’autorità competente emittente",
    ),
    "addressee": _in(
        "Addressee and, where relevant, legal representative",
        "Destinataire et, le cas échéant, représentant légal",
        "Empfänger und ggf. gesetzlicher Vertreter",
        "Destinatario y, en su caso, representante legal",
        "Destinatario e, se del caso, rappresentante legale",
    ),
    "home_state": _HOME_STATE,
    "issued_at": _in(
        "Time and date of issuing of the removal order",
        "Heure et date d’émission de l’injonction de retrait",
        "Uhrzeit und Datum des Erlasses der Entfernungsanordnung",
        "Hora y fecha de emisión de la orden de retirada",
        "Ora e data di emissione dell’ordine di rimozione",
    ),
    "reference": _in(
        "Reference number of the removal order",
        "Numéro de référence de l’injonction de retrait",
        "Referenznummer der Entfernungsanordnung",
        "Número de referencia de la orden de retirada",
        "Numero di riferimento dell’ordine di rimozione",
    ),
    "urls": _in(
        "URL and any additional information enabling the identification and exact location of the terrorist content",
        "URL et toute information supplémentaire permettant l’identification et la localisation exacte du contenu à"
        " caractère terroriste",
        "Eine URL-Adresse und alle weiteren Informationen, die die Identifizierung und die genaue Lokalisierung des"
        " gemeldeten terroristischen Inhalts ermöglichen",
        "URL y cualquier información adicional que permita la identificación y la localización exacta de los"
        " contenidos terroristas",
        "URL ed eventuali informazioni aggiuntive che consentono di identificare e localizzare con esattezza i"
        " contenuti terroristici",
    ),
    "legal_types": _in(
        "The material (please tick the relevant box(es))",
        "Le matériel (veuillez cocher la ou les cases appropriées)",
        "Das Material (Zutreffendes bitte ankreuzen)",
        "El material (marque la casilla o casillas correspondientes)",
        "Il materiale (barrare la o le caselle pertinenti)",
    ),
    "additional_reasons": _in(
        "Additional information on the reasons for considering the material to be terrorist content",
        "Informations supplémentaires sur les raisons pour lesquelles le matériel est considéré comme un contenu à"
        " caractère terroriste",
        "Zusätzliche Informationen zu den Gründen, das Material als terroristischen Inhalt anzusehen",
        "Información adicional sobre los motivos por los que el material se considera contenido terrorista",
        "Informazioni aggiuntive sui motivi per cui il materiale è considerato contenuto terroristico",
    ),
    "do_not_inform": _in(
        "for reasons of public security, the addressee must refrain from informing the content provider of the removal"
        " of or disabling of access to the terrorist content",
        "pour des raisons de sécurité publique, le destinataire doit s’abstenir d’informer le fournisseur de"
        " contenus du retrait du contenu à caractère terroriste ou du blocage de l’accès à ce contenu",
        "aus Gründen der öffentlichen Sicherheit darf der Empfänger den Inhalteanbieter nicht über die Entfernung oder"
        " Sperrung des terroristischen Inhalts informieren",
        "por razones de seguridad pública, el destinatario debe abstenerse de informar al proveedor de"
        " contenidos de la retirada de los contenidos terroristas o del bloqueo del acceso a ellos",
        "per ragioni di pubblica sicurezza, il destinatario deve astenersi dall’informare il fornitore di contenuti"
        " della rimozione dei contenuti terroristici o della disabilitazione dell’accesso agli stessi",
    ),
    "home_state_differs": {
        language: words
        + _in(
            " is other than the Member State of the issuing competent authority",
            " n’est pas celui de l’autorité compétente d’émission",
            " ist nicht der Mitgliedstaat der erlassenden zuständigen Behörde",
            " no es el de la autoridad competente emisora",
            " non è quello dell’autorità competente emittente",
        )[language]
        for language, words in _in(
            f"The {_HOME_STATE['en']}",
            f"L’{_HOME_STATE['fr']}",
            f"Der {_HOME_STATE['de']},",
            f"El {_HOME_STATE['es']}",
            f"Lo {_HOME_STATE['it']}",
        ).items()
    },
    "copy_sent": _in(
        f"A copy of the removal order is sent to the competent authority of the {_HOME_STATE['en']}",
        f"Une copie de l’injonction de retrait est envoyée à l’autorité compétente de l’{_HOME_STATE['fr']}",
        "Eine Kopie der Entfernungsanordnung wird der zuständigen Behörde des Mitgliedstaats übermittelt, in dem der"
        " Hostingdiensteanbieter seine Hauptniederlassung hat oder in dem der gesetzliche Vertreter ansässig oder"
        " niedergelassen ist",
        f"Se envía una copia de la orden de retirada a la autoridad competente del {_HOME_STATE['es']}",
        f"Una copia dell’ordine di rimozione è inviata all’autorità competente dello {_HOME_STATE['it']}",
    ),
    "authority_kind": _in(
        "Type (please tick the relevant box)",
        "Type (veuillez cocher la case appropriée)",
        "Art (Zutreffendes bitte ankreuzen)",
        "Tipo (marque la casilla correspondiente)",
        "Tipo (barrare la casella pertinente)",
    ),
    "authority": _in(
        "Name of the issuing competent authority",
        "Nom de l’autorité compétente d’émission",
        "Name der erlassenden zuständigen Behörde",
        "Nombre de la autoridad competente emisora",
        "Nome dell’autorità competente emittente",
    ),
    "representative": _in(
        "Name of its representative and post held (title and grade)",
        "Nom de son représentant et fonction (titre et grade)",
        "Name ihres Vertreters und Funktion (Titel und Dienstgrad)",
        "Nombre de su representante y cargo (título y grado)",
        "Nome del suo rappresentante e funzione (titolo e grado)",
    ),
    "file_number": _in("File No", "Numéro de dossier", "Aktenzeichen", "N.º de expediente", "Fascicolo n."),
    "telephone": _in(
        "Tel. No (country code) (area/city code)",
        "Tél. (indicatif de pays) (indicatif régional)",
        "Tel.-Nr. (Ländervorwahl) (Ortsvorwahl)",
        "N.º de teléfono (prefijo de país) (prefijo de zona)",
        "Tel. n. (prefisso internazionale) (prefisso locale)",
    ),
    "fax": _in(
        "Fax No (country code) (area/city code)",
        "Fax (indicatif de pays) (indicatif régional)",
        "Fax-Nr. (Ländervorwahl) (Ortsvorwahl)",
        "N.º de fax (prefijo de país) (prefijo de zona)",
        "Fax n. (prefisso internazionale) (prefisso locale)",
    ),
    "email": _in(
        "Email address",
        "Adresse électronique",
        "E-Mail-Adresse",
        "Dirección de correo electrónico",
        "Indirizzo di posta elettronica",
    ),
    "signed_at": _in("Date", "Date", "Datum", "Fecha", "Data"),
    "follow_up_contact": _in(
        "Contact details of the issuing competent authority for feedback on the time of removal of or the time of"
        " disabling of access to terrorist content, or to provide further clarification",
        "Coordonnées de l’autorité compétente d’émission pour le retour d’information sur le moment du retrait du"
        " contenu ou du blocage de l’accès, ou pour fournir des précisions supplémentaires",
        "Kontaktangaben der erlassenden zuständigen Behörde für die Rückmeldung über den Zeitpunkt der Entfernung oder"
        " Sperrung des terroristischen Inhalts oder für weitere Klarstellungen",
        "Datos de contacto de la autoridad competente emisora para comunicar el momento de la retirada o del bloqueo"
        " del acceso, o para solicitar aclaraciones",
        "Estremi dell’autorità competente emittente per il riscontro sul momento della rimozione o della"
        " disabilitazione dell’accesso, o per fornire ulteriori chiarimenti",
    ),
    "home_authority_contact": _in(
        f"Contact details of the competent authority of the {_HOME_STATE['en']}",
        f"Coordonnées de l’autorité compétente de l’{_HOME_STATE['fr']}",
        "Kontaktangaben der zuständigen Behörde des Mitgliedstaats, in dem der Hostingdiensteanbieter seine"
        " Hauptniederlassung hat oder in dem der gesetzliche Vertreter ansässig oder niedergelassen ist",
        f"Datos de contacto de la autoridad competente del {_HOME_STATE['es']}",
        f"Estremi dell’autorità competente dello {_HOME_STATE['it']}",
    ),
    "redress_body": _in(
        "Competent body or court to which to apply to challenge the removal order",
        "Instance ou juridiction compétente auprès de laquelle contester l’injonction de retrait",
        "Zuständige Stelle oder zuständiges Gericht für die Anfechtung der Entfernungsanordnung",
        "Organismo u órgano jurisdiccional competente ante el que impugnar la orden de retirada",
        "Organo o autorità giurisdizionale competente dinanzi al quale impugnare l’ordine di rimozione",
    ),
    "redress_deadline": _in(
        "Deadline for challenging the removal order (days/months starting from)",
        "Délai pour contester l’injonction de retrait (jours/mois à compter de)",
        "Frist für die Anfechtung der Entfernungsanordnung (Tage/Monate ab)",
        "Plazo para impugnar la orden de retirada (días/meses a partir de)",
        "Termine per impugnare l’ordine di rimozione (giorni/mesi a decorrere da)",
    ),
    "redress_provisions": _in(
        "Link to provisions in national legislation",
        "Lien vers les dispositions de la législation nationale",
        "Link zu den Bestimmungen der nationalen Rechtsvorschriften",
        "Enlace a las disposiciones de la legislación nacional",
        "Link alle disposizioni della legislazione nazionale",
    ),
}

_PROVIDER = _in(
    "Name of the hosting service provider OR name of the legal representative of the hosting service provider",
    "Nom du fournisseur de services d’hébergement OU nom de son représentant légal",
    "Name des Hostingdiensteanbieters ODER Name des gesetzlichen Vertreters des Hostingdiensteanbieters",
    "Nombre del prestador de servicios de alojamiento de datos O nombre de su representante legal",
    "Nome del prestatore di servizi di hosting O nome del suo rappresentante legale",
)

# Annexes II and III, by key of their records.
ANSWER_WORDING: dict[str, Words] = {
    "addressee": _in(
        "Addressee of the removal order",
        "Destinataire de l’injonction de retrait",
        "Empfänger der Entfernungsanordnung",
        "Destinatario de la orden de retirada",
        "Destinatario dell’ordine di rimozione",
    ),
    "authority": _in(
        "Competent authority that issued the removal order",
        "Autorité compétente qui a émis l’injonction de retrait",
        "Zuständige Behörde, die die Entfernungsanordnung erlassen hat",
        "Autoridad competente que ha emitido la orden de retirada",
        "Autorità competente che ha emesso l’ordine di rimozione",
    ),
    "authority_reference": _in(
        "File reference of the competent authority that issued the removal order",
        "Référence du dossier de l’autorité compétente qui a émis l’injonction de retrait",
        "Aktenzeichen der zuständigen Behörde, die die Entfernungsanordnung erlassen hat",
        "Referencia del expediente de la autoridad competente que ha emitido la orden de retirada",
        "Riferimento del fascicolo dell’autorità competente che ha emesso l’ordine di rimozione",
    ),
    "addressee_reference": _in(
        "File reference of the addressee",
        "Référence du dossier du destinataire",
        "Aktenzeichen des Empfängers",
        "Referencia del expediente del destinatario",
        "Riferimento del fascicolo del destinatario",
    ),
    "received_at": _in(
        "Time and date of receipt of removal order",
        "Heure et date de réception de l’injonction de retrait",
        "Uhrzeit und Datum des Erhalts der Entfernungsanordnung",
        "Hora y fecha de recepción de la orden de retirada",
        "Ora e data di ricevimento dell’ordine di rimozione",
    ),
    "measure_at": _in(
        "Time and date of the measure taken",
        "Heure et date de la mesure prise",
        "Uhrzeit und Datum der getroffenen Maßnahme",
        "Hora y fecha de la medida adoptada",
        "Ora e data della misura adottata",
    ),
    "force_majeure": _in(
        "force majeure or de facto impossibility not attributable to the hosting service provider, including for"
        " objectively justifiable technical or operational reasons",
        "force majeure ou impossibilité de fait non imputable au fournisseur de services d’hébergement, y compris pour"
        " des raisons techniques ou opérationnelles objectivement justifiables",
        "höhere Gewalt oder eine dem Hostingdiensteanbieter nicht anzulastende faktische Unmöglichkeit, auch aus"
        " objektiv zu rechtfertigenden technischen oder operativen Gründen",
        "fuerza mayor o imposibilidad de hecho no atribuible al prestador de servicios de alojamiento de"
        " datos, también por motivos técnicos u operativos objetivamente justificables",
        "forza maggiore o impossibilità di fatto non imputabile al prestatore di servizi di hosting, anche per motivi"
        " tecnici o operativi oggettivamente giustificabili",
    ),
    "reasons": _in(
        "Please provide further information about the reasons for non-execution",
        "Veuillez fournir des informations complémentaires sur les raisons de la non-exécution",
        "Bitte geben Sie weitere Informationen zu den Gründen der Nichtausführung an",
        "Facilite más información sobre los motivos de la no ejecución",
        "Fornire ulteriori informazioni sui motivi della mancata esecuzione",
    ),
    "needed": _in(
        "If the removal order contains manifest errors or does not contain sufficient information, please specify the"
        " errors and indicate the further information or clarification required",
        "Si l’injonction de retrait contient des erreurs manifestes ou ne contient pas suffisamment d’informations,"
        " veuillez préciser les erreurs et les informations ou éclaircissements nécessaires",
        "Enthält die Entfernungsanordnung offensichtliche Fehler oder unzureichende Informationen, geben Sie bitte die"
        " Fehler und die benötigten weiteren Informationen oder Klarstellungen an",
        "Si la orden de retirada contiene errores manifiestos o no contiene información suficiente, especifique los"
        " errores e indique la información o aclaración adicional necesaria",
        "Se l’ordine di rimozione contiene errori manifesti o non contiene informazioni sufficienti, specificare gli"
        " errori e indicare le ulteriori informazioni o i chiarimenti necessari",
    ),
    "representative": _PROVIDER,
    "member_state": _in(
        "Member State of main establishment OR Member State of residence or establishment of the legal representative"
        " of the hosting service provider",
        "État membre de l’établissement principal OU État membre de résidence ou d’établissement du représentant légal"
        " du fournisseur de services d’hébergement",
        "Mitgliedstaat der Hauptniederlassung ODER Mitgliedstaat, in dem der gesetzliche Vertreter des"
        " Hostingdiensteanbieters ansässig oder niedergelassen ist",
        "Estado miembro del establecimiento principal O Estado miembro de residencia o establecimiento del"
        " representante legal del prestador de servicios de alojamiento de datos",
        "Stato membro dello stabilimento principale O Stato membro di residenza o stabilimento del rappresentante"
        " legale del prestatore di servizi di hosting",
    ),
    "authorised_person": _in(
        "Name of the authorised person",
        "Nom de la personne autorisée",
        "Name der bevollmächtigten Person",
        "Nombre de la persona autorizada",
        "Nome della persona autorizzata",
    ),
    "contact_email": _in(
        "Email address of the contact point",
        "Adresse électronique du point de contact",
        "E-Mail-Adresse der Kontaktstelle",
        "Dirección de correo electrónico del punto de contacto",
        "Indirizzo di posta elettronica del punto di contatto",
    ),
    "signature": _in("Signature", "Signature", "Unterschrift", "Firma", "Firma", "التوقيع"),
}
