"""Invented people: fixed names and slugs, so that cases and reports can name them."""

from typing import NamedTuple


class Row(NamedTuple):
    """One invented person before birthdays are dealt out."""

    slug: str
    name: str
    first: str
    headline: str
    language: str


# Six who can have their birthday today; the awkward names and slugs come first.
TODAY = [
    Row("marelle-okonvar-4b1c20", "Marelle Okonvar", "Marelle", "Head of Logistics at Brightquay", "en"),
    Row("siobhan-okerrigan-voss", "Siobhán O’Kerrigan-Voss", "Siobhán", "Violin maker · Workshop owner", "en"),
    Row("zoë-hartmeer-77", "Zoë Hartmeer", "Zoë", "Onderzoeker duurzame havens", "nl"),
    Row("ingridfalkenmoor", "Dr. Ingrid Falkenmoor, PhD", "Ingrid", "Leiterin Qualität, Eisenwend GmbH", "de"),
    Row("jb-quessandier-login-12", "Jean-Baptiste Quessandier", "Jean-Baptiste", "Architecte d’intérieur", "fr"),
    Row("tomas-castrellano-9a", "🌱 Tomás Castrellano", "Tomás", "Agrónomo y viverista", "es"),
]
LATE = [  # days since the birthday: 3, 1, 6, 5
    Row("frederic-rosamel", "Frédéric Rosamel", "Frédéric", "Chef de projet ferroviaire", "fr"),
    Row("anneliese-grauvogel-3", "Anneliese Grauvogel", "Anneliese", "Steuerberaterin", "de"),
    Row("percival-dunmarrow", "Percival DUNMARROW", "Percival", "Clockmaker, teacher, 10 years at Wexcombe", "en"),
    Row("lucia-iturbena-58f", "Lucía Iturbeña", "Lucía", "Ingeniera de puentes", "es"),
]
OLD = [  # days since the birthday: 12, 9, 16
    Row("a-vaudrelin-7c", "Armand Vaudrelin", "Armand", "Responsable paie", "fr"),
    Row("wilhelmina-yarrowby", "Wilhelmina Yarrowby", "Wilhelmina", "Archivist", "en"),
    Row("octave-fontclaire-1d", "Octave Fontclaire", "Octave", "Chef pâtissier", "fr"),
]
SOON = [  # days until the birthday: 1, 2, 5, 9
    Row("bram-ulverstadt", "Bram Ulverstadt", "Bram", "Product owner", "nl"),
    Row("nerea-zembrano", "Nerea Zembrano", "Nerea", "Traductora jurada", "es"),
    Row("hollis-brackenhurst", "Hollis Brackenhurst", "Hollis", "Today’s the day: founder at Dayspring", "en"),
    Row("corinna-eisenwend-2", "Corinna Eisenwend", "Corinna", "Einkauf", "de"),
]
OTHER = [
    Row("tobias-lindqvale", "Tobias Lindqvale", "Tobias", "Backend engineer", "en"),
    Row("julien-abellaria", "Julien Abellaria", "Julien", "Directeur commercial", "fr"),
    Row("maud-corvinelle-90", "Maud Corvinelle", "Maud", "Chargée de recrutement", "fr"),
    Row("jane-doewell-1234", "Jane Doewell", "Jane", "Nurse practitioner", "en"),
    Row("janet-doewell", "Janet Doewell", "Janet", "Paediatric nurse", "en"),
    Row("kasper-moravetz", "Kasper Moravetz", "Kasper", "Geschäftsführer", "de"),
    Row("ines-tanvaria-5", "Inés Tanvaria", "Inés", "Periodista", "es"),
    Row("rufus-wexcombe", "Rufus Wexcombe", "Rufus", "Ships in 30 days or less", "en"),
    Row("odalys-belwick", "Odalys Belwick", "Odalys", "Illustrator", "en"),
    Row("femke-hollowell-8c", "Femke Hollowell", "Femke", "HR-adviseur", "nl"),
    Row("anselm-drosselau", "Anselm Drosselau", "Anselm", "Orgelbauer", "de"),
    Row("perrine-valcourtel", "Perrine Valcourtel", "Perrine", "Notaire", "fr"),
    Row("matias-orrantegui", "Matías Orrantegui", "Matías", "Capitán de puerto", "es"),
    Row("gwendolen-ashfarrow", "Gwendolen Ashfarrow", "Gwendolen", "Solicitor", "en"),
    Row("li-weixuan-0a", "李 Weixuan", "Weixuan", "Supply planning", "en"),
    Row("m-duvanel", "M. Duvanel", "M.", "Consultant", "fr"),
    Row("sunniva-brekkestad", "Sunniva Brekkestad", "Sunniva", "Glaciologist", "en"),
    Row("pieter-van-osterdal", "Pieter van Osterdal", "Pieter", "Bloemist", "nl"),
    Row("cosima-reutlanger", "Cosima Reutlanger", "Cosima", "Dramaturgin", "de"),
    Row("alaric-penhaven", "Alaric Penhaven", "Alaric", "Birthday cake baker", "en"),
    Row("beatriz-solvarez", "Beatriz Solvarez", "Beatriz", "Farmacéutica", "es"),
]
NO_BIRTHDAY = [
    Row("estelle-morvandieu", "Estelle Morvandieu", "Estelle", "Libraire", "fr"),
    Row("dashiell-quorn", "Dashiell Quorn", "Dashiell", "Surveyor", "en"),
]
SECOND = [
    Row("oriane-sableroux", "Oriane Sableroux", "Oriane", "Consultante SEO", "fr"),
    Row("victor-halberdane", "Victor Halberdane", "Victor", "Happy birthday to my team today!", "en"),
    Row("ludmila-cerveniak", "Ludmila Cerveniak", "Ludmila", "Data analyst", "en"),
]

# Strangers for the rail, the search and the sent invitations are combinations of these.
FIRSTS = [
    "Aldous",
    "Bettina",
    "Caspian",
    "Delphine",
    "Ewout",
    "Fiorella",
    "Gideon",
    "Hedwig",
    "Ilario",
    "Jocasta",
    "Kerensa",
    "Leopold",
    "Mirabel",
    "Nicodème",
    "Ottilie",
    "Prosper",
    "Quillon",
    "Rosalba",
    "Severin",
    "Tamsin",
    "Ulrike",
    "Valentin",
    "Winifred",
    "Xavière",
    "Yorick",
    "Zelda",
]
LASTS = [
    "Ambervale",
    "Brindlewood",
    "Castermont",
    "Dovecroft",
    "Elmhardt",
    "Farrowmere",
    "Gildenast",
    "Havencroft",
    "Islabrook",
    "Jarnevik",
    "Kettlemoor",
    "Larkspire",
    "Montavel",
    "Nettlecombe",
    "Ormsdale",
    "Pellingrove",
    "Quarrendon",
    "Ravensholt",
    "Sandleford",
    "Thornquist",
    "Umberleigh",
    "Vandermoss",
    "Willowmarch",
]
