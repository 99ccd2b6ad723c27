"""The words of Annexes I, II and III in the languages of the interface: for the PDF, and to read one that came in.

They follow the annexes of Regulation (EU) 2021/784 in order and meaning; the text of the Official Journal prevails.
"""

from vigie.orders import form_labels_ar

LANGUAGES = ("en", "fr", "de", "es", "it", "ar")

# Annex I, by key of `forms.ANNEX_I`.
ORDER_LABELS: dict[str, dict[str, str]] = {
    "issuing_state": {
        "en": "Member State of the issuing authority",
        "fr": "État membre de l’autorité d’émission",
        "de": "Mitgliedstaat der ausstellenden Behörde",
        "es": "Estado miembro de la autoridad emisora",
        "it": "Stato membro dell’autorità emittente",
    },
    "addressee": {
        "en": "Addressee and legal representative",
        "fr": "Destinataire et représentant légal",
        "de": "Adressat und gesetzlicher Vertreter",
        "es": "Destinatario y representante legal",
        "it": "Destinatario e rappresentante legale",
    },
    "contact_point": {
        "en": "Contact point",
        "fr": "Point de contact",
        "de": "Kontaktstelle",
        "es": "Punto de contacto",
        "it": "Punto di contatto",
    },
    "home_state": {
        "en": "Member State of the main establishment or legal representative",
        "fr": "État membre de l’établissement principal ou du représentant légal",
        "de": "Mitgliedstaat der Hauptniederlassung oder des gesetzlichen Vertreters",
        "es": "Estado miembro del establecimiento principal o del representante legal",
        "it": "Stato membro dello stabilimento principale o del rappresentante legale",
    },
    "issued_at": {
        "en": "Time and date of issue",
        "fr": "Heure et date d’émission",
        "de": "Uhrzeit und Datum der Ausstellung",
        "es": "Hora y fecha de emisión",
        "it": "Ora e data di emissione",
    },
    "reference": {
        "en": "Reference number of the removal order",
        "fr": "Numéro de référence de l’injonction de retrait",
        "de": "Aktenzeichen der Entfernungsanordnung",
        "es": "Número de referencia de la orden de retirada",
        "it": "Numero di riferimento dell’ordine di rimozione",
    },
    "urls": {"en": "URL", "fr": "URL", "de": "URL", "es": "URL", "it": "URL"},
    "locating_information": {
        "en": "Further locating information",
        "fr": "Autres informations de localisation",
        "de": "Weitere Angaben zur Auffindung",
        "es": "Otra información de localización",
        "it": "Altre informazioni per la localizzazione",
    },
    "legal_types": {
        "en": "Material of Article 2(7), points",
        "fr": "Matériel visé à l’article 2, point 7), sous",
        "de": "Material nach Artikel 2 Nummer 7 Buchstaben",
        "es": "Material del artículo 2, punto 7, letras",
        "it": "Materiale di cui all’articolo 2, punto 7, lettere",
    },
    "additional_reasons": {
        "en": "Additional reasons",
        "fr": "Motifs supplémentaires",
        "de": "Zusätzliche Gründe",
        "es": "Motivos adicionales",
        "it": "Motivi aggiuntivi",
    },
    "do_not_inform": {
        "en": "The addressee must refrain from informing the content provider",
        "fr": "Le destinataire doit s’abstenir d’informer le fournisseur de contenus",
        "de": "Der Adressat darf den Inhalteanbieter nicht informieren",
        "es": "El destinatario debe abstenerse de informar al proveedor de contenidos",
        "it": "Il destinatario deve astenersi dall’informare il fornitore di contenuti",
    },
    "home_state_differs": {
        "en": "The home Member State differs from the issuing Member State",
        "fr": "L’État membre d’établissement diffère de l’État membre d’émission",
        "de": "Der Niederlassungsmitgliedstaat ist nicht der ausstellende Mitgliedstaat",
        "es": "El Estado miembro de establecimiento difiere del Estado miembro emisor",
        "it": "Lo Stato membro di stabilimento è diverso dallo Stato membro emittente",
    },
    "copy_sent": {
        "en": "A copy was sent to the home authority",
        "fr": "Une copie a été envoyée à l’autorité de l’État membre d’établissement",
        "de": "Eine Kopie wurde an die Behörde des Niederlassungsmitgliedstaats gesandt",
        "es": "Se ha enviado una copia a la autoridad del Estado miembro de establecimiento",
        "it": "Una copia è stata inviata all’autorità dello Stato membro di stabilimento",
    },
    "authority_kind": {
        "en": "Kind of authority",
        "fr": "Type d’autorité",
        "de": "Art der Behörde",
        "es": "Tipo de autoridad",
        "it": "Tipo di autorità",
    },
    "authority": {
        "en": "Issuing authority",
        "fr": "Autorité d’émission",
        "de": "Ausstellende Behörde",
        "es": "Autoridad emisora",
        "it": "Autorità emittente",
    },
    "representative": {
        "en": "Representative, post and grade",
        "fr": "Représentant, fonction et grade",
        "de": "Vertreter, Funktion und Dienstgrad",
        "es": "Representante, cargo y grado",
        "it": "Rappresentante, funzione e grado",
    },
    "file_number": {
        "en": "File number",
        "fr": "Numéro de dossier",
        "de": "Geschäftszeichen",
        "es": "Número de expediente",
        "it": "Numero di fascicolo",
    },
    "address": {"en": "Address", "fr": "Adresse", "de": "Anschrift", "es": "Dirección", "it": "Indirizzo"},
    "telephone": {"en": "Telephone", "fr": "Téléphone", "de": "Telefon", "es": "Teléfono", "it": "Telefono"},
    "fax": {"en": "Fax", "fr": "Télécopie", "de": "Telefax", "es": "Fax", "it": "Fax"},
    "email": {
        "en": "E-mail",
        "fr": "Courriel",
        "de": "E-Mail",
        "es": "Correo electrónico",
        "it": "E-mail",
    },
    "signed_at": {
        "en": "Date of signature",
        "fr": "Date de signature",
        "de": "Datum der Unterschrift",
        "es": "Fecha de la firma",
        "it": "Data della firma",
    },
    "follow_up_contact": {
        "en": "Contact for follow-up",
        "fr": "Contact pour le suivi",
        "de": "Kontakt für Rückfragen",
        "es": "Contacto para el seguimiento",
        "it": "Contatto per il seguito",
    },
    "home_authority_contact": {
        "en": "Contact of the home authority",
        "fr": "Contact de l’autorité de l’État membre d’établissement",
        "de": "Kontakt der Behörde des Niederlassungsmitgliedstaats",
        "es": "Contacto de la autoridad del Estado miembro de establecimiento",
        "it": "Contatto dell’autorità dello Stato membro di stabilimento",
    },
    "redress_body": {
        "en": "Competent body or court",
        "fr": "Instance ou juridiction compétente",
        "de": "Zuständige Stelle oder zuständiges Gericht",
        "es": "Organismo u órgano jurisdiccional competente",
        "it": "Organo o autorità giurisdizionale competente",
    },
    "redress_deadline": {
        "en": "Deadline for redress",
        "fr": "Délai de recours",
        "de": "Rechtsbehelfsfrist",
        "es": "Plazo de recurso",
        "it": "Termine di ricorso",
    },
    "redress_provisions": {
        "en": "National provisions on redress",
        "fr": "Dispositions nationales relatives au recours",
        "de": "Nationale Vorschriften über Rechtsbehelfe",
        "es": "Disposiciones nacionales sobre recursos",
        "it": "Disposizioni nazionali sui ricorsi",
    },
}

# Annexes II and III, by key of their records.
ANSWER_LABELS: dict[str, dict[str, str]] = {
    "addressee": {
        "en": "Addressee of the removal order",
        "fr": "Destinataire de l’injonction de retrait",
        "de": "Adressat der Entfernungsanordnung",
        "es": "Destinatario de la orden de retirada",
        "it": "Destinatario dell’ordine di rimozione",
    },
    "authority": {
        "en": "Authority that issued the removal order",
        "fr": "Autorité qui a émis l’injonction de retrait",
        "de": "Behörde, die die Entfernungsanordnung ausgestellt hat",
        "es": "Autoridad que ha emitido la orden de retirada",
        "it": "Autorità che ha emesso l’ordine di rimozione",
    },
    "authority_reference": {
        "en": "File reference of the authority",
        "fr": "Référence du dossier de l’autorité",
        "de": "Aktenzeichen der Behörde",
        "es": "Referencia del expediente de la autoridad",
        "it": "Riferimento del fascicolo dell’autorità",
    },
    "addressee_reference": {
        "en": "File reference of the addressee",
        "fr": "Référence du dossier du destinataire",
        "de": "Aktenzeichen des Adressaten",
        "es": "Referencia del expediente del destinatario",
        "it": "Riferimento del fascicolo del destinatario",
    },
    "received_at": {
        "en": "Time and date of receipt of the removal order",
        "fr": "Heure et date de réception de l’injonction de retrait",
        "de": "Uhrzeit und Datum des Eingangs der Entfernungsanordnung",
        "es": "Hora y fecha de recepción de la orden de retirada",
        "it": "Ora e data di ricevimento dell’ordine di rimozione",
    },
    "removed": {
        "en": "The terrorist content has been removed",
        "fr": "Le contenu à caractère terroriste a été retiré",
        "de": "Die terroristischen Inhalte wurden entfernt",
        "es": "Se han retirado los contenidos terroristas",
        "it": "I contenuti terroristici sono stati rimossi",
    },
    "disabled": {
        "en": "Access to the terrorist content has been disabled in all Member States",
        "fr": "L’accès au contenu à caractère terroriste a été bloqué dans tous les États membres",
        "de": "Der Zugang zu den terroristischen Inhalten wurde in allen Mitgliedstaaten gesperrt",
        "es": "Se ha bloqueado el acceso a los contenidos terroristas en todos los Estados miembros",
        "it": "L’accesso ai contenuti terroristici è stato disabilitato in tutti gli Stati membri",
    },
    "measure_at": {
        "en": "Time and date of the measure",
        "fr": "Heure et date de la mesure",
        "de": "Uhrzeit und Datum der Maßnahme",
        "es": "Hora y fecha de la medida",
        "it": "Ora e data della misura",
    },
    "force_majeure": {
        "en": "Force majeure or de facto impossibility not attributable to the hosting service provider",
        "fr": "Force majeure ou impossibilité de fait non imputable au fournisseur de services d’hébergement",
        "de": "Höhere Gewalt oder faktische Unmöglichkeit, die dem Hostingdiensteanbieter nicht anzulasten ist",
        "es": "Fuerza mayor o imposibilidad de hecho no atribuible al prestador de servicios de alojamiento",
        "it": "Forza maggiore o impossibilità di fatto non imputabile al prestatore di servizi di hosting",
    },
    "manifest_errors": {
        "en": "The removal order contains manifest errors",
        "fr": "L’injonction de retrait contient des erreurs manifestes",
        "de": "Die Entfernungsanordnung enthält offensichtliche Fehler",
        "es": "La orden de retirada contiene errores manifiestos",
        "it": "L’ordine di rimozione contiene errori manifesti",
    },
    "insufficient_information": {
        "en": "The removal order does not contain sufficient information",
        "fr": "L’injonction de retrait ne contient pas suffisamment d’informations",
        "de": "Die Entfernungsanordnung enthält unzureichende Angaben",
        "es": "La orden de retirada no contiene información suficiente",
        "it": "L’ordine di rimozione non contiene informazioni sufficienti",
    },
    "reasons": {
        "en": "Further reasons",
        "fr": "Motifs complémentaires",
        "de": "Weitere Gründe",
        "es": "Otros motivos",
        "it": "Ulteriori motivi",
    },
    "needed": {
        "en": "Errors, or clarification needed",
        "fr": "Erreurs, ou éclaircissements nécessaires",
        "de": "Fehler oder benötigte Klarstellung",
        "es": "Errores, o aclaración necesaria",
        "it": "Errori, o chiarimenti necessari",
    },
    "representative": {
        "en": "Hosting service provider or legal representative",
        "fr": "Fournisseur de services d’hébergement ou représentant légal",
        "de": "Hostingdiensteanbieter oder gesetzlicher Vertreter",
        "es": "Prestador de servicios de alojamiento o representante legal",
        "it": "Prestatore di servizi di hosting o rappresentante legale",
    },
    "member_state": {
        "en": "Member State of the main establishment or legal representative",
        "fr": "État membre de l’établissement principal ou du représentant légal",
        "de": "Mitgliedstaat der Hauptniederlassung oder des gesetzlichen Vertreters",
        "es": "Estado miembro del establecimiento principal o del representante legal",
        "it": "Stato membro dello stabilimento principale o del rappresentante legale",
    },
    "authorised_person": {
        "en": "Authorised person",
        "fr": "Personne autorisée",
        "de": "Bevollmächtigte Person",
        "es": "Persona autorizada",
        "it": "Persona autorizzata",
    },
    "contact_email": {
        "en": "E-mail of the contact point",
        "fr": "Courriel du point de contact",
        "de": "E-Mail der Kontaktstelle",
        "es": "Correo electrónico del punto de contacto",
        "it": "E-mail del punto di contatto",
    },
    "signed_at": {"en": "Date", "fr": "Date", "de": "Datum", "es": "Fecha", "it": "Data"},
}

TITLES: dict[str, dict[str, str]] = {
    "annex_i": {
        "en": "Removal order",
        "fr": "Injonction de retrait",
        "de": "Entfernungsanordnung",
        "es": "Orden de retirada",
        "it": "Ordine di rimozione",
    },
    "annex_ii": {
        "en": "Feedback following removal of or disabling of access to terrorist content",
        "fr": "Retour d’information à la suite du retrait du contenu ou du blocage de l’accès",
        "de": "Rückmeldung nach Entfernung oder Sperrung terroristischer Inhalte",
        "es": "Información tras la retirada de los contenidos o el bloqueo del acceso",
        "it": "Riscontro a seguito della rimozione dei contenuti o della disabilitazione dell’accesso",
    },
    "annex_iii": {
        "en": "Information on the impossibility to execute the removal order",
        "fr": "Informations sur l’impossibilité d’exécuter l’injonction de retrait",
        "de": "Informationen über die Unmöglichkeit der Ausführung der Entfernungsanordnung",
        "es": "Información sobre la imposibilidad de ejecutar la orden de retirada",
        "it": "Informazioni sull’impossibilità di eseguire l’ordine di rimozione",
    },
    "annex": {"en": "Annex", "fr": "Annexe", "de": "Anhang", "es": "Anexo", "it": "Allegato"},
    "section": {"en": "Section", "fr": "Section", "de": "Abschnitt", "es": "Sección", "it": "Sezione"},
}

for _table, _arabic in (
    (ORDER_LABELS, form_labels_ar.ORDER),
    (ANSWER_LABELS, form_labels_ar.ANSWER),
    (TITLES, form_labels_ar.TITLES),
):
    for _key, _words in _arabic.items():
        _table[_key]["ar"] = _words
