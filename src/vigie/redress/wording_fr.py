"""Letters to users in French.

It translates nothing: the text stands as people wrote it.
"""

from vigie.redress import wording_misuse_fr
from vigie.redress.wording import Wording

WORDING = Wording(
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    day_format="{day} {month} {year}",
    title="Exposé des motifs {number}",
    heading_what="CE QUI A ÉTÉ DÉCIDÉ",
    measures={
        "hide": "L’accès à ce que vous avez publié, {content}, a été rendu impossible.",
        "remove": "Ce que vous avez publié, {content}, a été retiré.",
        "remove_and_suspend": "Ce que vous avez publié, {content}, a été retiré.",
    },
    account_suspended="Votre compte a été suspendu.",
    decided_at="Cette décision a été prise le {day} à {time} UTC.",
    territory_and_duration=(
        "Elle s’applique partout où le service peut être utilisé, sans limite de durée sauf si elle est infirmée."
    ),
    heading_facts="POURQUOI : LES FAITS",
    facts_seen_illegal=(
        "Une personne l’a examiné et a constaté qu’il s’agit d’un contenu à caractère terroriste au sens du droit cité"
        " ci-dessous."
    ),
    facts_seen_terms=(
        "Une personne l’a examiné et a constaté qu’il n’est pas compatible avec les conditions générales citées"
        " ci-dessous."
    ),
    facts_copy=(
        "Il s’agit d’une copie d’un élément dont deux personnes, indépendamment l’une de l’autre, avaient confirmé le"
        " caractère terroriste."
    ),
    source_own_initiative=(
        "Nous l’avons trouvé par nos propres vérifications, et non à la suite d’un signalement."
    ),
    source_notice=(
        "Il nous a été signalé par une notification au titre de l’article 16 du règlement (UE) 2022/2065."
    ),
    source_trusted_flagger=(
        "Il nous a été signalé par un signaleur de confiance, dans une notification au titre des articles 16 et 22 du"
        " règlement (UE) 2022/2065."
    ),
    source_referral=(
        "Quelqu’un a attiré notre attention dessus autrement que par une notification au titre de l’article 16 du"
        " règlement (UE) 2022/2065. Nous l’avons examiné de notre propre initiative."
    ),
    heading_automation="MOYENS AUTOMATISÉS",
    detected_by_machine="Des moyens automatisés ont servi à le trouver.",
    detected_by_person="Aucun moyen automatisé n’a servi à le trouver.",
    decided_by_machine="La décision a été prise par des moyens automatisés.",
    decided_by_person="La décision a été prise par une personne, et non par des moyens automatisés.",
    heading_ground="LE FONDEMENT",
    ground_law=(
        "Nous le considérons comme un contenu illicite : un contenu à caractère terroriste tel que défini à l’article"
        " 2, point 7) {letter}), du règlement (UE) 2021/784, lu avec la directive (UE) 2017/541."
    ),
    why_law="La raison : {what}",
    legal_types={
        "a": (
            "il incite à commettre des infractions terroristes, par exemple en faisant l’apologie d’actes terroristes,"
            " et crée ainsi le risque qu’une ou plusieurs de ces infractions soient commises."
        ),
        "b": (
            "il sollicite une personne ou un groupe de personnes pour commettre des infractions terroristes ou"
            " contribuer à leur commission."
        ),
        "c": (
            "il sollicite une personne ou un groupe de personnes pour participer aux activités d’un groupe terroriste."
        ),
        "d": (
            "il fournit des instructions sur la fabrication ou l’utilisation d’explosifs, d’armes ou de substances"
            " nocives ou dangereuses, ou sur d’autres méthodes ou techniques, aux fins d’infractions terroristes."
        ),
        "e": "il menace de commettre une infraction terroriste.",
    },
    ground_terms="Il n’est pas compatible avec nos conditions générales : {clause}",
    why_terms="La raison : ce qui a été publié est de la sorte que cette clause exclut.",
    terms_default="la clause sur les contenus à caractère terroriste et leur promotion.",
    heading_redress="CE QUE VOUS POUVEZ FAIRE",
    redress_complaint=(
        "Vous pouvez nous adresser une réclamation, gratuitement, dans un délai de six mois. Une personne qui n’a pas"
        " pris cette décision la réexaminera. Utilisez le lien privé joint à cet exposé ; vous n’avez pas besoin de"
        " compte."
    ),
    redress_dispute_body=(
        "Vous pouvez saisir un organe de règlement extrajudiciaire des litiges certifié au titre de l’article 21 du"
        " règlement (UE) 2022/2065."
    ),
    redress_court="Vous pouvez saisir la justice.",
    complaint_title="Votre réclamation {number}",
    complaint_received="Nous avons reçu votre réclamation. Vous aurez une réponse motivée au plus tard le {day}.",
    complaint_outcomes={
        "upheld": "Nous avons réexaminé l’affaire. La décision est maintenue.",
        "partial": "Nous avons réexaminé l’affaire. La décision a été modifiée en partie.",
        "reversed": (
            "Nous avons réexaminé l’affaire. La décision était erronée et a été infirmée : ce qu’elle avait retiré est"
            " rendu."
        ),
    },
    complaint_reasons="Nos motifs : {reasons}",
    complaint_redress=(
        "Si vous n’êtes pas d’accord, vous pouvez saisir un organe de règlement extrajudiciaire des litiges certifié au"
        " titre de l’article 21 du règlement (UE) 2022/2065, ou la justice."
    ),
    complaint_person="Cette décision a été prise par une personne qui n’avait pas pris la première.",
    notice_title="Votre signalement {number}",
    notice_received=(
        "Nous avons reçu votre signalement le {day}. Une personne l’examine. Vous serez informé de ce"
        " qui sera décidé."
    ),
    notice_outcomes={
        "no_action": "Rien n’a été fait au sujet du contenu.",
        "acted_law": "Le contenu a été restreint, parce qu’il est illicite.",
        "acted_terms": "Le contenu a été restreint, parce que nos conditions générales ne l’autorisent pas.",
    },
    notice_decided="Ce qui a été décidé à son sujet le {day} :",
    notice_person="Une personne en a décidé, et non des moyens automatisés.",
    notice_redress=(
        "Si vous n’êtes pas d’accord, vous pouvez nous adresser une réclamation, gratuitement, dans"
        " un délai de six mois, à l’adresse privée ci-dessous ; saisir un organe de règlement"
        " extrajudiciaire des litiges certifié au titre de l’article 21 du règlement (UE) 2022/2065 ;"
        " ou saisir la justice."
    ),
    notice_link="L’adresse privée de votre signalement. Ne la donnez à personne : {link}",
    order_title="Ce que vous avez publié n’est plus accessible en raison d’une injonction de retrait",
    order_measures={
        "removed": "Ce que vous avez publié, {content}, a été retiré.",
        "disabled": (
            "L’accès à ce que vous avez publié, {content}, a été bloqué dans tous les États membres de"
            " l’Union européenne."
        ),
    },
    order_cause=(
        "Une autorité l’a ordonné par une injonction de retrait au titre de l’article 3 du règlement"
        " (UE) 2021/784. Ce n’était pas notre propre décision."
    ),
    order_ask=(
        "Sur demande, nous vous indiquons les motifs de l’autorité et la manière de contester son"
        " injonction, ou vous remettons une copie de celle-ci. Utilisez le lien privé joint à cette"
        " lettre ; vous n’avez pas besoin de compte."
    ),
    order_reasons_title="Les motifs de l’injonction de retrait",
    order_issued="Autorité d’émission : {authority}, {state}. Référence : {reference}. Émise : {issued}.",
    order_types=(
        "L’autorité considère qu’il s’agit d’un contenu à caractère terroriste au sens de l’article"
        " 2, point 7), du règlement (UE) 2021/784, parce que :"
    ),
    order_more_reasons="Autres motifs de l’autorité : {reasons}",
    order_redress=(
        "Vous pouvez contester l’injonction devant les juridictions de l’État membre de l’autorité"
        " d’émission."
    ),
    order_redress_body="Instance ou juridiction compétente indiquée dans l’injonction : {body}",
    order_redress_deadline="Délai indiqué dans l’injonction : {deadline}",
    order_redress_provisions="Dispositions nationales : {provisions}",
    order_scrutiny=(
        "Si l’injonction vient d’un autre État membre que celui du service, vous pouvez demander à"
        " l’autorité de l’État membre du service de l’examiner, dans les 48 heures après en avoir été"
        " informé."
    ),
    misuse=wording_misuse_fr.WORDING,
)
