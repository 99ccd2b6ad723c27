"""What is said in French about frequent misuse: warnings, suspensions, their end.

It translates nothing: words of the person who decided stand as they wrote them.
"""

from vigie.redress.wording import MisuseWording

WORDING = MisuseWording(
    warning_title="Avertissement {number}",
    counted={
        "notifier": (
            "Sur {total} de vos notifications décidées en {days} jours, une personne en a jugé {counted}"
            " manifestement infondées."
        ),
        "complainant": (
            "Sur {total} de vos réclamations décidées en {days} jours, une personne en a jugé {counted}"
            " manifestement infondées."
        ),
        "uploader": (
            "Sur {total} contenus que vous avez publiés en {days} jours, pour autant que nous les connaissions,"
            " une personne en a jugé {counted}, chacun examiné séparément, manifestement illicites : des contenus"
            " à caractère terroriste."
        ),
    },
    warnings={
        "notifier": (
            "Si cela continue, nous pouvons mettre vos notifications de côté pendant un certain temps : article"
            " 23, paragraphe 2, du règlement (UE) 2022/2065."
        ),
        "complainant": (
            "Si cela continue, nous pouvons mettre vos réclamations de côté pendant un certain temps : article 23,"
            " paragraphe 2, du règlement (UE) 2022/2065."
        ),
        "uploader": (
            "Si cela continue, nous pouvons suspendre votre compte pendant un certain temps : article 23,"
            " paragraphe 1, du règlement (UE) 2022/2065."
        ),
    },
    gravity="La gravité : {words}",
    intention="Ce qui peut être dit de l’intention : {words}",
    contest=(
        "Une personne en a décidé, non des moyens automatisés. Si vous pensez que c’est une erreur, répondez-nous"
        " par le point de contact du service."
    ),
    suspension_title="Suspension {number}",
    suspended={
        "notifier": (
            "Comme cela a continué après notre avertissement du {warned}, vos notifications sont mises de côté"
            " jusqu’au {until} : article 23, paragraphe 2, du règlement (UE) 2022/2065. Nous conservons celles que"
            " vous envoyez ; une personne les examine ensuite. Une notification concernant une menace pour la vie"
            " est examinée quand même."
        ),
        "complainant": (
            "Comme cela a continué après notre avertissement du {warned}, vos réclamations sont mises de côté"
            " jusqu’au {until} : article 23, paragraphe 2, du règlement (UE) 2022/2065. Nous conservons celles que"
            " vous envoyez ; une personne en décide ensuite. Une réclamation au titre de l’article 10 du règlement"
            " (UE) 2021/784, ou contre la suspension d’un compte, est traitée quand même."
        ),
        "uploader": (
            "Comme cela a continué après notre avertissement du {warned}, votre compte est suspendu jusqu’au"
            " {until}."
        ),
    },
    lifted_title="La suspension {number} est levée",
    lifted={
        "notifier": (
            "À partir du {day}, vos notifications sont de nouveau examinées, y compris celles mises de côté."
        ),
        "complainant": (
            "À partir du {day}, vos réclamations sont de nouveau traitées, y compris celles mises de côté."
        ),
        "uploader": "Votre compte n’est plus suspendu à partir du {day}.",
    },
    account_suspended=(
        "Votre compte a été suspendu le {day} à {time} UTC, partout où le service peut être utilisé."
    ),
    account_ends=(
        "La suspension prend fin d’elle-même le {day} à {time} UTC, et plus tôt si elle est annulée."
    ),
    contents="Sont comptés : {contents}",
    contents_more="et {count} autres.",
    warned=("Nous vous avons averti le {day} ; ce qui a été publié ensuite est compté."),
    found_by_machine="Des moyens automatisés ont servi à trouver ce que vous avez publié.",
    found_by_person="Aucun moyen automatisé n’a servi à trouver ce que vous avez publié.",
    ground=(
        "Nous suspendons les comptes qui fournissent fréquemment des contenus manifestement illicites, après un"
        " avertissement : article 23, paragraphe 1, du règlement (UE) 2022/2065. Sont comptés les contenus à"
        " caractère terroriste au sens de l’article 2, point 7), du règlement (UE) 2021/784."
    ),
    database_facts=(
        "Des personnes ont jugé plusieurs contenus de ce compte manifestement illicites, chacun examiné séparément"
        " : des contenus à caractère terroriste. Cela a continué après un avertissement."
    ),
    complaint_set_aside=(
        "Nous avons reçu votre réclamation. Elle est mise de côté jusqu’au {until}, parce que vos réclamations"
        " sont suspendues après un avertissement : article 23, paragraphe 2, du règlement (UE) 2022/2065. Une"
        " personne en décide ensuite ; vous aurez une réponse motivée au plus tard le {day}."
    ),
)
