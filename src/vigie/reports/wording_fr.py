"""The words of reports in French: the keys of `wording_en`, each one."""

from types import MappingProxyType

_DAY = "Selon le jour de la décision."
_BOX = "Comme ci-dessus, selon la case de la dernière annexe III."

TEXTS = MappingProxyType(
    {
        "tco.title": "Rapport de transparence sur les contenus à caractère terroriste en ligne, {period}",
        "dsa.title": "Rapport de transparence au titre du règlement sur les services numériques, {period}",
        "law.tco": "Règlement (UE) 2021/784, article 7",
        "law.dsa": "Règlement (UE) 2022/2065, articles 15 et 24 ; règlement d’exécution (UE) 2024/2835",
        "fact.law": "Base juridique",
        "fact.provider": "Fournisseur",
        "fact.service": "Service",
        "fact.period": "Période",
        "fact.published_on": "Publié le",
        "fact.ledger": "Calculé à partir du registre jusqu’à la ligne",
        "fact.hash": "Empreinte de cette ligne",
        "fact.signed": "Dernier point de contrôle signé",
        "fact.not_given": "non renseigné",
        "fact.draft": "projet",
        "word.figure": "Chiffre",
        "word.value": "Nombre",
        "word.how": "Comment il est calculé",
        "word.letter": "Lettre",
        "word.category": "Catégorie",
        "word.indicator": "Indicateur",
        "word.missing": "Encore à renseigner",
        "word.none_missing": "Rien ne manque.",
        "word.policies": "Versions des règles mises en service : {versions}.",
        "word.count_rows": "chaque ligne compte une fois",
        "word.count_distinct contents": "chaque contenu compte une fois",
        "word.count_distinct orders": "chaque injonction compte une fois",
        "word.count_orders": "chaque injonction compte une fois",
        "word.counts": "Lignes du registre : {events}. Parmi elles : {where} ; {count}.",
        "footer": (
            "Calculé par Vigie à partir de son seul registre : quiconque possède le registre jusqu’à la ligne indiquée"
            " ci-dessus obtient le même rapport, octet pour octet. Zéro signifie qu’il n’y en a pas eu ; une case vide,"
            " que cela ne s’applique pas ou n’a pas été renseigné."
        ),
        "section.a": "a) Mesures visant à identifier et à retirer les contenus à caractère terroriste",
        "section.b": "b) Mesures contre la réapparition de contenus retirés",
        "section.c": "c) Contenus retirés, et injonctions de retrait non exécutées",
        "section.d": "d) Réclamations et leur issue",
        "section.e": "e) Procédures de réexamen engagées par le fournisseur",
        "section.f": "f) Contenus rétablis à la suite d’un réexamen",
        "section.g": "g) Contenus rétablis à la suite d’une réclamation",
        "section.beside": "En dehors de l’article 7, paragraphe 3",
        "section.beside.text": (
            "Ces nombres ne sont pas demandés par l’article 7, paragraphe 3 ; ils sont donnés pour que rien ne manque"
            " entre ceux qui le sont."
        ),
        "to_write": "Le fournisseur n’a pas encore écrit ce texte.",
        "line.b_matches": "Envois retenus ou retirés par une règle, proches d’un contenu retiré auparavant",
        "line.orders": "Injonctions de retrait reçues",
        "line.orders_not_genuine": "Reçues comme injonctions et reconnues non authentiques",
        "line.c1": "Éléments retirés ou rendus inaccessibles à la suite d’injonctions de retrait",
        "line.c1_orders": "Injonctions de retrait exécutées",
        "line.c2": "Éléments retirés ou rendus inaccessibles à la suite de mesures spécifiques (article 5)",
        "line.own_initiative": (
            "Contenus à caractère terroriste restreints à l’initiative du fournisseur, sans mesures spécifiques"
        ),
        "line.after_notices": "Contenus à caractère terroriste restreints à la suite de signalements",
        "line.c3": "Injonctions de retrait non exécutées à la fin de la période",
        "line.c3_force_majeure": "dont : force majeure ou impossibilité de fait, article 3, paragraphe 7",
        "line.c3_manifest_errors": "dont : erreurs manifestes, article 3, paragraphe 8",
        "line.c3_insufficient_information": "dont : informations insuffisantes, article 3, paragraphe 8",
        "line.c3_late": "Injonctions de retrait exécutées plus d’une heure après leur réception",
        "line.d": "Réclamations reçues (article 10)",
        "line.d_upheld": "Décisions confirmées",
        "line.d_partial": "Décisions infirmées en partie",
        "line.d_reversed": "Décisions infirmées",
        "line.d_open": "Sans décision à la fin de la période",
        "line.dsa20": "Réclamations reçues au titre de l’article 20 du règlement (UE) 2022/2065",
        "line.dsa20_upheld": "dont décidées : confirmées",
        "line.dsa20_partial": "dont décidées : infirmées en partie",
        "line.dsa20_reversed": "dont décidées : infirmées",
        "line.e_scrutiny": "Examens demandés par le fournisseur (article 4)",
        "line.e_infringement": "Examens qui ont constaté une violation",
        "line.e_no_infringement": "Examens qui n’en ont constaté aucune",
        "line.e_court": "Procédures engagées devant des juridictions ou autorités, selon le fournisseur",
        "line.f": "Injonctions dont le contenu a dû être rétabli parce qu’elles ont perdu leur effet",
        "line.f_infringement": "dont : après un examen qui a constaté une violation",
        "line.g": "Éléments rétablis à la suite d’une réclamation (article 10)",
        "line.g_dsa20": (
            "Éléments rétablis à la suite d’une réclamation au titre de l’article 20 du règlement (UE) 2022/2065"
        ),
        "line.taken_back": "Décisions qu’un modérateur a reprises sans réclamation",
        "how.b_matches": (
            "Dossiers ouverts par une règle, avec le verdict « retenir » ou « retirer », à cause d’une entrée issue"
            " d’une modération."
        ),
        "how.orders": (
            "Injonctions selon l’instant de réception, sans les répétitions ni celles reconnues non authentiques."
        ),
        "how.orders_not_genuine": (
            "Injonctions qu’une personne a refusées comme fausses ou mal adressées, selon l’instant de réception."
        ),
        "how.c1": (
            "Contenus distincts retirés à cause d’une injonction, selon l’instant de la mesure. Ce qui avait déjà"
            " disparu n’est pas compté ; un contenu visé par deux injonctions compte une fois."
        ),
        "how.c1_orders": "Injonctions qui ont fait retirer quelque chose, selon l’instant de la mesure.",
        "how.c2": (
            "Contenus distincts restreints comme contenus à caractère terroriste de sa propre initiative, pendant que"
            " le fournisseur était exposé et agissait au titre de l’article 5."
        ),
        "how.own_initiative": (
            "Contenus distincts restreints comme contenus à caractère terroriste de sa propre initiative, tous les"
            " autres."
        ),
        "how.after_notices": (
            "Contenus distincts restreints comme contenus à caractère terroriste parce qu’ils avaient été signalés."
        ),
        "how.c3": (
            "Injonctions authentiques dont la dernière annexe III date de la période et qui n’ont pas été exécutées"
            " avant sa fin. Une injonction clarifiée puis exécutée est exécutée."
        ),
        "how.c3_force_majeure": _BOX,
        "how.c3_manifest_errors": _BOX,
        "how.c3_insufficient_information": _BOX,
        "how.c3_late": (
            "Injonctions exécutées après leur heure ; une heure qui recommence compte depuis ce moment."
        ),
        "how.d": "Réclamations contre des mesures spécifiques, selon leur réception.",
        "how.d_upheld": _DAY,
        "how.d_partial": _DAY,
        "how.d_reversed": _DAY,
        "how.d_open": "Reçues avant la fin de la période et sans décision à ce moment.",
        "how.dsa20": "Toutes les autres réclamations, selon leur réception.",
        "how.dsa20_upheld": _DAY,
        "how.dsa20_partial": _DAY,
        "how.dsa20_reversed": _DAY,
        "how.e_scrutiny": "Demandes d’examen du fournisseur, non celles des auteurs ou des autorités.",
        "how.e_infringement": "Leur issue, selon son jour.",
        "how.e_no_infringement": "Leur issue, selon son jour.",
        "how.e_court": "Absent du registre : le nombre donné par le fournisseur.",
        "how.f": (
            "Injonctions contraires au droit, annulées ou retirées, dont le contenu a été rétabli. Ce que rend le refus"
            " d’une fausse injonction n’est pas compté."
        ),
        "how.f_infringement": "Par l’examen de l’autorité de l’État d’établissement.",
        "how.g": "Contenus distincts rétablis à la suite d’une réclamation au titre de l’article 10, copies comprises.",
        "how.g_dsa20": (
            "Contenus distincts rétablis à la suite d’une réclamation au titre de l’article 20, copies comprises."
        ),
        "how.taken_back": (
            "Décisions annulées par une personne. Elles restent comptées ci-dessus : la restriction a eu lieu."
        ),
        "chart.orders": "Injonctions de retrait",
        "chart.orders.in_time": "Exécutées dans l’heure",
        "chart.orders.late": "Exécutées en retard",
        "chart.removed": "Éléments restreints, selon ce qui y a conduit",
        "chart.removed.c1": "Injonctions de retrait",
        "chart.removed.c2": "Mesures spécifiques",
        "chart.removed.own": "Propre initiative",
        "chart.removed.notices": "Signalements",
        "chart.complaints": "Réclamations décidées",
        "chart.upheld": "Confirmées",
        "chart.partial": "Infirmées en partie",
        "chart.reversed": "Infirmées",
        "chart.notices": "Signalements et leurs suites",
        "chart.notices.received": "Signalements reçus",
        "chart.notices.law": "Mesures fondées sur le droit",
        "chart.notices.terms": "Mesures fondées sur les conditions",
        "chart.measures": "Mesures de propre initiative",
        "chart.measures.law": "Contenu illicite",
        "chart.measures.terms": "Contraire aux conditions",
        "chart.measures.alone": "Prises par une règle seule",
        "part-1-summary": "1. Résumé",
        "part-2-categories-names": "2. Catégories",
        "part-3-member-states-orders": "3. Injonctions des États membres",
        "part-4-notices": "4. Signalements",
        "part-5-own-initiative-illegal": "5. Propre initiative : contenu illicite",
        "part-6-own-initiative-tc": "6. Propre initiative : conditions générales",
        "part-7-appeals-and-recidivism": "7. Réclamations, litiges, abus répétés",
        "part-8-automated-means": "8. Moyens automatisés",
        "part-9-human-resources": "9. Ressources humaines",
        "part-10-amar": "10. Destinataires actifs mensuels moyens",
        "part-11-qualitative": "11. Informations qualitatives",
        "dsa.rows": (
            "Les lignes toutes à zéro ou vides ne sont pas montrées ici ; les fichiers CSV contiennent chaque ligne des"
            " modèles, dont les libellés n’existent qu’en anglais."
        ),
        "dsa.scope": "État membre",
        "field.provider_name": "Nom du fournisseur",
        "field.service_name": "Nom du service",
        "field.service_kind": "Type de service : hosting, online_platform, vlop ou vlose",
        "field.tco_identify": "a) Ce que fait le service pour trouver et retirer les contenus à caractère terroriste",
        "field.tco_reappearance": "b) Ce que fait le service pour que les contenus retirés ne reviennent pas",
        "field.tco_court_reviews": (
            "e) Procédures contre des injonctions devant des juridictions ou autorités, outre les examens"
        ),
        "field.tco_court_outcomes": "e) Leurs issues, en mots",
        "field.previous_report_on": "Jour du rapport précédent, s’il n’a pas été publié avec Vigie",
        "field.information_orders": "Injonctions de fournir des informations, par État membre : FR=2 DE=1, ou 0",
        "field.disputes_submitted": "Litiges devant des organes de règlement extrajudiciaire : soumis",
        "field.disputes_upheld": "Litiges : décisions confirmées",
        "field.disputes_partial": "Litiges : décisions infirmées en partie",
        "field.disputes_reversed": "Litiges : décisions infirmées",
        "field.disputes_median_hours": "Litiges : durée médiane en heures",
        "field.disputes_omitted": "Litiges : sans décision",
        "field.disputes_implemented": "Litiges : part des issues mises en œuvre, de 0 à 1",
        "field.accuracy_total": "Exactitude des moyens automatisés, de 0 à 1 : tous",
        "field.recall_total": "Rappel des moyens automatisés, de 0 à 1 : tous",
        "field.accuracy_own": "Exactitude des moyens automatisés, de 0 à 1 : propre initiative",
        "field.recall_own": "Rappel des moyens automatisés, de 0 à 1 : propre initiative",
        "field.moderators_internal": "Modérateurs employés",
        "field.moderators_external": "Modérateurs sous contrat",
        "field.moderators_linguistic": "Modérateurs aux compétences linguistiques suffisantes : tous",
        "field.moderators_by_language": "Modérateurs par langue officielle : bg=1 de=4",
        "field.recipients": "Destinataires actifs mensuels moyens par État membre : AT=1200 DE=9800",
        "field.text_summary": "Résumé de la modération de propre initiative",
        "field.text_own_initiative": "La modération de propre initiative, de manière compréhensible",
        "field.text_automated_means": "Description des moyens automatisés",
        "field.text_accuracy": "Indicateurs d’exactitude et taux d’erreur possible, en mots",
        "field.text_purposes": "Les finalités précises des moyens automatisés",
        "field.text_safeguards": "Garanties entourant les moyens automatisés",
        "field.text_governance": "Gouvernance de la modération",
        "field.text_qualifications": "Qualifications des modérateurs",
        "field.text_training": "Formation des modérateurs",
        "field.text_support": "Soutien aux modérateurs",
        "field.text_methodology": "Comment les modérateurs sont comptés",
    }
)
