"""The boxes to tick in Annex I, B and E, and what each section of the three annexes is about, in every language.

They follow the annexes of Regulation (EU) 2021/784 in order and meaning; the text of the Official Journal prevails.
"""

# Article 2(7), by its letter.
LEGAL_TYPE_BOXES: dict[str, dict[str, str]] = {
    "a": {
        "en": "incites to terrorist offences, such as by glorifying terrorist acts",
        "fr": "incite à commettre des infractions terroristes, par exemple en glorifiant des actes terroristes",
        "de": "stiftet zu terroristischen Straftaten an, etwa durch Verherrlichung terroristischer Handlungen",
        "es": "incita a cometer delitos de terrorismo, por ejemplo mediante la glorificación de actos terroristas",
        "it": "istiga alla commissione di reati di terrorismo, ad esempio con l’apologia di atti terroristici",
        "ar": "يحرّض على ارتكاب جرائم إرهابية، كتمجيد الأعمال الإرهابية",
    },
    "b": {
        "en": "solicits a person or a group to commit terrorist offences or to contribute to them",
        "fr": "sollicite une personne ou un groupe pour commettre des infractions terroristes ou y contribuer",
        "de": "bestimmt eine Person oder Gruppe dazu, terroristische Straftaten zu begehen oder dazu beizutragen",
        "es": "induce a una persona o un grupo a cometer delitos de terrorismo o a contribuir a ellos",
        "it": "sollecita una persona o un gruppo a commettere reati di terrorismo o a contribuirvi",
        "ar": "يدعو شخصًا أو جماعة إلى ارتكاب جرائم إرهابية أو المساهمة فيها",
    },
    "c": {
        "en": "solicits a person or a group to take part in the activities of a terrorist group",
        "fr": "sollicite une personne ou un groupe pour participer aux activités d’un groupe terroriste",
        "de": "bestimmt eine Person oder Gruppe dazu, sich an einer terroristischen Vereinigung zu beteiligen",
        "es": "induce a una persona o un grupo a participar en las actividades de un grupo terrorista",
        "it": "sollecita una persona o un gruppo a partecipare alle attività di un gruppo terroristico",
        "ar": "يدعو شخصًا أو جماعة إلى المشاركة في أنشطة جماعة إرهابية",
    },
    "d": {
        "en": "instructs on explosives, weapons, noxious or hazardous substances, or other methods, for such offences",
        "fr": "instruit sur les explosifs, armes, substances nocives ou dangereuses, ou autres méthodes, à ces fins",
        "de": "leitet zu Sprengstoffen, Waffen, schädlichen oder gefährlichen Stoffen oder anderen Methoden an",
        "es": "instruye sobre explosivos, armas, sustancias nocivas o peligrosas u otros métodos para tales delitos",
        "it": "istruisce su esplosivi, armi, sostanze nocive o pericolose o altri metodi per tali reati",
        "ar": "يقدّم تعليمات بشأن المتفجرات أو الأسلحة أو المواد الضارة أو الخطرة أو غيرها من الأساليب لهذه الجرائم",
    },
    "e": {
        "en": "threatens to commit a terrorist offence",
        "fr": "menace de commettre une infraction terroriste",
        "de": "droht mit der Begehung einer terroristischen Straftat",
        "es": "amenaza con cometer un delito de terrorismo",
        "it": "minaccia la commissione di un reato di terrorismo",
        "ar": "يهدّد بارتكاب جريمة إرهابية",
    },
}

# Annex I, section E; whoever ticks the last one fills in section F too.
AUTHORITY_BOXES: dict[str, dict[str, str]] = {
    "court": {
        "en": "judge, court or investigating judge",
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
        "en": "other competent authority: complete section F as well",
        "fr": "autre autorité compétente : remplir aussi la section F",
        "de": "andere zuständige Behörde: auch Abschnitt F ausfüllen",
        "es": "otra autoridad competente: cumplimentar también la sección F",
        "it": "altra autorità competente: compilare anche la sezione F",
        "ar": "سلطة مختصة أخرى: يُملأ القسم F أيضًا",
    },
}

# What each section is about, by annex and letter.
SECTION_TITLES: dict[str, dict[str, dict[str, str]]] = {
    "annex_i": {
        "A": {
            "en": "To whom, by whom, when",
            "fr": "À qui, par qui, quand",
            "de": "An wen, von wem, wann",
            "es": "A quién, por quién, cuándo",
            "it": "A chi, da chi, quando",
            "ar": "إلى مَن ومِن مَن ومتى",
        },
        "B": {
            "en": "Terrorist content to be removed or disabled in all Member States within one hour of receipt",
            "fr": "Contenu à retirer ou à bloquer dans tous les États membres dans l’heure suivant la réception",
            "de": "Binnen einer Stunde zu entfernende oder in allen Mitgliedstaaten zu sperrende Inhalte",
            "es": "Contenidos que deben retirarse o bloquearse en todos los Estados miembros en una hora",
            "it": "Contenuti da rimuovere o disabilitare in tutti gli Stati membri entro un’ora dal ricevimento",
            "ar": "المحتوى الذي يُزال أو يُعطَّل الوصول إليه في جميع الدول الأعضاء خلال ساعة من الاستلام",
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
            "en": "Information to the authority of the home Member State",
            "fr": "Information de l’autorité de l’État membre d’établissement",
            "de": "Unterrichtung der Behörde des Niederlassungsmitgliedstaats",
            "es": "Información a la autoridad del Estado miembro de establecimiento",
            "it": "Informazione all’autorità dello Stato membro di stabilimento",
            "ar": "إبلاغ السلطة في دولة المؤسسة الرئيسية",
        },
        "E": {
            "en": "Details of the issuing authority",
            "fr": "Coordonnées de l’autorité d’émission",
            "de": "Angaben zur ausstellenden Behörde",
            "es": "Datos de la autoridad emisora",
            "it": "Dati dell’autorità emittente",
            "ar": "بيانات السلطة المُصدِرة",
        },
        "F": {
            "en": "Contacts for follow-up",
            "fr": "Contacts pour le suivi",
            "de": "Kontakte für Rückfragen",
            "es": "Contactos para el seguimiento",
            "it": "Contatti per il seguito",
            "ar": "جهات الاتصال للمتابعة",
        },
        "G": {
            "en": "Possibilities of redress",
            "fr": "Voies de recours",
            "de": "Rechtsbehelfe",
            "es": "Vías de recurso",
            "it": "Mezzi di ricorso",
            "ar": "سبل الطعن",
        },
    },
    "annex_ii": {
        "A": {
            "en": "The order",
            "fr": "L’injonction",
            "de": "Die Anordnung",
            "es": "La orden",
            "it": "L’ordine",
            "ar": "الأمر",
        },
        "B": {
            "en": "Measure taken",
            "fr": "Mesure prise",
            "de": "Getroffene Maßnahme",
            "es": "Medida adoptada",
            "it": "Misura adottata",
            "ar": "التدبير المتخذ",
        },
        "C": {
            "en": "Details of the addressee",
            "fr": "Coordonnées du destinataire",
            "de": "Angaben zum Adressaten",
            "es": "Datos del destinatario",
            "it": "Dati del destinatario",
            "ar": "بيانات المرسَل إليه",
        },
    },
}
SECTION_TITLES["annex_iii"] = {
    "A": SECTION_TITLES["annex_ii"]["A"],
    "B": {
        "en": "Why it cannot be executed",
        "fr": "Pourquoi elle ne peut être exécutée",
        "de": "Warum sie nicht ausgeführt werden kann",
        "es": "Por qué no puede ejecutarse",
        "it": "Perché non può essere eseguito",
        "ar": "سبب تعذّر التنفيذ",
    },
    "C": SECTION_TITLES["annex_ii"]["C"],
}
