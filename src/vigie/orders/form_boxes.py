"""The boxes to tick in Annex I, B and E, and what each section of the three annexes is about, in every language.

They follow the annexes of Regulation (EU) 2021/784 in order and meaning; the text of the Official Journal prevails.
"""

# Article 2(7), by its letter.
LEGAL_TYPE_BOXES: dict[str, dict[str, str]] = {
    "a": {
        "en": "incites others to commit terrorist offences, such as by glorifying terrorist acts, by advocating the"
        " commission of such offences",
        "fr": "incite autrui à commettre des infractions terroristes, par exemple en glorifiant des actes"
        " terroristes ou en préconisant la commission de telles infractions",
        "de": "stiftet andere zur Begehung terroristischer Straftaten an, unter anderem durch Verherrlichung"
        " terroristischer Handlungen, durch Befürwortung der Begehung solcher Straftaten",
        "es": "incita a otros a cometer delitos de terrorismo, por ejemplo mediante la glorificación de actos"
        " terroristas o la promoción de la comisión de tales delitos",
        "it": "istiga altri a commettere reati di terrorismo, ad esempio con l’apologia di atti terroristici"
        " o incitando alla commissione di tali reati",
        "ar": "يحرّض الآخرين على ارتكاب جرائم إرهابية، كتمجيد الأعمال الإرهابية أو الدعوة إلى ارتكاب هذه الجرائم",
    },
    "b": {
        "en": "solicits others to commit or to contribute to the commission of terrorist offences",
        "fr": "sollicite autrui pour commettre ou contribuer à commettre des infractions terroristes",
        "de": "bestimmt andere dazu, terroristische Straftaten zu begehen oder zu deren Begehung beizutragen",
        "es": "induce a otros a cometer delitos de terrorismo o a contribuir a su comisión",
        "it": "sollecita altri a commettere reati di terrorismo o a contribuire alla loro commissione",
        "ar": "يدعو الآخرين إلى ارتكاب جرائم إرهابية أو المساهمة في ارتكابها",
    },
    "c": {
        "en": "solicits others to participate in the activities of a terrorist group",
        "fr": "sollicite autrui pour participer aux activités d’un groupe terroriste",
        "de": "bestimmt andere dazu, sich an den Handlungen einer terroristischen Vereinigung zu beteiligen",
        "es": "induce a otros a participar en las actividades de un grupo terrorista",
        "it": "sollecita altri a partecipare alle attività di un gruppo terroristico",
        "ar": "يدعو الآخرين إلى المشاركة في أنشطة جماعة إرهابية",
    },
    "d": {
        "en": "provides instruction on the making or use of explosives, firearms or other weapons or noxious"
        " or hazardous substances, or on other specific methods or techniques for the purpose of committing"
        " or contributing to the commission of terrorist offences",
        "fr": "fournit des instructions sur la fabrication ou l’utilisation d’explosifs, d’armes à feu ou"
        " d’autres armes ou de substances nocives ou dangereuses, ou sur d’autres méthodes ou techniques"
        " spécifiques, aux fins de commettre ou de contribuer à commettre des infractions terroristes",
        "de": "unterweist in der Herstellung oder im Gebrauch von Sprengstoffen, Schuss- oder sonstigen Waffen oder"
        " schädlichen oder gefährlichen Stoffen oder in anderen spezifischen Methoden oder Verfahren mit dem Ziel,"
        " terroristische Straftaten zu begehen oder zu deren Begehung beizutragen",
        "es": "proporciona instrucción sobre la fabricación o el uso de explosivos, armas de fuego u otras armas o"
        " sustancias nocivas o peligrosas, o sobre otros métodos o técnicas concretos, a fin de cometer delitos de"
        " terrorismo o contribuir a su comisión",
        "it": "impartisce istruzioni per la fabbricazione o l’uso di esplosivi, armi da fuoco o altre armi o sostanze"
        " nocive o pericolose, o altri metodi o tecniche specifici al fine di commettere o contribuire a commettere"
        " reati di terrorismo",
        "ar": "يقدّم تعليمات بشأن صنع أو استعمال المتفجرات أو الأسلحة النارية أو غيرها من الأسلحة أو المواد الضارة أو"
        " الخطرة، أو بشأن أساليب أو تقنيات محددة أخرى، بغرض ارتكاب جرائم إرهابية أو المساهمة في ارتكابها",
    },
    "e": {
        "en": "constitutes a threat to commit one of the terrorist offences",
        "fr": "constitue une menace de commettre l’une des infractions terroristes",
        "de": "stellt eine Drohung mit der Begehung einer der terroristischen Straftaten dar",
        "es": "constituye una amenaza de cometer alguno de los delitos de terrorismo",
        "it": "costituisce una minaccia di commettere uno dei reati di terrorismo",
        "ar": "يشكّل تهديدًا بارتكاب إحدى الجرائم الإرهابية",
    },
}

# Where a box of section B stands in the law; `{}` is its letter.
LEGAL_TYPE_POINT = {
    "en": "(point (7)({}) of Article 2 of the Regulation)",
    "fr": "(article 2, point 7) {}), du règlement)",
    "de": "(Artikel 2 Absatz 7 Buchstabe {} der Verordnung)",
    "es": "(artículo 2, punto 7, letra {}), del Reglamento)",
    "it": "(articolo 2, punto 7, lettera {}), del regolamento)",
    "ar": "(المادة 2، النقطة 7، {})",
}

# Annex I, section E; whoever ticks the last one fills in section F too, and that is said behind it.
AUTHORITY_BOXES: dict[str, dict[str, str]] = {
    "court": {
        "en": "judge, court, or investigating judge",
        "fr": "juge, juridiction ou juge d’instruction",
        "de": "Richter, Gericht oder Ermittlungsrichter",
        "es": "juez, órgano jurisdiccional o juez de instrucción",
        "it": "giudice, organo giurisdizionale o giudice istruttore",
        "ar": "قاضٍ أو محكمة أو قاضي تحقيق",
    },
    "law_enforcement": {
        "en": "law enforcement authority",
        "fr": "autorité répressive",
        "de": "Strafverfolgungsbehörde",
        "es": "autoridad policial",
        "it": "autorità di contrasto",
        "ar": "سلطة إنفاذ القانون",
    },
    "other": {
        "en": "other competent authority",
        "fr": "autre autorité compétente",
        "de": "andere zuständige Behörde",
        "es": "otra autoridad competente",
        "it": "altra autorità competente",
        "ar": "سلطة مختصة أخرى",
    },
}
ALSO_SECTION_F = {
    "en": "→ please complete also Section F",
    "fr": "→ veuillez remplir également la section F",
    "de": "→ bitte auch Abschnitt F ausfüllen",
    "es": "→ cumplimente también la sección F",
    "it": "→ compilare anche la sezione F",
    "ar": "← يُملأ القسم F أيضًا",
}

# What the annex calls each section, by annex and letter; section A has no name.
SECTION_TITLES: dict[str, dict[str, dict[str, str]]] = {
    "annex_i": {
        "B": {
            "en": "Terrorist content to be removed or access to which is to be disabled in all Member States"
            " as soon as possible and in any event within one hour of receipt of the removal order",
            "fr": "Contenus à caractère terroriste à retirer ou dont l’accès doit être bloqué dans tous les"
            " États membres dès que possible et en tout état de cause dans un délai d’une heure à compter de"
            " la réception de l’injonction de retrait",
            "de": "In allen Mitgliedstaaten so schnell wie möglich, in jedem Fall aber innerhalb einer Stunde"
            " nach Erhalt der Entfernungsanordnung zu entfernender oder zu sperrender terroristischer Inhalt",
            "es": "Contenidos terroristas que deben retirarse o cuyo acceso debe bloquearse en todos los"
            " Estados miembros lo antes posible y, en cualquier caso, en el plazo de una hora desde la"
            " recepción de la orden de retirada",
            "it": "Contenuti terroristici da rimuovere o il cui accesso deve essere disabilitato in tutti gli"
            " Stati membri il prima possibile e in ogni caso entro un’ora dal ricevimento dell’ordine di rimozione",
            "ar": "المحتوى الإرهابي الذي يُزال أو يُعطَّل الوصول إليه في جميع الدول الأعضاء في أقرب وقت ممكن"
            " وعلى أي حال خلال ساعة واحدة من استلام أمر الإزالة",
        },
        "C": {
            "en": "Information to the content provider",
            "fr": "Information du fournisseur de contenus",
            "de": "Unterrichtung des Inhalteanbieters",
            "es": "Información al proveedor de contenidos",
            "it": "Informazione al fornitore di contenuti",
            "ar": "إبلاغ مقدِّم المحتوى",
        },
        "D": {
            "en": "Information to the competent authority of the Member State where the hosting service"
            " provider has its main establishment or where its legal representative resides or is established",
            "fr": "Information de l’autorité compétente de l’État membre dans lequel le fournisseur de services"
            " d’hébergement a son établissement principal ou dans lequel son représentant légal réside ou est établi",
            "de": "Unterrichtung der zuständigen Behörde des Mitgliedstaats, in dem der Hostingdiensteanbieter seine"
            " Hauptniederlassung hat oder in dem der gesetzliche Vertreter ansässig oder niedergelassen ist",
            "es": "Información a la autoridad competente del Estado miembro en el que el prestador de servicios de"
            " alojamiento de datos tiene su establecimiento principal o en el que su representante legal reside o está"
            " establecido",
            "it": "Informazione all’autorità competente dello Stato membro in cui il prestatore di servizi di"
            " hosting ha lo stabilimento principale o in cui il suo rappresentante legale risiede o è stabilito",
            "ar": "إبلاغ السلطة المختصة في الدولة العضو التي توجد فيها المؤسسة الرئيسية لمزوِّد خدمات"
            " الاستضافة أو يقيم فيها ممثله القانوني",
        },
        "E": {
            "en": "Details of the issuing competent authority",
            "fr": "Coordonnées de l’autorité compétente d’émission",
            "de": "Angaben zur erlassenden zuständigen Behörde",
            "es": "Datos de la autoridad competente emisora",
            "it": "Dati dell’autorità competente emittente",
            "ar": "بيانات السلطة المختصة المُصدِرة",
        },
        "F": {
            "en": "Contact details for follow-up",
            "fr": "Coordonnées aux fins du suivi",
            "de": "Kontaktangaben für Rückfragen",
            "es": "Datos de contacto para el seguimiento",
            "it": "Estremi per il seguito",
            "ar": "جهات الاتصال للمتابعة",
        },
        "G": {
            "en": "Information about redress possibilities",
            "fr": "Informations sur les voies de recours",
            "de": "Informationen über Rechtsbehelfe",
            "es": "Información sobre las vías de recurso",
            "it": "Informazioni sui mezzi di ricorso",
            "ar": "معلومات عن سبل الطعن",
        },
    },
    "annex_ii": {
        "B": {
            "en": "Measures taken in compliance with the removal order",
            "fr": "Mesures prises en application de l’injonction de retrait",
            "de": "Zur Befolgung der Entfernungsanordnung getroffene Maßnahmen",
            "es": "Medidas adoptadas en cumplimiento de la orden de retirada",
            "it": "Misure adottate in ottemperanza all’ordine di rimozione",
            "ar": "التدابير المتخذة امتثالًا لأمر الإزالة",
        },
        "C": {
            "en": "Details of the addressee",
            "fr": "Coordonnées du destinataire",
            "de": "Angaben zum Empfänger",
            "es": "Datos del destinatario",
            "it": "Dati del destinatario",
            "ar": "بيانات المرسَل إليه",
        },
    },
    "annex_iii": {
        "B": {
            "en": "Non-execution",
            "fr": "Non-exécution",
            "de": "Nichtausführung",
            "es": "No ejecución",
            "it": "Mancata esecuzione",
            "ar": "عدم التنفيذ",
        },
        "C": {
            "en": "Details of the hosting service provider or its legal representative",
            "fr": "Coordonnées du fournisseur de services d’hébergement ou de son représentant légal",
            "de": "Angaben zum Hostingdiensteanbieter oder zu seinem gesetzlichen Vertreter",
            "es": "Datos del prestador de servicios de alojamiento de datos o de su representante legal",
            "it": "Dati del prestatore di servizi di hosting o del suo rappresentante legale",
            "ar": "بيانات مزوِّد خدمات الاستضافة أو ممثله القانوني",
        },
    },
}
