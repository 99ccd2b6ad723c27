"""Letters to users in English.

It translates nothing: the text stands as people wrote it.
"""

from vigie.redress import wording_misuse_en
from vigie.redress.wording import Wording

WORDING = Wording(
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    day_format="{day} {month} {year}",
    title="Statement of reasons {number}",
    heading_what="WHAT WAS DECIDED",
    measures={
        "hide": "Access to what you published, {content}, was disabled.",
        "remove": "What you published, {content}, was removed.",
        "remove_and_suspend": "What you published, {content}, was removed.",
    },
    account_suspended="Your account was suspended.",
    decided_at="This was decided on {day} at {time} UTC.",
    territory_and_duration=(
        "It applies everywhere the service can be used, and for an unlimited time unless it is reversed."
    ),
    heading_facts="WHY: THE FACTS",
    facts_seen_illegal=(
        "A person looked at it and found that it is terrorist content within the meaning of the law named below."
    ),
    facts_seen_terms="A person looked at it and found that it is not compatible with the terms named below.",
    facts_copy=(
        "It is a copy of material that two persons, independently of each other, had confirmed to be terrorist content."
    ),
    source_own_initiative="We found it by our own checks, not because somebody reported it.",
    source_notice="It was reported to us in a notice under Article 16 of Regulation (EU) 2022/2065.",
    source_trusted_flagger=(
        "It was reported to us by a trusted flagger in a notice under Articles 16 and 22 of Regulation (EU) 2022/2065."
    ),
    source_referral=(
        "Somebody drew our attention to it otherwise than by a notice under Article 16 of Regulation (EU) 2022/2065."
        " We looked into it on our own initiative."
    ),
    heading_automation="AUTOMATED MEANS",
    detected_by_machine="Automated means were used to find it.",
    detected_by_person="No automated means were used to find it.",
    decided_by_machine="The decision was taken by automated means.",
    decided_by_person="The decision was taken by a person, not by automated means.",
    heading_ground="THE GROUND",
    ground_law=(
        "We regard it as illegal content: terrorist content as defined in Article 2(7)({letter}) of Regulation (EU)"
        " 2021/784, read with Directive (EU) 2017/541."
    ),
    why_law="The reason: {what}",
    legal_types={
        "a": (
            "it incites to terrorist offences, such as by glorifying terrorist acts, and so causes a danger that one or"
            " more of them may be committed."
        ),
        "b": "it solicits a person or a group of persons to commit terrorist offences or to contribute to them.",
        "c": "it solicits a person or a group of persons to take part in the activities of a terrorist group.",
        "d": (
            "it gives instruction on making or using explosives, weapons, or noxious or hazardous substances, or on"
            " other methods or techniques, for the purpose of terrorist offences."
        ),
        "e": "it threatens to commit a terrorist offence.",
    },
    ground_terms="It is not compatible with our terms: {clause}",
    why_terms="The reason: what was published is of the kind that this clause excludes.",
    terms_default="the clause on terrorist content and its promotion.",
    heading_redress="WHAT YOU CAN DO",
    redress_complaint=(
        "You can complain to us, free of charge, within six months. A person who did not take this decision will look"
        " at it anew. Use the private link that came with this statement; you need no account for it."
    ),
    redress_dispute_body=(
        "You can turn to an out-of-court dispute settlement body certified under Article 21 of Regulation (EU)"
        " 2022/2065."
    ),
    redress_court="You can go to court.",
    complaint_title="Your complaint {number}",
    complaint_received="We received your complaint. You will have a reasoned answer by {day}.",
    complaint_outcomes={
        "upheld": "We looked at it anew. The decision stands.",
        "partial": "We looked at it anew. The decision was changed in part.",
        "reversed": (
            "We looked at it anew. The decision was wrong and has been reversed: what it took away is given back."
        ),
    },
    complaint_reasons="Our reasons: {reasons}",
    complaint_redress=(
        "If you do not agree, you can turn to an out-of-court dispute settlement body certified under Article 21 of"
        " Regulation (EU) 2022/2065, or go to court."
    ),
    complaint_person="This was decided by a person who had not taken the first decision.",
    notice_title="Your notice {number}",
    notice_received="We received your notice on {day}. A person looks at it. You will be told what was decided.",
    notice_outcomes={
        "no_action": "Nothing was done about the content.",
        "acted_law": "The content was restricted, because it is illegal.",
        "acted_terms": "The content was restricted, because our terms do not allow it.",
    },
    notice_decided="What was decided about it on {day}:",
    notice_person="A person decided this. Automated means did not decide it.",
    notice_redress=(
        "If you do not agree, you can object to us, free of charge, within six months, under the"
        " private address below; turn to an out-of-court dispute settlement body certified under"
        " Article 21 of Regulation (EU) 2022/2065; or go to court."
    ),
    notice_link="The private address of your notice. Give it to nobody: {link}",
    order_title="What you published was taken down because of a removal order",
    order_measures={
        "removed": "What you published, {content}, was removed.",
        "disabled": (
            "Access to what you published, {content}, was disabled in all Member States of the European"
            " Union."
        ),
    },
    order_cause=(
        "An authority ordered this by a removal order under Article 3 of Regulation (EU) 2021/784. It"
        " was not our own decision."
    ),
    order_ask=(
        "On request we tell you the reasons of the authority and how its order can be challenged, or"
        " give you a copy of the order. Use the private link that came with this letter; you need no"
        " account for it."
    ),
    order_reasons_title="The reasons of the removal order",
    order_issued="Issuing authority: {authority}, {state}. Reference: {reference}. Issued: {issued}.",
    order_types=(
        "The authority regards it as terrorist content within the meaning of Article 2(7) of"
        " Regulation (EU) 2021/784, because:"
    ),
    order_more_reasons="Further reasons of the authority: {reasons}",
    order_redress="You can challenge the order before the courts of the Member State of the issuing authority.",
    order_redress_body="Competent body or court named in the order: {body}",
    order_redress_deadline="Deadline named in the order: {deadline}",
    order_redress_provisions="National provisions: {provisions}",
    order_scrutiny=(
        "Where the order came from another Member State than that of the service, you can ask the"
        " authority of the service's Member State to scrutinise it, within 48 hours of being"
        " informed."
    ),
    misuse=wording_misuse_en.WORDING,
)
