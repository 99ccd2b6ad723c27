"""The texts that go with what we send, in the languages that we write: pure, from facts.

They say what the Regulation says and where, and nothing about the content.
"""

from collections.abc import Mapping

LETTER_LANGUAGES = ("en", "fr")

_SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "prior_information": {
        "en": "Removal orders under Regulation (EU) 2021/784: procedures and deadlines",
        "fr": "Injonctions de retrait, règlement (UE) 2021/784 : procédures et délais",
    },
    "order": {"en": "Removal order: {reference}", "fr": "Injonction de retrait : {reference}"},
    "clarification": {
        "en": "Removal order, clarification: {reference}",
        "fr": "Injonction de retrait, clarification : {reference}",
    },
    "correction": {
        "en": "Removal order, correction: {reference}",
        "fr": "Injonction de retrait, rectification : {reference}",
    },
    "silence_extended": {
        "en": "Removal order, non-disclosure extended: {reference}",
        "fr": "Injonction de retrait, confidentialité prolongée : {reference}",
    },
    "withdrawal": {
        "en": "Removal order withdrawn: {reference}",
        "fr": "Injonction de retrait annulée par son auteur : {reference}",
    },
    "home_copy": {
        "en": "Copy of a removal order, Article 4(1): {reference}",
        "fr": "Copie d’une injonction de retrait, article 4, paragraphe 1 : {reference}",
    },
    "home_withdrawal": {
        "en": "Removal order without effect: {reference}",
        "fr": "Injonction de retrait sans effet : {reference}",
    },
    "home_finality": {
        "en": "Removal order final, Article 3(9): {reference}",
        "fr": "Injonction de retrait définitive, article 3, paragraphe 9 : {reference}",
    },
}

_BODIES: Mapping[str, Mapping[str, str]] = {
    "prior_information": {
        "en": (
            "To {provider}\n\n"
            "{authority} may issue removal orders to you under Article 3 of Regulation (EU) 2021/784. As it has issued"
            " none to you before, Article 3(2) asks it to inform you of procedures and deadlines at least twelve hours"
            " ahead.\n\n"
            "1. An order comes to your contact point by means of the form of Annex I. You have to remove the content,"
            " or disable access to it in all Member States, as soon as possible and in any event within one hour of"
            " receipt (Article 3(3)).\n"
            "2. You inform us without undue delay of the removal and of its time, by Annex II (Article 3(6)).\n"
            "3. If force majeure or de facto impossibility prevents you, or if the order has manifest errors or does"
            " not say enough, you inform us without undue delay by Annex III. The hour begins when the reason ceases,"
            " or when our clarification is received (Article 3(7) and (8)).\n"
            "4. You preserve the content and related data for six months (Article 6), and inform the content provider,"
            " unless the order says that you must not (Article 11).\n"
            "5. You may challenge an order before the courts of our Member State (Article 9), and, when we are in"
            " another Member State than yours, ask your own authority to scrutinise it within 48 hours (Article 4).\n\n"
            "We answer at {email}. Please tell us if orders should reach you another way than this.\n\n{authority}\n"
        ),
        "fr": (
            "À {provider}\n\n"
            "{authority} peut vous adresser des injonctions de retrait en vertu de l’article 3 du règlement (UE)"
            " 2021/784. Comme elle ne vous en a encore adressé aucune, l’article 3, paragraphe 2, lui demande de vous"
            " informer des procédures et des délais au moins douze heures à l’avance.\n\n"
            "1. Une injonction parvient à votre point de contact au moyen du formulaire de l’annexe I. Vous devez"
            " retirer le contenu, ou en bloquer l’accès dans tous les États membres, dès que possible et en tout état"
            " de cause dans un délai d’une heure à compter de la réception (article 3, paragraphe 3).\n"
            "2. Vous nous informez sans retard indu du retrait et de son heure, par l’annexe II (article 3,"
            " paragraphe 6).\n"
            "3. Si la force majeure ou une impossibilité de fait vous en empêche, ou si l’injonction contient des"
            " erreurs manifestes ou ne suffit pas, vous nous en informez sans retard indu par l’annexe III. L’heure"
            " court dès que le motif cesse, ou que notre clarification est reçue (article 3, paragraphes 7 et 8).\n"
            "4. Vous conservez le contenu et les données connexes pendant six mois (article 6), et informez le"
            " fournisseur de contenus, sauf si l’injonction l’interdit (article 11).\n"
            "5. Vous pouvez contester une injonction devant les juridictions de notre État membre (article 9) et,"
            " si nous sommes dans un autre État membre que vous, demander à votre propre autorité de l’examiner dans"
            " les 48 heures (article 4).\n\n"
            "Nous répondons à {email}. Dites-nous si les injonctions doivent vous parvenir autrement.\n\n{authority}\n"
        ),
    },
    "order": {
        "en": (
            "Removal order {reference} under Article 3 of Regulation (EU) 2021/784 is attached as PDF and as JSON."
            " Within one hour of receipt, remove the content or disable access to it in all Member States, and answer"
            " to {email} by Annex II or Annex III.\n{withheld}\nPlease confirm receipt.\n\n{authority}\n"
        ),
        "fr": (
            "L’injonction de retrait {reference}, article 3 du règlement (UE) 2021/784, est jointe en PDF et en JSON."
            " Dans un délai d’une heure à compter de la réception, retirez le contenu ou bloquez-en l’accès dans tous"
            " les États membres, et répondez à {email} par l’annexe II ou III.\n{withheld}\nMerci de confirmer la"
            " réception.\n\n{authority}\n"
        ),
    },
    "clarification": {
        "en": (
            "You asked for clarification of removal order {reference}. The order as clarified is attached. The hour"
            " begins anew when you receive this (Article 3(8)).\n{withheld}\n{authority}\n"
        ),
        "fr": (
            "Vous avez demandé une clarification de l’injonction de retrait {reference}. L’injonction clarifiée est"
            " jointe. L’heure court à nouveau dès réception de la présente (article 3, paragraphe 8).\n{withheld}\n"
            "{authority}\n"
        ),
    },
    "correction": {
        "en": (
            "Removal order {reference} is corrected; it is attached as it should read. Its hour runs on.\n{withheld}\n"
            "{authority}\n"
        ),
        "fr": (
            "L’injonction de retrait {reference} est rectifiée ; elle est jointe telle qu’elle doit se lire. L’heure"
            " continue de courir.\n{withheld}\n{authority}\n"
        ),
    },
    "silence_extended": {
        "en": (
            "Our decision under Article 11(3) of Regulation (EU) 2021/784 about removal order {reference} is extended"
            " by six weeks.\n{withheld}\n{authority}\n"
        ),
        "fr": (
            "Notre décision au titre de l’article 11, paragraphe 3, du règlement (UE) 2021/784 concernant l’injonction"
            " de retrait {reference} est prolongée de six semaines.\n{withheld}\n{authority}\n"
        ),
    },
    "withdrawal": {
        "en": (
            "We withdraw removal order {reference}. It has no effect any more: please give the content back, unless"
            " you keep it down for reasons of your own.\n\nReason: {reason}\n\n{authority}\n"
        ),
        "fr": (
            "Nous retirons l’injonction de retrait {reference}. Elle n’a plus d’effet : veuillez rétablir le contenu,"
            " sauf si vous le bloquez pour des raisons qui vous sont propres.\n\nMotif : {reason}\n\n{authority}\n"
        ),
    },
    "home_copy": {
        "en": (
            "{authority} issues removal order {reference} to {provider}, whose main establishment or legal"
            " representative is in your Member State. The copy under Article 4(1) of Regulation (EU) 2021/784 is"
            " attached. You may scrutinise it within 72 hours (Article 4(3)).\n"
        ),
        "fr": (
            "{authority} adresse l’injonction de retrait {reference} à {provider}, dont l’établissement principal ou"
            " le représentant légal est dans votre État membre. La copie prévue à l’article 4, paragraphe 1, du"
            " règlement (UE) 2021/784 est jointe. Vous pouvez l’examiner dans les 72 heures (article 4,"
            " paragraphe 3).\n"
        ),
    },
    "home_withdrawal": {
        "en": (
            "Removal order {reference} to {provider}, of which you have a copy, has no effect any more.\n\n"
            "Reason: {reason}\n\n{authority}\n"
        ),
        "fr": (
            "L’injonction de retrait {reference} à {provider}, dont vous avez copie, n’a plus d’effet.\n\n"
            "Motif : {reason}\n\n{authority}\n"
        ),
    },
    "home_finality": {
        "en": (
            "Removal order {reference} to {provider}, of which you have a copy, became final on {final_at} (Article"
            " 3(9) of Regulation (EU) 2021/784).\n\n{authority}\n"
        ),
        "fr": (
            "L’injonction de retrait {reference} à {provider}, dont vous avez copie, est devenue définitive le"
            " {final_at} (article 3, paragraphe 9, du règlement (UE) 2021/784).\n\n{authority}\n"
        ),
    },
}

_WITHHELD = {
    "en": "\nYou must not inform the content provider until {until} (Article 11(3)).\n",
    "fr": "\nVous devez vous abstenir d’informer le fournisseur de contenus jusqu’au {until} (article 11, § 3).\n",
}


def language_for(languages: str) -> str:
    """The first language of a provider that we write, else English."""
    wanted = languages.lower().replace(",", " ").split()
    return next((one for one in wanted if one in LETTER_LANGUAGES), "en")


def subject_of(kind: str, language: str, facts: Mapping[str, str]) -> str:
    """The subject of a letter, on one line."""
    return " ".join(_SUBJECTS[kind][language].format_map(_Facts(facts)).split())


def text_of(kind: str, language: str, facts: Mapping[str, str]) -> str:
    """The text of a letter. `until`, when given, forbids to inform the content provider until then."""
    until = facts.get("until", "")
    withheld = _WITHHELD[language].format(until=until) if until else ""
    return _BODIES[kind][language].format_map(_Facts({**facts, "withheld": withheld}))


class _Facts(dict[str, str]):
    """A fact that nobody gave is an empty text."""

    def __missing__(self, key: str) -> str:
        return ""
