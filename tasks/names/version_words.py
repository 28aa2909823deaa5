"""Words that set a recording apart ("Live", "Lower key"), as a table, each row with its real name."""

# ruff: noqa: E501  (a table's row stays on one line)

from __future__ import annotations

from typing import NamedTuple


class Variant(NamedTuple):
    """Words that set a recording apart and are no part of its title; no label: as written."""

    label: str
    words: tuple[str, ...]
    example: str


VARIANTS: tuple[Variant, ...] = (
    Variant("Live", ("live", "en vivo", "ao vivo", "en directo", "dal vivo", "en public", "en concert", "live version", "unplugged", "mtv unplugged", "in concert", "koncert", "ライブ"), "Randy Travis - Nowhere Man (Live)"),
    Variant("Acoustic", ("acoustic", "acústico", "acoustique", "akustik", "akustisch", "acustico", "acustica", "acoustic version", "stripped"), "Imagine Dragons - Demons (Acoustic)"),
    Variant("Piano", ("piano version", "piano karaoke", "piano", "piano acoustic", "karaoke piano"), "Say Something - A Great Big World (Karaoke Piano Version)"),
    Variant("Remix", ("remix", "mix", "rmx", "club mix", "dub mix", "bootleg", "mashup", "rework", "refix"), "Tatay - Otab Inalab (Reggae Remix)"),
    Variant("", ("edit", "radio edit", "single edit", "rvzn edit"), "Underworld - Born Slippy (Radio Edit)"),
    Variant("Radio Version", ("radio version", "radio mix"), 'Hero (Radio Version) in the Style of "Enrique Iglesias"'),
    Variant("Extended", ("extended", "extended version", "extended mix", "long version", "maxi version"), "New Order - Blue Monday (Extended)"),
    Variant("Remastered", ("remaster", "remastered", "remasterizado", "4k remaster", "digital remaster"), "David Bowie - Heroes (2017 Remaster)"),
    Variant("", ("album version", "single version", "main version", "original version", "movie version", "film version", "studio version", "short version", "full version", "lp version", "soundtrack version", "original mix"), "Girl on Fire (Main Version) - Alicia Keys"),
    Variant("Demo", ("demo", "demo version", "outtake", "rehearsal"), "Nirvana - Sappy (Demo)"),
    Variant("A Cappella", ("a cappella", "acapella", "acappella", "a capella"), "Pentatonix - Hallelujah (A Cappella)"),
    Variant("Multiplex", ("multiplex", "mpx"), "Queen - Radio Ga Ga (Multiplex)"),
    Variant("Vocals only", ("vocals only", "isolated vocals", "vocal only"), "Queen - Under Pressure (Vocals Only)"),
    Variant("", ("no intro", "short", "alt", "alternate", "alternate version", "v2", "v3", "shortened"), "Queen - Radio Ga Ga (No Intro)"),
    Variant("Reprise", ("reprise",), "The Beatles - Sgt. Pepper's Lonely Hearts Club Band (Reprise)"),
    Variant("Duet", ("duet", "duet version", "dueto", "duett", "duo", "song ca", "düet"), "MJM10-01 - Temp - The Beat Goes On [duet]"),
    Variant("Guide vocal", ("guide vocal", "with lead vocal", "with lead vocals", "full vocal", "full vocal version", "vocal version", "with vocals", "with vocal", "guide melody", "con voz guía", "voz guía", "vocal guide", "vocal 30"), "Uninvited in the Style of \"Alanis Morissette\" with lyrics (with lead vocal)"),
    Variant("Backing vocals", ("with backing vocals", "base con cori", "con cori", "mit chor", "with bv", "backing vocals", "with background vocals", "con coros", "com coros", "avec choeurs", "with harmony", "with harmonies", "có bè"), "Drama - G-Dragon (Karaoke Version With Backing Vocals)"),
    Variant("Female key", ("female key", "female version", "female", "tone nữ", "tông nữ", "tono mujer", "tono femenino", "nada cewek", "nada wanita", "key of female", "girl key"), "Sa Aking Pag-iisa - Cinderella (Karaoke Female Key)"),
    Variant("Male key", ("male key", "male version", "male", "tone nam", "tông nam", "tono hombre", "tono masculino", "nada cowok", "nada pria", "boy key"), "Tái Sinh - Tùng Dương (Karaoke Tone Nam)"),
    Variant("Lower key", ("lower key", "low key", "tono bajo", "tom mais baixo", "hạ tone", "hạ tông", "key down"), "Marc Anthony - Vivir Mi Vida - KARAOKE Tono Bajo"),
    Variant("Higher key", ("higher key", "high key", "tono alto", "nâng tone", "key up"), "Someone Like You - Adele (Karaoke Higher Key)"),
    Variant("Original key", ("original key", "tono original", "tom original", "tone gốc", "nada asli", "nada dasar"), "Perfect - Ed Sheeran (Karaoke Original Key)"),
    Variant("Slowed", ("slowed", "slowed reverb", "slowed and reverb", "slowed down"), "The Weeknd - After Hours (slowed + reverb)"),
    Variant("Sped up", ("sped up", "speed up", "nightcore"), "Lady Gaga - Bloody Mary (sped up)"),
    Variant("Lo-fi", ("lofi", "lo fi", "lo fi version"), "Joji - Sanctuary (lofi)"),
    Variant("Medley", ("medley version",), "ABBA - Mamma Mia! (Medley Version)"),
    Variant("Re-recorded", ("re recorded", "rerecorded", "taylors version", "re recording"), "Taylor Swift - Love Story (Taylor's Version)"),
    Variant("Spanish version", ("spanish version", "versión en español", "version en espanol", "en español version", "versión español"), "Christina Aguilera - Genio atrapado (Spanish Version)"),
    Variant("English version", ("english version", "english ver", "versión en inglés", "english"), "BTS - Idol (English Version)"),
    Variant("Session", ("bbc session", "session", "sessions", "peel session", "studio session", "live lounge"), "Kirsty MacColl - Walk Right Back [BBC Session]"),
    Variant("Live", ("en direct", "en direct live", "na żywo", "canlı", "canlı performans", "live performans", "наживо", "концерт", "живой звук", "בהופעה", "בהופעה חיה", "לייב", "مباشر", "من حفلة", "ζωντανά", "ao vivo em", "現場版", "现场版", "現場", "ライブ版", "라이브", "live version", "canlı kayıt", "на живо", "uživo", "live på"), "Sezen Aksu - Firuze (Canlı Performans)"),
    Variant("Acoustic", ("acoustic karaoke", "versi akustik", "акустика", "акустическая версия", "אקוסטי", "גרסה אקוסטית", "ακουστικό", "アコースティック", "아쿠스틱", "어쿠스틱", "不插電", "不插电", "akustik versiyon", "bản acoustic", "karaoke acoustic"), "Separuh Aku - Noah (Versi Akustik)"),
    Variant("Remix", ("ремикс", "רמיקס", "ريمكس", "リミックス", "리믹스", "混音版", "dj版", "koplo remix", "dj remix"), "Кино - Группа крови (Ремикс)"),
    Variant("Duet", ("duetto", "versione duo", "versión dueto", "karaoke duet version", "дуэт", "дует", "דואט", "ντουέτο", "합창", "合唱", "對唱", "对唱", "デュエット", "song ca nam nữ", "karaoke song ca", "tone song ca", "tonos duo", "duetto version"), "Albachiara - Vasco Rossi (Duetto)"),
    Variant("Guide vocal", ("melody guide", "with melody guide", "with guide melody", "with guide vocal", "avec voix guide", "voix guide", "mit leitstimme", "con guida", "con voce guida", "com voz guia", "с голосом", "с вокалом", "導唱", "导唱", "ガイドボーカル", "ガイドボーカル付き", "가이드 보컬", "có ca mẫu", "hát mẫu", "vocal 10", "vocal 20", "vocal 50"), "Queen - Radio Ga Ga (Melody Guide)"),
    Variant("Backing vocals", ("бэк вокал", "бэк", "с бэк вокалом", "с бэками", "бек вокал", "бек", "з бек вокалом", "з беком", "з беками", "karaoke con coros", "com back vocal", "com backing vocal", "avec choeur", "karaoke con cori", "cori", "solo cori", "met koortjes", "met achtergrondkoor", "z chórkami", "z chórkiem", "コーラス付き", "コーラス入り", "코러스 포함", "mit backing vocals"), "Albachiara - Vasco Rossi (karaoke con cori)"),
    Variant("Female key", ("tom feminino", "tonalité femme", "frauentonart", "tonalità femminile", "tono donna", "женская тональность", "жіноча тональність", "bayan tonu", "kadın tonu", "סולם נשי", "คีย์ผู้หญิง", "giọng nữ", "tone nữ trầm", "tone nữ cao", "karaoke tone nữ", "karaoke nữ", "여자 키", "여자키", "女性キー", "女キー", "女调", "女調", "女key", "女生版", "nada cewek", "nada wanita", "karaoke nada wanita", "versi wanita", "para mujer", "tonacja damska", "female karaoke", "karaoke for female"), "Tái Sinh - Tùng Dương (Karaoke Giọng Nữ)"),
    Variant("Male key", ("tom masculino", "tonalité homme", "männertonart", "tonalità maschile", "tono uomo", "мужская тональность", "чоловіча тональність", "erkek tonu", "סולם גברי", "คีย์ผู้ชาย", "giọng nam", "tone nam trầm", "tone nam cao", "karaoke tone nam", "karaoke nam", "남자 키", "남자키", "男性キー", "男キー", "男调", "男調", "男key", "男生版", "karaoke nada pria", "versi pria", "para hombre", "tonacja męska", "male karaoke", "karaoke for male"), "Tái Sinh - Tùng Dương (Karaoke Giọng Nam)"),
    Variant("Lower key", ("tono más grave", "más grave", "tom abaixo", "plus bas", "tiefer", "più basso", "tonalità più bassa", "lager", "niżej", "на тон ниже", "на полтона ниже", "пониженная тональность", "на тон нижче", "τόνο κάτω", "טון נמוך", "nada rendah", "tone trầm", "tone thấp", "降调", "降調", "降key", "降半音", "キー下げ", "半音下げ", "키 낮춤", "lowered key", "karaoke lower key"), "Marc Anthony - Vivir Mi Vida (tono más grave)"),
    Variant("Higher key", ("tono más agudo", "más agudo", "tom acima", "plus haut", "höher", "più alto", "hoger", "wyżej", "на тон выше", "на полтона выше", "на тон вище", "nada tinggi", "升调", "升調", "升key", "升半音", "キー上げ", "半音上げ", "키 높임", "tone cao", "karaoke higher key"), "Marc Anthony - Vivir Mi Vida (tono más agudo)"),
    Variant("Original key", ("tonalité originale", "originaltonart", "tonalità originale", "originele toonsoort", "tonacja oryginalna", "оригинальная тональность", "оригінальна тональність", "orijinal ton", "סולם מקורי", "คีย์ต้นฉบับ", "원키", "原調", "原调", "原曲調", "tom do original", "tono de mujer original", "karaoke original key", "nada original"), "Albachiara - Vasco Rossi (tonalità originale)"),
    Variant("Instrumental", ("versi instrumental", "インスト ver", "instrumental mix", "strumental"), "Separuh Aku - Noah (Versi Instrumental)"),
    Variant("", ("versi koplo", "versi dangdut", "versi original", "versi baru", "bản mới", "bản remix", "新版", "舊版", "旧版"), "Separuh Aku - Noah (Versi Koplo)"),
)  # fmt: skip

# A bracket or part that ends on one of these is a version of its own, whatever stands before it:
# "(Bossa Nova Version)", "(RVZN Edit)", "(Animal Collective Premature Deflirt Mix)".
VARIANT_ENDS = frozenset((
    "version", "versión", "versão", "versione", "mix", "remix", "edit", "ver", "remaster",
    "remastered", "rmx", "dub", "live", "demo", "session", "sessions", "take", "reprise",
    "acoustic", "unplugged", "medley", "bootleg", "instrumental", "key", "tone",
))  # fmt: skip

COVER_WORDS = frozenset(["cover", "covers", "covered", "tribute", "covering", "kover"])
