"""What is said in Spanish about frequent misuse: warnings, suspensions, their end.

It translates nothing: words of the person who decided stand as they wrote them.
"""

from vigie.redress.wording import MisuseWording

WORDING = MisuseWording(
    warning_title="Advertencia {number}",
    counted={
        "notifier": (
            "De {total} notificaciones suyas decididas en {days} días, una persona consideró {counted}"
            " manifiestamente infundadas."
        ),
        "complainant": (
            "De {total} reclamaciones suyas decididas en {days} días, una persona consideró {counted}"
            " manifiestamente infundadas."
        ),
        "uploader": (
            "De {total} contenidos que usted publicó en {days} días, en la medida en que los conocemos, una"
            " persona consideró {counted}, cada uno examinado por separado, manifiestamente ilícitos: contenido"
            " terrorista."
        ),
    },
    warnings={
        "notifier": (
            "Si esto continúa, podemos apartar sus notificaciones durante un tiempo: artículo 23, apartado 2, del"
            " Reglamento (UE) 2022/2065."
        ),
        "complainant": (
            "Si esto continúa, podemos apartar sus reclamaciones durante un tiempo: artículo 23, apartado 2, del"
            " Reglamento (UE) 2022/2065."
        ),
        "uploader": (
            "Si esto continúa, podemos suspender su cuenta durante un tiempo: artículo 23, apartado 1, del"
            " Reglamento (UE) 2022/2065."
        ),
    },
    gravity="La gravedad: {words}",
    intention="Lo que puede decirse de la intención: {words}",
    contest=(
        "Lo decidió una persona, no medios automatizados. Si cree que es un error, respóndanos a través del punto"
        " de contacto del servicio."
    ),
    suspension_title="Suspensión {number}",
    suspended={
        "notifier": (
            "Como esto continuó después de nuestra advertencia del {warned}, sus notificaciones quedan apartadas"
            " hasta el {until}: artículo 23, apartado 2, del Reglamento (UE) 2022/2065. Conservamos las que envíe;"
            " después las examina una persona. Una notificación sobre una amenaza para la vida se examina de todos"
            " modos."
        ),
        "complainant": (
            "Como esto continuó después de nuestra advertencia del {warned}, sus reclamaciones quedan apartadas"
            " hasta el {until}: artículo 23, apartado 2, del Reglamento (UE) 2022/2065. Conservamos las que envíe;"
            " después las decide una persona. Una reclamación conforme al artículo 10 del Reglamento (UE)"
            " 2021/784, o sobre la suspensión de una cuenta, se decide de todos modos."
        ),
        "uploader": (
            "Como esto continuó después de nuestra advertencia del {warned}, su cuenta queda suspendida hasta el"
            " {until}."
        ),
    },
    lifted_title="La suspensión {number} se levanta",
    lifted={
        "notifier": ("A partir del {day} sus notificaciones se examinan de nuevo, también las apartadas."),
        "complainant": ("A partir del {day} sus reclamaciones se deciden de nuevo, también las apartadas."),
        "uploader": "Su cuenta ya no está suspendida a partir del {day}.",
    },
    account_suspended=(
        "Su cuenta fue suspendida el {day} a las {time} UTC, en todos los lugares donde puede usarse el servicio."
    ),
    account_ends=("La suspensión termina por sí misma el {day} a las {time} UTC, y antes si se revoca."),
    contents="Se cuentan: {contents}",
    contents_more="y {count} más.",
    warned="Le advertimos el {day}; lo publicado después se cuenta entre ellos.",
    found_by_machine=("Se utilizaron medios automatizados para encontrar lo que usted publicó."),
    found_by_person=("No se utilizaron medios automatizados para encontrar lo que usted publicó."),
    ground=(
        "Suspendemos las cuentas que proporcionan con frecuencia contenidos manifiestamente ilícitos, tras una"
        " advertencia: artículo 23, apartado 1, del Reglamento (UE) 2022/2065. Se cuenta el contenido terrorista"
        " según el artículo 2, punto 7, del Reglamento (UE) 2021/784."
    ),
    database_facts=(
        "Varias personas consideraron manifiestamente ilícitos varios contenidos de esta cuenta, cada uno"
        " examinado por separado: contenido terrorista. Continuó después de una advertencia."
    ),
    complaint_set_aside=(
        "Hemos recibido su reclamación. Queda apartada hasta el {until}, porque sus reclamaciones están"
        " suspendidas tras una advertencia: artículo 23, apartado 2, del Reglamento (UE) 2022/2065. Después la"
        " decide una persona; tendrá una respuesta motivada a más tardar el {day}."
    ),
)
