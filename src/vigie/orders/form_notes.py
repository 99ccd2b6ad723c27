"""What Annexes I to III say around their fields: what the order asks, how to fill it in, what to know beside a box.

By annex, then by the place it stands at: `top`, or before or after a field. The text of the Official Journal prevails.
"""

Notes = dict[str, dict[str, str]]

# What stands below the title of each annex: which article it serves.
LAW: dict[str, dict[str, str]] = {
    "annex_i": {
        "en": "(Article 3 of Regulation (EU) 2021/784 of the European Parliament and of the Council)",
        "fr": "[Article 3 du règlement (UE) 2021/784 du Parlement européen et du Conseil]",
        "de": "(Artikel 3 der Verordnung (EU) 2021/784 des Europäischen Parlaments und des Rates)",
        "es": "[Artículo 3 del Reglamento (UE) 2021/784 del Parlamento Europeo y del Consejo]",
        "it": "[Articolo 3 del regolamento (UE) 2021/784 del Parlamento europeo e del Consiglio]",
        "ar": "(المادة 3 من اللائحة (EU) 2021/784)",
    },
    "annex_ii": {
        "en": "(Article 3(6) of Regulation (EU) 2021/784 of the European Parliament and of the Council)",
        "fr": "[Article 3, paragraphe 6, du règlement (UE) 2021/784 du Parlement européen et du Conseil]",
        "de": "(Artikel 3 Absatz 6 der Verordnung (EU) 2021/784 des Europäischen Parlaments und des Rates)",
        "es": "[Artículo 3, apartado 6, del Reglamento (UE) 2021/784 del Parlamento Europeo y del Consejo]",
        "it": "[Articolo 3, paragrafo 6, del regolamento (UE) 2021/784 del Parlamento europeo e del Consiglio]",
        "ar": "(المادة 3(6) من اللائحة (EU) 2021/784)",
    },
    "annex_iii": {
        "en": "(Article 3(7) and (8) of Regulation (EU) 2021/784 of the European Parliament and of the Council)",
        "fr": "[Article 3, paragraphes 7 et 8, du règlement (UE) 2021/784 du Parlement européen et du Conseil]",
        "de": "(Artikel 3 Absätze 7 und 8 der Verordnung (EU) 2021/784 des Europäischen Parlaments und des Rates)",
        "es": "[Artículo 3, apartados 7 y 8, del Reglamento (UE) 2021/784 del Parlamento Europeo y del Consejo]",
        "it": "[Articolo 3, paragrafi 7 e 8, del regolamento (UE) 2021/784 del Parlamento europeo e del Consiglio]",
        "ar": "(المادة 3(7) و(8) من اللائحة (EU) 2021/784)",
    },
}

TOP: dict[str, tuple[dict[str, str], ...]] = {
    "annex_i": (
        {
            "en": "Pursuant to Article 3 of Regulation (EU) 2021/784 (the ‘Regulation’) the addressee of this removal"
            " order shall remove terrorist content or disable access to terrorist content in all Member"
            " States as soon as possible and in any event within one hour of receipt of the removal order.",
            "fr": "En vertu de l’article 3 du règlement (UE) 2021/784 (ci-après le « règlement »), le"
            " destinataire de la présente injonction de retrait retire les contenus à caractère terroriste ou"
            " bloque l’accès à ces contenus dans tous les États membres dès que possible et en tout état de"
            " cause dans un délai d’une heure à compter de la réception de l’injonction de retrait.",
            "de": "Nach Artikel 3 der Verordnung (EU) 2021/784 (im Folgenden „Verordnung“) muss der Empfänger dieser"
            " Entfernungsanordnung terroristische Inhalte in allen Mitgliedstaaten so schnell wie möglich, in"
            " jedem Fall aber innerhalb einer Stunde nach Erhalt dieser Anordnung entfernen oder den Zugang"
            " zu terroristischen Inhalten sperren.",
            "es": "En virtud del artículo 3 del Reglamento (UE) 2021/784 (en lo sucesivo, «Reglamento»), el"
            " destinatario de la presente orden de retirada retirará los contenidos terroristas o bloqueará"
            " el acceso a ellos en todos los Estados miembros lo antes posible y, en cualquier caso, en el"
            " plazo de una hora desde la recepción de la orden de retirada.",
            "it": "A norma dell’articolo 3 del regolamento (UE) 2021/784 («regolamento»), il destinatario del presente"
            " ordine di rimozione rimuove i contenuti terroristici o disabilita l’accesso ai contenuti terroristici in"
            " tutti gli Stati membri il prima possibile e in ogni caso entro un’ora dal ricevimento dell’ordine di"
            " rimozione.",
            "ar": "بموجب المادة 3 من اللائحة (EU) 2021/784، على المرسَل إليه أن يزيل المحتوى الإرهابي أو"
            " يعطّل الوصول إليه في جميع الدول الأعضاء في أقرب وقت ممكن وعلى أي حال خلال ساعة واحدة من استلام"
            " أمر الإزالة.",
        },
        {
            "en": "Pursuant to Article 6 of the Regulation the addressee shall preserve content and related"
            " data, which has been removed or access to which has been disabled, for six months or longer"
            " upon request from the competent authorities or courts.",
            "fr": "En vertu de l’article 6 du règlement, le destinataire conserve les contenus et les données"
            " connexes qui ont été retirés ou dont l’accès a été bloqué pendant six mois, ou plus longtemps à"
            " la demande des autorités ou juridictions compétentes.",
            "de": "Nach Artikel 6 der Verordnung speichern die Empfänger die entfernten oder gesperrten Inhalte und"
            " zugehörigen Daten für einen Zeitraum von sechs Monaten oder auf Anordnung der zuständigen Behörden oder"
            " Gerichte für einen längeren Zeitraum.",
            "es": "En virtud del artículo 6 del Reglamento, el destinatario conservará los contenidos y los"
            " datos conexos que se hayan retirado o cuyo acceso se haya bloqueado durante seis meses, o"
            " durante un período más largo a petición de las autoridades u órganos jurisdiccionales competentes.",
            "it": "A norma dell’articolo 6 del regolamento, il destinatario conserva i contenuti e i dati"
            " correlati che sono stati rimossi o il cui accesso è stato disabilitato per sei mesi, o più a"
            " lungo su richiesta delle autorità o degli organi giurisdizionali competenti.",
            "ar": "بموجب المادة 6 من اللائحة، يحفظ المرسَل إليه المحتوى والبيانات المتصلة به مدة ستة أشهر، أو"
            " أطول بناءً على طلب السلطات أو المحاكم المختصة.",
        },
        {
            "en": "Pursuant to Article 15(2) of the Regulation, this removal order shall be sent in one of"
            " the languages designated by the addressee.",
            "fr": "En vertu de l’article 15, paragraphe 2, du règlement, la présente injonction de retrait"
            " est envoyée dans l’une des langues désignées par le destinataire.",
            "de": "Nach Artikel 15 Absatz 2 der Verordnung wird diese Entfernungsanordnung in einer der vom Empfänger"
            " angegebenen Sprachen übermittelt.",
            "es": "En virtud del artículo 15, apartado 2, del Reglamento, la presente orden de retirada se"
            " enviará en una de las lenguas designadas por el destinatario.",
            "it": "A norma dell’articolo 15, paragrafo 2, del regolamento, il presente ordine di rimozione è"
            " inviato in una delle lingue indicate dal destinatario.",
            "ar": "بموجب المادة 15(2) من اللائحة، يُرسل أمر الإزالة بإحدى اللغات التي عيّنها المرسَل إليه.",
        },
    ),
    "annex_ii": (),
    "annex_iii": (),
}

# What stands before a field, and after it.
BEFORE: dict[str, Notes] = {
    "annex_i": {
        "legal_types": {
            "en": "Reasons for considering the material to be terrorist content, in accordance with point (7)"
            " of Article 2 of the Regulation.",
            "fr": "Raisons pour lesquelles le matériel est considéré comme un contenu à caractère terroriste,"
            " conformément à l’article 2, point 7), du règlement.",
            "de": "Gründe, das Material gemäß Artikel 2 Nummer 7 der Verordnung als terroristischen Inhalt anzusehen.",
            "es": "Motivos por los que el material se considera contenido terrorista, de conformidad con el"
            " artículo 2, punto 7, del Reglamento.",
            "it": "Motivi per cui il materiale è considerato contenuto terroristico, ai sensi dell’articolo"
            " 2, punto 7, del regolamento.",
            "ar": "أسباب اعتبار المادة محتوى إرهابيًا وفقًا للمادة 2، النقطة (7)، من اللائحة.",
        },
        "do_not_inform": {
            "en": "Please note that (please tick the box, if applicable):",
            "fr": "Veuillez noter que (cochez la case, le cas échéant) :",
            "de": "Bitte beachten (ggf. ankreuzen):",
            "es": "Tenga en cuenta que (marque la casilla, si procede):",
            "it": "Si prega di notare che (barrare la casella, se del caso):",
            "ar": "يُرجى الانتباه (ضع علامة عند الاقتضاء):",
        },
        "home_state_differs": {
            "en": "Please tick the relevant box(es):",
            "fr": "Veuillez cocher la ou les cases appropriées :",
            "de": "Zutreffendes bitte ankreuzen:",
            "es": "Marque la casilla o casillas correspondientes:",
            "it": "Barrare la o le caselle pertinenti:",
            "ar": "ضع علامة في الخانة المناسبة:",
        },
        "authority": {
            "en": "Details of the issuing competent authority or its representative certifying the removal"
            " order as accurate and correct:",
            "fr": "Coordonnées de l’autorité compétente d’émission ou de son représentant certifiant l’exactitude de"
            " l’injonction de retrait :",
            "de": "Angaben zur erlassenden zuständigen Behörde oder zu ihrem Vertreter, der die Richtigkeit der"
            " Entfernungsanordnung bescheinigt:",
            "es": "Datos de la autoridad competente emisora o de su representante que certifica la exactitud"
            " de la orden de retirada:",
            "it": "Dati dell’autorità competente emittente o del suo rappresentante che certifica l’esattezza"
            " dell’ordine di rimozione:",
            "ar": "بيانات السلطة المختصة المُصدِرة أو ممثلها الذي يشهد بصحة أمر الإزالة:",
        },
        "redress_body": {
            "en": "Information about competent body or court, deadlines and procedures for challenging the"
            " removal order:",
            "fr": "Informations sur l’instance ou la juridiction compétente, les délais et les procédures"
            " pour contester l’injonction de retrait :",
            "de": "Informationen über die zuständige Stelle oder das zuständige Gericht, die Fristen und die"
            " Verfahren für die Anfechtung der Entfernungsanordnung:",
            "es": "Información sobre el organismo u órgano jurisdiccional competente, los plazos y los"
            " procedimientos para impugnar la orden de retirada:",
            "it": "Informazioni sull’organo o sull’autorità giurisdizionale competente, sui termini e sulle"
            " procedure per impugnare l’ordine di rimozione:",
            "ar": "معلومات عن الهيئة أو المحكمة المختصة والمهل والإجراءات للطعن في أمر الإزالة:",
        },
    },
    "annex_ii": {
        "removed": {
            "en": "(please tick the relevant box):",
            "fr": "(veuillez cocher la case appropriée) :",
            "de": "(Zutreffendes bitte ankreuzen):",
            "es": "(marque la casilla correspondiente):",
            "it": "(barrare la casella pertinente):",
            "ar": "(ضع علامة في الخانة المناسبة):",
        },
    },
    "annex_iii": {
        "force_majeure": {
            "en": "(1) The removal order cannot be executed within the time limit for the following reason(s)"
            " (please tick the relevant box(es)):",
            "fr": "(1) L’injonction de retrait ne peut pas être exécutée dans le délai imparti pour la ou les raisons"
            " suivantes (veuillez cocher la ou les cases appropriées) :",
            "de": "(1) Die Entfernungsanordnung kann aus folgenden Gründen nicht fristgerecht ausgeführt werden"
            " (Zutreffendes bitte ankreuzen):",
            "es": "(1) La orden de retirada no puede ejecutarse en plazo por los siguientes motivos (marque"
            " la casilla o casillas correspondientes):",
            "it": "(1) L’ordine di rimozione non può essere eseguito entro il termine per i seguenti motivi"
            " (barrare la o le caselle pertinenti):",
            "ar": "(1) لا يمكن تنفيذ أمر الإزالة خلال المهلة للأسباب التالية (ضع علامة في الخانة المناسبة):",
        },
    },
}

AFTER: dict[str, Notes] = {
    "annex_i": {
        "issuing_state": {
            "en": "NB: details of the issuing competent authority to be provided in Sections E and F",
            "fr": "NB : les coordonnées de l’autorité compétente d’émission sont à fournir dans les sections E et F",
            "de": "Hinweis: Angaben zur erlassenden zuständigen Behörde sind in den Abschnitten E und F zu machen.",
            "es": "Nota: los datos de la autoridad competente emisora deben facilitarse en las secciones E y F",
            "it": "NB: i dati dell’autorità competente emittente devono essere forniti nelle sezioni E e F",
            "ar": "ملاحظة: تُذكر بيانات السلطة المختصة المُصدِرة في القسمين E وF",
        },
        "do_not_inform": {
            "en": "If the box is not applicable, please see Section G for details of possibilities to"
            " challenge the removal order in the Member State of the issuing competent authority under"
            " national law (a copy of the removal order must be sent to the content provider, if requested)",
            "fr": "Si la case n’est pas cochée, voir la section G pour les possibilités de contester"
            " l’injonction de retrait dans l’État membre de l’autorité compétente d’émission en vertu du"
            " droit national (une copie de l’injonction de retrait doit être envoyée au fournisseur de"
            " contenus, s’il la demande)",
            "de": "Ist dies nicht angekreuzt, siehe Abschnitt G zu den Möglichkeiten, die Entfernungsanordnung im"
            " Mitgliedstaat der erlassenden zuständigen Behörde nach nationalem Recht anzufechten (dem Inhalteanbieter"
            " ist auf Verlangen eine Kopie der Entfernungsanordnung zu übermitteln)",
            "es": "Si la casilla no procede, véase la sección G para las posibilidades de impugnar la orden"
            " de retirada en el Estado miembro de la autoridad competente emisora con arreglo al Derecho"
            " nacional (debe enviarse una copia de la orden de retirada al proveedor de contenidos, si la solicita)",
            "it": "Se la casella non è pertinente, si veda la sezione G per le possibilità di impugnare"
            " l’ordine di rimozione nello Stato membro dell’autorità competente emittente a norma del diritto"
            " nazionale (una copia dell’ordine di rimozione deve essere inviata al fornitore di contenuti, se"
            " richiesta)",
            "ar": "إن لم توضع علامة، فانظر القسم G بشأن إمكانات الطعن في أمر الإزالة وفق القانون الوطني"
            " (تُرسل نسخة من أمر الإزالة إلى مقدِّم المحتوى إذا طلبها)",
        },
        "signed_at": {
            "en": "Official stamp (if available) and signature: a signature may not be necessary if the"
            " removal order is sent through authenticated channels that can guarantee its authenticity",
            "fr": "Cachet officiel (le cas échéant) et signature : une signature peut ne pas être nécessaire"
            " si l’injonction de retrait est envoyée par des canaux authentifiés qui en garantissent l’authenticité",
            "de": "Amtlicher Stempel (falls vorhanden) und Unterschrift: eine Unterschrift ist nicht"
            " unbedingt erforderlich, wenn die Entfernungsanordnung über authentifizierte Kanäle übermittelt"
            " wird, die ihre Echtheit sicherstellen",
            "es": "Sello oficial (si se dispone de él) y firma: la firma puede no ser necesaria si la orden"
            " de retirada se envía por canales autenticados que garantizan su autenticidad",
            "it": "Timbro ufficiale (se disponibile) e firma: la firma può non essere necessaria se l’ordine"
            " di rimozione è inviato tramite canali autenticati che ne garantiscono l’autenticità",
            "ar": "الختم الرسمي (إن وُجد) والتوقيع: قد لا يلزم التوقيع إذا أُرسل أمر الإزالة عبر قنوات"
            " موثَّقة تضمن صحته",
        },
    },
    "annex_ii": {},
    "annex_iii": {},
}
