"""The Member States by their names in the languages of the forms: an annex may write either the code or the name.

It knows these names and no other; whatever else is written is handed on as it is, and a person reads it.
"""

# Source: Unicode CLDR, and the names of the Union where they differ.
_NAMES: dict[str, tuple[str, ...]] = {
    "AT": ("Austria", "Autriche", "Österreich"),
    "BE": ("Belgium", "Belgique", "Belgien", "Bélgica", "Belgio"),
    "BG": ("Bulgaria", "Bulgarie", "Bulgarien"),
    "CY": ("Cyprus", "Chypre", "Zypern", "Chipre", "Cipro"),
    "CZ": (
        "Czechia",
        "Tchéquie",
        "Tschechien",
        "Chequia",
        "Cechia",
        "Czech Republic",
        "République tchèque",
        "Tschechische Republik",
        "República Checa",
        "Repubblica ceca",
    ),
    "DE": ("Germany", "Allemagne", "Deutschland", "Alemania", "Germania"),
    "DK": ("Denmark", "Danemark", "Dänemark", "Dinamarca", "Danimarca"),
    "EE": ("Estonia", "Estonie", "Estland"),
    "EL": ("Greece", "Grèce", "Griechenland", "Grecia"),
    "ES": ("Spain", "Espagne", "Spanien", "España", "Spagna"),
    "FI": ("Finland", "Finlande", "Finnland", "Finlandia"),
    "FR": ("France", "Frankreich", "Francia"),
    "HR": ("Croatia", "Croatie", "Kroatien", "Croacia", "Croazia"),
    "HU": ("Hungary", "Hongrie", "Ungarn", "Hungría", "Ungheria"),
    "IE": ("Ireland", "Irlande", "Irland", "Irlanda"),
    "IT": ("Italy", "Italie", "Italien", "Italia"),
    "LT": ("Lithuania", "Lituanie", "Litauen", "Lituania"),
    "LU": ("Luxembourg", "Luxemburg", "Luxemburgo", "Lussemburgo"),
    "LV": ("Latvia", "Lettonie", "Lettland", "Letonia", "Lettonia"),
    "MT": ("Malta", "Malte"),
    "NL": ("Netherlands", "Pays-Bas", "Niederlande", "Países Bajos", "Paesi Bassi"),
    "PL": ("Poland", "Pologne", "Polen", "Polonia"),
    "PT": ("Portugal", "Portogallo"),
    "RO": ("Romania", "Roumanie", "Rumänien", "Rumanía"),
    "SE": ("Sweden", "Suède", "Schweden", "Suecia", "Svezia"),
    "SI": ("Slovenia", "Slovénie", "Slowenien", "Eslovenia"),
    "SK": ("Slovakia", "Slovaquie", "Slowakei", "Eslovaquia", "Slovacchia"),
}


def state_named(text: str) -> str:
    """The code of the Member State that is written so, alone or with its code behind; else the text itself."""
    plain = text.replace("'", "’").casefold().strip(" .")
    name, _, code = plain.partition("(")
    found = _CODES.get(name.strip())
    behind = code.strip(" )").upper().replace("GR", "EL")
    return found if found and behind in ("", found) else text


_CODES = {name.casefold(): code for code, names in _NAMES.items() for name in names}
