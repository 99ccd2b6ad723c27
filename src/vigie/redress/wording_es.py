"""Letters to users in Spanish.

It translates nothing: the text stands as people wrote it.
"""

from vigie.redress import wording_misuse_es
from vigie.redress.wording import Wording

WORDING = Wording(
    months=(
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    day_format="{day} de {month} de {year}",
    title="Declaración de motivos {number}",
    heading_what="QUÉ SE DECIDIÓ",
    measures={
        "hide": "Se bloqueó el acceso a lo que usted publicó, {content}.",
        "remove": "Se retiró lo que usted publicó, {content}.",
        "remove_and_suspend": "Se retiró lo que usted publicó, {content}.",
    },
    account_suspended="Se suspendió su cuenta.",
    decided_at="Se decidió el {day} a las {time} UTC.",
    territory_and_duration=(
        "Se aplica dondequiera que pueda usarse el servicio y por tiempo indefinido, salvo que se revoque."
    ),
    heading_facts="POR QUÉ: LOS HECHOS",
    facts_seen_illegal=(
        "Una persona lo examinó y concluyó que es contenido terrorista en el sentido de la norma"
        " citada abajo."
    ),
    facts_seen_terms="Una persona lo examinó y concluyó que no es compatible con las condiciones citadas abajo.",
    facts_copy=(
        "Es una copia de material que dos personas, independientemente una de otra, habían confirmado"
        " como contenido terrorista."
    ),
    source_own_initiative="Lo encontramos con nuestras propias comprobaciones, no porque alguien lo notificara.",
    source_notice=(
        "Se nos comunicó en una notificación con arreglo al artículo 16 del Reglamento (UE) 2022/2065."
    ),
    source_trusted_flagger=(
        "Nos lo comunicó un alertador fiable en una notificación con arreglo a los artículos 16 y 22"
        " del Reglamento (UE) 2022/2065."
    ),
    source_referral=(
        "Alguien nos llamó la atención sobre ello por una vía distinta de una notificación con arreglo al artículo 16"
        " del Reglamento (UE) 2022/2065. Lo examinamos por iniciativa propia."
    ),
    heading_automation="MEDIOS AUTOMATIZADOS",
    detected_by_machine="Se usaron medios automatizados para encontrarlo.",
    detected_by_person="No se usaron medios automatizados para encontrarlo.",
    decided_by_machine="La decisión se tomó con medios automatizados.",
    decided_by_person="La decisión la tomó una persona, no medios automatizados.",
    heading_ground="EL FUNDAMENTO",
    ground_law=(
        "Lo consideramos contenido ilícito: contenido terrorista según el artículo 2, punto 7, letra"
        " {letter}), del Reglamento (UE) 2021/784, en relación con la Directiva (UE) 2017/541."
    ),
    why_law="El motivo: {what}",
    legal_types={
        "a": (
            "incita a cometer delitos de terrorismo, por ejemplo mediante la glorificación de actos"
            " terroristas, y genera así el peligro de que se cometan uno o varios de ellos."
        ),
        "b": (
            "induce a una persona o a un grupo de personas a cometer delitos de terrorismo o a contribuir"
            " a ellos."
        ),
        "c": (
            "induce a una persona o a un grupo de personas a participar en las actividades de un grupo"
            " terrorista."
        ),
        "d": (
            "instruye sobre la fabricación o el uso de explosivos, armas o sustancias nocivas o"
            " peligrosas, o sobre otros métodos o técnicas, para delitos de terrorismo."
        ),
        "e": "amenaza con cometer un delito de terrorismo.",
    },
    ground_terms="No es compatible con nuestras condiciones: {clause}",
    why_terms="El motivo: lo publicado es del tipo que esta cláusula excluye.",
    terms_default="la cláusula sobre contenidos terroristas y su promoción.",
    heading_redress="QUÉ PUEDE HACER",
    redress_complaint=(
        "Puede reclamar ante nosotros, gratuitamente, en un plazo de seis meses. Una persona que no"
        " tomó esta decisión la examinará de nuevo. Utilice el enlace privado que acompaña a esta"
        " declaración; no necesita cuenta."
    ),
    redress_dispute_body=(
        "Puede acudir a un órgano de resolución extrajudicial de litigios certificado con arreglo al"
        " artículo 21 del Reglamento (UE) 2022/2065."
    ),
    redress_court="Puede acudir a los tribunales.",
    complaint_title="Su reclamación {number}",
    complaint_received="Recibimos su reclamación. Tendrá una respuesta motivada a más tardar el {day}.",
    complaint_outcomes={
        "upheld": "Lo examinamos de nuevo. La decisión se mantiene.",
        "partial": "Lo examinamos de nuevo. La decisión se modificó en parte.",
        "reversed": (
            "Lo examinamos de nuevo. La decisión era errónea y se revocó: se devuelve lo que había quitado."
        ),
    },
    complaint_reasons="Nuestros motivos: {reasons}",
    complaint_redress=(
        "Si no está de acuerdo, puede acudir a un órgano de resolución extrajudicial de litigios"
        " certificado con arreglo al artículo 21 del Reglamento (UE) 2022/2065, o a los tribunales."
    ),
    complaint_person="Lo decidió una persona que no había tomado la primera decisión.",
    notice_title="Su notificación {number}",
    notice_received=(
        "Recibimos su notificación el {day}. Una persona la examina. Se le comunicará lo que se decida."
    ),
    notice_outcomes={
        "no_action": "No se hizo nada respecto al contenido.",
        "acted_law": "El contenido se restringió, porque es ilícito.",
        "acted_terms": "El contenido se restringió, porque nuestras condiciones no lo permiten.",
    },
    notice_decided="Lo que se decidió al respecto el {day}:",
    notice_person="Lo decidió una persona, no medios automatizados.",
    notice_redress=(
        "Si no está de acuerdo, puede reclamar ante nosotros, gratuitamente, en un plazo de seis"
        " meses, en la dirección privada indicada abajo; acudir a un órgano de resolución"
        " extrajudicial de litigios certificado con arreglo al artículo 21 del Reglamento (UE)"
        " 2022/2065; o acudir a los tribunales."
    ),
    notice_link="La dirección privada de su notificación. No se la dé a nadie: {link}",
    order_title="Lo que usted publicó ya no es accesible a causa de una orden de retirada",
    order_measures={
        "removed": "Lo que usted publicó, {content}, fue retirado.",
        "disabled": (
            "El acceso a lo que usted publicó, {content}, fue bloqueado en todos los Estados miembros de"
            " la Unión Europea."
        ),
    },
    order_cause=(
        "Lo ordenó una autoridad mediante una orden de retirada con arreglo al artículo 3 del"
        " Reglamento (UE) 2021/784. No fue una decisión nuestra."
    ),
    order_ask=(
        "Si lo solicita, le comunicamos los motivos de la autoridad y cómo puede impugnarse su orden,"
        " o le entregamos una copia de la orden. Utilice el enlace privado que acompaña a esta carta;"
        " no necesita cuenta."
    ),
    order_reasons_title="Los motivos de la orden de retirada",
    order_issued="Autoridad emisora: {authority}, {state}. Referencia: {reference}. Emitida: {issued}.",
    order_types=(
        "La autoridad considera que es contenido terrorista en el sentido del artículo 2, punto 7,"
        " del Reglamento (UE) 2021/784, porque:"
    ),
    order_more_reasons="Otros motivos de la autoridad: {reasons}",
    order_redress=(
        "Puede impugnar la orden ante los órganos jurisdiccionales del Estado miembro de la autoridad"
        " emisora."
    ),
    order_redress_body="Organismo u órgano jurisdiccional competente indicado en la orden: {body}",
    order_redress_deadline="Plazo indicado en la orden: {deadline}",
    order_redress_provisions="Disposiciones nacionales: {provisions}",
    order_scrutiny=(
        "Si la orden procede de otro Estado miembro que el del servicio, puede pedir a la autoridad"
        " del Estado miembro del servicio que la examine, en un plazo de 48 horas desde que se le"
        " informó."
    ),
    misuse=wording_misuse_es.WORDING,
)
