"""What people add to a song's name, as tables: one row a habit, each with the real name it is for.

To teach the parser a language or a channel, add rows here. A word is written as people write it;
case and accents do not count. The names are examples of the kind, and the tests read every one.
"""

# ruff: noqa: E501  (a table's row stays on one line)

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple, TypeAlias

from .folding import fold

# How much a word says by itself:
#   karaoke  this is a karaoke track; may stand anywhere, and makes its bracket noise
#   core     noise at either end of a part ("Wonderwall lyrics")
#   side     noise beside a core or karaoke word, or alone in brackets ("HD", "video", "with")
#   loose    noise only in brackets or parts where all else is noise too ("on screen", "no")
NoiseKind: TypeAlias = Literal["karaoke", "core", "side", "loose"]
Order: TypeAlias = Literal["title", "artist"]


class Noise(NamedTuple):
    """Words that are no part of artist or title."""

    kind: NoiseKind
    language: str
    words: tuple[str, ...]
    example: str


class Credit(NamedTuple):
    """A phrase before the artist's name: "Title PHRASE Artist"."""

    language: str
    phrases: tuple[str, ...]
    example: str


class Variant(NamedTuple):
    """Words that set a recording apart and are no part of its title; no label: as written."""

    label: str
    words: tuple[str, ...]
    example: str


class Channel(NamedTuple):
    """A channel or label that signs its names, and what it writes first (None: either)."""

    names: tuple[str, ...]
    first: Order | None
    weight: float
    example: str


NOISE: tuple[Noise, ...] = (
    Noise("karaoke", "any", ("karaoke", "karaokê", "karaokes", "karoake", "kareoke", "karoke", "karaok"), "Angie - The Rolling Stones Karaoke"),
    Noise("karaoke", "any", ("videoke", "video karaoke", "karaoke video", "karaokevideo"), "Narda - Kamikazee (Videoke)"),
    Noise("karaoke", "en", ("minus one", "minusone", "backing track", "backing tracks", "singalong", "sing along"), "Ikaw - Yeng Constantino (Minus One)"),
    Noise("karaoke", "en", ("no lead vocal", "no lead vocals", "no vocal", "no vocals", "without vocals", "vocals removed", "off vocal"), "Dreamer in the style of Ozzy Osbourne (no lead vocal)"),
    Noise("karaoke", "any", ("no guide melody", "without guide melody", "no guide vocal", "without guide vocal", "no backing vocals", "without backing vocals", "without backing vocal", "sin coros", "sin voz guía", "sem coros", "sans chœurs", "sans choeurs", "ohne backing vocals"), "Spring Day - BTS (Karaoke without Backing Vocals)"),
    Noise("karaoke", "en", ("karaoke version of", "karaoke of", "instrumental version of", "karaoke songs", "performance track", "demonstration vocals", "karaoke instrumental", "backing track version", "how to sing"), "Karaoke Version of Blue Suede Shoes by Elvis Presley"),
    Noise("karaoke", "fr", ("karaoké", "version karaoké", "version instrumentale", "bande son"), "Ne me quitte pas - Jacques Brel (Version Karaoké)"),
    Noise("karaoke", "es", ("pista karaoke", "pista musical", "version karaoke", "karaoke con letra", "karaoke cantar en línea"), "Amor eterno - Rocío Dúrcal (Pista Karaoke)"),
    Noise("karaoke", "pt", ("playback", "versão karaokê", "versao karaoke"), "Evidências - Chitãozinho & Xororó (Playback)"),
    Noise("karaoke", "de", ("karaoke version", "karaokeversion", "mitsingversion", "zum mitsingen", "instrumentalversion", "halbplayback", "vollplayback", "originalversion"), "Atemlos durch die Nacht - Helene Fischer (Karaoke Version)"),
    Noise("karaoke", "it", ("base karaoke", "basi karaoke", "base musicale", "basi musicali", "versione karaoke"), "Albachiara - Vasco Rossi (Base Karaoke)"),
    Noise("karaoke", "vi", ("beat gốc", "beat chuẩn", "karaoke beat", "beat karaoke", "nhạc sống", "karaoke nhạc sống"), "Lối Nhỏ - Đen Vâu | Karaoke Beat Gốc"),
    Noise("karaoke", "ja", ("カラオケ", "オフボーカル", "ニコカラ", "歌ってみた", "練習用", "生音", "実演奏", "音程バー付き", "ガイドなし", "ガイドメロディなし", "ガイドメロディ付き", "原曲キー", "本家カラオケ", "字幕付き"), "Lemon - 米津玄師【カラオケ】"),
    Noise("karaoke", "ko", ("노래방", "금영노래방", "tj노래방", "ky노래방", "mr 노래방", "가라오케", "멜로디제거", "반주", "엠알", "원키", "여자키", "남자키"), "[TJ노래방] 취중진담 - 전람회"),
    Noise("karaoke", "zh", ("卡拉ok", "伴奏", "ktv", "ktv版", "純音樂", "纯音乐", "消音", "伴唱", "導唱", "导唱", "无人声", "無人聲", "動態歌詞", "动态歌词", "立體聲伴奏", "原版伴奏"), "周杰倫 - 稻香 (伴奏)"),
    Noise("karaoke", "ru", ("караоке", "минусовка", "минус", "караоке версия", "караоке версія", "караоке по русски", "фонограмма", "с бэк вокалом"), "Кино - Группа крови (караоке)"),
    Noise("karaoke", "id", ("karaoke tanpa vokal", "tanpa vokal", "karaoke lirik", "karaoke koplo"), "Separuh Aku - Noah (Karaoke Tanpa Vokal)"),
    Noise("karaoke", "sv, no, da", ("singback", "sing back", "singback version", "karaokeversjon", "karaokeversion"), "Dancing Queen - ABBA (Singback Version)"),
    Noise("karaoke", "fi", ("karaoke suomi", "finnish karaoke", "suomi karaoke", "taustanauha", "karaokeversio"), "Finlandia Karaoke - Satumaa - Reijo Taipale (Taustanauha)"),
    Noise("karaoke", "tr", ("karaoke versiyon", "karaoke versiyonu", "altyapı", "altyapısı", "md altyapı", "fon müziği"), "Kuzu Kuzu - Tarkan (Karaoke Versiyon)"),
    Noise("karaoke", "pl", ("wersja karaoke", "podkład muzyczny", "podkład", "karaoke pl", "półplayback", "instrumentalna wersja"), "Kolorowe jarmarki - Maryla Rodowicz (wersja karaoke)"),
    Noise("karaoke", "nl", ("karaoke versie", "meezingversie", "meezing"), "Bloed, zweet en tranen - André Hazes (Karaoke Versie)"),
    Noise("karaoke", "th", ("คาราโอเกะ",), "คาราโอเกะ ก่อน - โมเดิร์นด็อก"),
    Noise("karaoke", "sr, hr, ro", ("matrica", "karaoke matrica", "negativ"), "Zdravko Čolić - Ti si mi u krvi (matrica)"),
    Noise("karaoke", "hi, bn", ("कराओके", "কারাওকে"), "लता मंगेशकर - लग जा गले (कराओके)"),
    Noise("karaoke", "ar, he", ("كاريوكي", "موسيقى فقط", "بدون غناء", "קריוקי", "גרסת קריוקי", "פלייבק", "גרסת פלייבק"), "Fairuz - Nassam Alayna El Hawa (كاريوكي)"),
    Noise("core", "en", ("lyrics", "lyric", "lyric video", "lyrics video", "with lyrics", "w lyrics", "lyrics on screen", "with lyrics on screen", "lyrics in description"), "Oasis - Wonderwall lyrics"),
    Noise("core", "en", ("official video", "official music video", "official audio", "official lyric video", "official lyrics video", "official mv", "official m v", "official hd video", "official live video", "official visualizer", "visualizer", "music video", "video clip", "videoclip", "video oficial", "audio oficial", "videoclip oficial", "clip officiel", "offizielles video", "official visualiser"), "Queen - Don't Stop Me Now (Official Video)"),
    Noise("core", "en", ("8d audio", "16d audio", "bass boosted"), "Billie Eilish - Bad Guy (8D Audio)"),
    Noise("core", "it, tr, th, zh, ko", ("traduzione", "sub español", "sub espanol", "türkçe çeviri", "çeviri", "ซับไทย", "中文歌詞", "中字", "中文字幕", "뮤직비디오", "mv 뮤직비디오"), "Billie Eilish - Bad Guy (Sub Español)"),
    Noise("core", "en", ("m v", "mv", "mtv", "dance practice", "teaser", "performance video", "official performance video"), "GOT7 - Fly M/V"),
    Noise("core", "en", ("full album", "official album", "full ep"), "Rush - Moving Pictures (Full Album)"),
    Noise("core", "en", ("hd", "hq", "uhd", "4k", "8k", "1080p", "720p", "480p", "60fps", "full hd", "high quality"), "Katy Perry - Roar (Karaoke Version) HD"),
    Noise("core", "en", ("78 rpm", "45 rpm", "33 rpm", "78rpm", "45rpm", "vinyl", "original video", "original recording", "audio recording"), "Frankie Vaughan 'Hey Joe' 78 RPM"),
    Noise("core", "en", ("on spotify", "on itunes", "on spotify and apple", "on spotify and itunes", "on spotify and apple music", "itunes", "spotify"), "Rather Be - Clean Bandit (Someone Cover) on Spotify & iTunes"),
    Noise("core", "en", ("cc", "instrumental", "instrumentals", "instrumental version"), "Journey - Don't Stop Believin' [CC] [Instrumental]"),
    Noise("core", "es", ("letra", "letras", "con letra", "la letra", "letra oficial", "subtitulado", "subtitulada", "subtitulos español", "subtitulado en español", "subtitulada en español", "en español"), "Luis Miguel - La Barca (con letra)"),
    Noise("core", "pt", ("com letra", "legendado", "legendada", "tradução", "clipe oficial", "vídeo oficial"), "Legião Urbana - Tempo Perdido (com letra)"),
    Noise("core", "fr", ("paroles", "avec paroles", "avec les paroles", "clip officiel"), "Mika - Elle me dit (avec paroles)"),
    Noise("core", "de", ("mit text", "songtext", "liedtext", "mit liedtext", "mit lyrics"), "Die Ärzte - Schrei nach Liebe (mit Text)"),
    Noise("core", "it", ("testo", "con testo", "testo e musica"), "Lucio Battisti - La canzone del sole (con testo)"),
    Noise("core", "nl", ("songtekst", "met songtekst", "met tekst"), "Marco Borsato - Dromen zijn bedrog (met songtekst)"),
    Noise("core", "pl", ("tekst", "z tekstem"), "Myslovitz - Długość dźwięku samotności (z tekstem)"),
    Noise("core", "tr", ("sözleri", "şarkı sözleri", "sarki sozleri"), "Sezen Aksu - Firuze (şarkı sözleri)"),
    Noise("core", "id", ("lirik", "dengan lirik", "lirik lagu", "video lirik"), "Dewa 19 - Kangen (lirik)"),
    Noise("core", "vi", ("lời bài hát", "có lời", "lyrics video"), "Vũ - Lạ Lùng (lời bài hát)"),
    Noise("core", "ru", ("текст песни", "текст", "с текстом", "с текстом песни", "со словами"), "Кино - Кукушка (текст песни)"),
    Noise("core", "hi", ("with hindi lyrics", "full song", "full song with lyrics", "hindi karaoke", "karaoke with hindi lyrics", "scrolling lyrics"), "Tum Hi Ho - Arijit Singh (Karaoke With Scrolling Lyrics)"),
    Noise("core", "el", ("με στίχους", "στίχοι"), "Χάρις Αλεξίου - Μάτια μου (με στίχους)"),
    Noise("core", "zh, ja, ko", ("歌詞", "歌词", "歌詞付き", "歌詞字幕", "フル", "高清", "高畫質", "가사", "자막", "高音質"), "五月天 - 突然好想你 (歌詞)"),
    Noise("side", "en", ("version", "video", "videos", "audio", "with", "official", "track", "original", "cd", "mono", "cd g", "cd and g", "cdg", "mp3", "mp3 and g", "mp3g", "mp4", "prod", "vocal", "clip", "promo", "stereo", "remastered audio", "fx", "piano karaoke", "acoustic karaoke", "youtube", "official karaoke", "professional"), "You Raise Me Up - Josh Groban (Karaoke Video)"),
    Noise("side", "es, pt, it", ("con", "com", "versión", "versão", "versione", "oficial", "ufficiale", "video ufficiale", "pista", "en línea", "internacional", "nacional"), "Laura Pausini - La solitudine (Video Ufficiale)"),
    Noise("side", "fr, de, nl", ("avec", "officiel", "officielle", "offiziell", "offizielles", "mit", "versie"), "Stromae - Formidable (officiel)"),
    Noise("side", "vi", ("beat", "gốc", "chuẩn", "có bè", "có rap", "chất lượng cao", "hay nhất", "nhạc trẻ", "full beat"), "SOOBIN - Tháng Năm (Beat Gốc Có Bè)"),
    Noise("side", "ko, ja", ("mr", "inst", "tj", "ky", "off vocal ver", "ver"), "아이유 - 좋은 날 (MR)"),
    Noise("loose", "en", ("the", "a", "and", "or", "on", "in", "of", "for", "from", "to", "by", "is", "at", "as", "full", "no", "not", "lead", "backing", "background", "vocals", "voice", "music", "song", "songs", "originally", "only", "new", "free", "download", "screen", "quality", "best", "sound", "description", "complete", "short", "film", "movie", "clean", "explicit", "extra", "ballad", "practice", "cover art", "bpm", "key", "tv size", "released", "out now", "hits", "series", "style", "colored", "color coded", "hangul", "translation", "eng", "sub", "subs", "english", "censored", "karafun", "sing king", "performance", "harmony", "one", "minus", "subtitles", "subtitle", "sing", "requested", "hit", "now", "widescreen", "restored", "version of", "title", "pop", "rock", "country", "lyrical"), "Constantines - Young Lions (not the video)"),
    Noise("loose", "es, pt, it, fr", ("la", "el", "de", "en", "y", "e", "sin", "sem", "voz", "voces", "completo", "completa", "canción", "música", "musica", "calidad", "alta", "español", "espanol", "ingles", "inglés", "italiano", "et", "le", "les", "du", "sur", "voix", "sans", "traducida", "coros", "completa", "profesional"), "Camilo Sesto - Algo de mí (Karaoke sin voz)"),
    Noise("loose", "vi", ("giữ giọng rap", "rap", "hạ", "tone", "tông", "bè", "nam", "nữ", "hát"), "Haru Haru - BIGBANG (Karaoke Giữ Giọng Rap)"),
)  # fmt: skip

# "Title in the style of Artist": what karaoke labels write, word for word.
CREDITS: tuple[Credit, ...] = (
    Credit("en", ("in the style of", "in style of", "in the syle of", "style of"), 'Rehab in the style of "Amy Winehouse" karaoke video with lyrics'),
    Credit("en", ("originally performed by", "as performed by", "originally recorded by", "originally sung by", "originally by", "original by", "as sung by", "as originally performed by"), "Rave On (Originally Performed By Buddy Holly) [Karaoke Version]"),
    Credit("en", ("made famous by", "as made famous by", "made popular by", "as made popular by", "popularized by", "popularised by", "as popularized by", "as popularised by"), "Dancing Queen (Made Famous by ABBA)"),
    Credit("es", ("al estilo de", "en el estilo de", "a estilo de", "estilo de", "popularizado por", "popularizada por", "originalmente de", "hecha famosa por", "hecho famoso por"), "Bésame mucho (al estilo de Luis Miguel) Karaoke"),
    Credit("pt", ("no estilo de", "ao estilo de", "popularizado por", "originalmente por"), "Garota de Ipanema (no estilo de Tom Jobim) Karaokê"),
    Credit("fr", ("rendu célèbre par", "rendue célèbre par", "dans le style de", "à la manière de", "au style de", "popularisé par"), "La vie en rose (rendu célèbre par Edith Piaf) [Karaoké]"),
    Credit("de", ("im stil von", "im style von", "nach art von", "im original von", "bekannt durch", "berühmt durch"), "99 Luftballons (im Stil von Nena) Karaoke"),
    Credit("it", ("nello stile di", "in stile", "stile", "resa celebre da", "reso celebre da", "resa famosa da"), "Volare (nello stile di Domenico Modugno) Karaoke"),
    Credit("nl", ("in de stijl van", "bekend van"), "Bloed, zweet en tranen (in de stijl van André Hazes)"),
    Credit("pl", ("w stylu", "z repertuaru"), "Jolka, Jolka pamiętasz (z repertuaru Budka Suflera) karaoke"),
    Credit("ru", ("в стиле", "из репертуара"), "Группа крови (в стиле Кино) караоке"),
)  # fmt: skip

# "Title by Artist": shorter words, which titles use as well ("Stand by Me").
BY_WORDS: tuple[Credit, ...] = (
    Credit("en", ("by", "sung by", "performed by", "cover by", "covered by", "played by", "song by", "version by", "arranged by", "recorded by", "a cover by", "cover version by", "arranged and recorded by", "acoustic cover by", "performed live by", "live by"), "Blue Suede Shoes by Elvis Presley - Karaoke"),
    Credit("es", ("interpretada por", "interpretado por", "cantada por", "por"), "Cielito lindo por Vicente Fernández"),
    Credit("fr", ("chanté par", "interprété par", "interpretée par", "par"), "La Bohème chanté par Charles Aznavour"),
    Credit("de", ("gesungen von",), "Lili Marleen gesungen von Marlene Dietrich"),
    Credit("it", ("cantata da", "interpretata da"), "Caruso cantata da Luciano Pavarotti"),
)  # fmt: skip

# "Artist sings Title": the same the other way round.
SINGS: tuple[Credit, ...] = (
    Credit("en", ("sings", "sing", "performs", "performing", "singing", "plays", "covers", "covering", "perform", "playing"), "Salena Jones sings A Quiet Thing"),
    Credit("es, it", ("canta", "cantando", "interpreta"), "Rocío Dúrcal canta Amor eterno"),
    Credit("fr, de, nl", ("chante", "singt", "zingt"), "Marlene Dietrich singt Lili Marleen"),
)  # fmt: skip

FEATURING = ("feat", "ft", "featuring", "feats", "with special guest", "featuring with")

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
)  # fmt: skip

# A bracket or part that ends on one of these is a version of its own, whatever stands before it:
# "(Bossa Nova Version)", "(RVZN Edit)", "(Animal Collective Premature Deflirt Mix)".
VARIANT_ENDS = frozenset(
    [
        "version",
        "versión",
        "versão",
        "versione",
        "mix",
        "remix",
        "edit",
        "ver",
        "remaster",
        "remastered",
        "rmx",
        "dub",
        "live",
        "demo",
        "session",
        "sessions",
        "take",
        "reprise",
        "acoustic",
        "unplugged",
        "medley",
        "bootleg",
        "instrumental",
        "key",
        "tone",
    ]
)

COVER_WORDS = frozenset(["cover", "covers", "covered", "tribute", "covering", "kover"])

# Words that bind what follows to them: no artist's name ends on one ("Jueves La · Oreja de Van Gogh").
BINDING = frozenset((
    "a", "an", "and", "the", "of", "in", "on", "at", "to", "for", "by", "my", "your", "his", "her",
    "from", "with", "is", "are", "was", "i", "we", "you", "he", "she", "they",  # "Let It Be The · Beatles"
    "y", "de", "del", "la", "el", "los", "las", "e", "do", "dos", "da", "i",  # "Jueves La · Oreja de …"
    "le", "les", "du", "des", "et", "der", "die", "das", "und", "il", "lo", "di",  # "Je veux · Zaz"
    "ang", "sa", "ng", "mga",  # "Ang · Huling El Bimbo"
))  # fmt: skip
# Words that bind themselves to what stands before: no title begins with one ("… · & Emmylou Harris").
JOINING = frozenset((
    "and", "y", "e", "und", "et", "of", "feat", "ft", "featuring", "vs", "by", "par",
))  # fmt: skip
# "Bill Haley and · his Comets": after "and", the band's name goes on.
POSSESSIVES = frozenset(("his", "her", "their", "sus", "seine", "ses"))
# Words that seldom begin a title: "Adele · Rolling in the Deep".
PREPOSITIONS = frozenset(
    ("in", "on", "at", "to", "for", "from", "with", "into", "than", "en", "con")
)
# Words that stay small within a name: "Mark Knopfler and Emmylou Harris", "Los Años de la Luz".
SMALL = frozenset((
    "a", "an", "and", "the", "of", "in", "on", "at", "to", "for", "by", "or", "nor", "but", "from",
    "with", "de", "la", "el", "y", "e", "di", "da", "do", "du", "des", "et", "und",
))  # fmt: skip

# Stand in the table of channels for any disc's number and for any maker's sign.
DISC, MAKER = "a disc's number", "a maker's sign"

# What each channel writes first. Weighted: a habit can be outvoted by a well-known artist.
CHANNELS: tuple[Channel, ...] = (
    Channel((DISC,), "artist", 1.4, "NOMAD-0003 - Cher - Apples Don't Fall Far From The Tree"),
    Channel((MAKER,), "artist", 0.8, "3rd Bass - Green Eggs And Swine [DJ Sauly Karaoke]"),
    Channel(("karafun", "karafun karaoke"), "title", 3.0, "Zombie - The Cranberries | Karaoke Version | KaraFun"),
    Channel(("sing king", "sing king karaoke", "singking"), "artist", 2.0, "Adele - Hello (Karaoke Version) Sing King"),
    Channel(("zoom karaoke", "zoom", "from zoom karaoke", "karaoke version from zoom karaoke"), "artist", 2.5, "Martika - Toy Soldiers - Karaoke Version from Zoom Karaoke"),
    Channel(("vocal star", "vocal star karaoke", "vocal star karaoke 4k"), "artist", 2.0, "Black Eyed Peas - Boom Boom Pow | With Lyrics HD Vocal-Star Karaoke 4K"),
    Channel(("party tyme", "party tyme karaoke"), "title", 1.0, "Fancy (Made Popular By Iggy Azalea) Party Tyme Karaoke"),
    Channel(("stingray", "stingray karaoke", "karaoke with lyrics stingray karaoke"), None, 0.0, "Jolene - Dolly Parton | Stingray Karaoke"),
    Channel(("sunfly", "sunfly karaoke", "sunfly hits"), "artist", 1.0, "Take That - Patience [Sunfly Karaoke]"),
    Channel(("sound choice", "chartbuster", "legends", "mr entertainer", "mr entertainer karaoke", "pop hits monthly", "music maestro", "easy karaoke", "the karaoke channel", "karaoke channel", "prosource karaoke", "ameritz karaoke", "ameritz", "sybersound", "sybersound karaoke", "charts karaoke", "karaoke nation", "karaoke hits", "zzang karaoke", "all star karaoke", "singer s edge", "starlite karaoke", "karaoke cloud", "lucky voice", "lucky voice karaoke", "singsnap", "smule", "singa", "smash hits karaoke", "sc", "sf", "cb", "thm", "phm", "mre", "sbi", "kv", "zm", "sgb", "dk karaoke", "sc karaoke", "sf karaoke", "karaoke house", "cantanta", "songjam", "studio karaoke", "karaoke planet", "karaoke mugen"), None, 0.0, "Oasis - Wonderwall [Ameritz Karaoke]"),
    Channel(("tj", "tj karaoke", "tj media", "tj노래방", "ky", "ky karaoke", "ky entertainment", "금영", "금영노래방", "태진", "jw karaoke"), "title", 2.5, "[TJ노래방] 취중진담 - 전람회 / TJ Karaoke"),
    Channel(("joysound", "dam", "uga", "歌っちゃ王", "カラオケ歌っちゃ王", "ニコカラ"), "title", 1.5, "Lemon / 米津玄師【カラオケ 歌っちゃ王】"),
    Channel(("sing2piano", "sing2guitar"), "artist", 1.5, "Adele - Easy On Me (Piano Karaoke Instrumental) Sing2Piano"),
    Channel(("karaokemedia",), None, 0.0, "Jueves La Oreja de Van Gogh KARAOKE KARAOKEMEDIA"),
    Channel(("coversph", "singkaraoke", "koolsound", "magic sing", "wow videoke", "platinum karaoke", "hd karaoke", "hq karaoke"), "title", 1.5, "Mapa - SB19 (HD Karaoke)"),
    Channel(("musisi karaoke", "musisi"), "title", 0.5, "Separuh Aku - Noah (Karaoke) Musisi"),
    Channel(("version karaoke", "karaokeversion", "karaoke version fr", "version-karaoke"), "artist", 0.5, "Indochine - L'aventurier (Version Karaoke)"),
)  # fmt: skip

# Words that tell which language's karaoke habits rule: Vietnamese, Korean and Philippine channels
# write the title first.
TITLE_FIRST_WORDS: tuple[tuple[tuple[str, ...], float, str], ...] = (
    (("beat", "tone"), 1.0, "Em Của Ngày Hôm Qua - Sơn Tùng M-TP | Karaoke Beat Gốc"),
    (("노래방", "금영", "カラオケ", "オフボーカル", "ニコカラ"), 1.0, "[TJ노래방] 취중진담 - 전람회"),
    (("minus", "videoke", "opm"), 0.8, "Ikaw - Yeng Constantino (Minus One)"),
)  # fmt: skip

# "Zombie - The Cranberries | Karaoke Versi": words that a length limit may have cut.
LAST_WORDS = (
    "karaoke",
    "version",
    "versión",
    "versão",
    "instrumental",
    "lyrics",
    "video",
    "karafun",
)

_DISC_ID = re.compile(r"(?:\(|\[)?[A-Za-z]{1,8}\d?[ -]?\d{2,6}(?:[ -]\d{1,3}){0,2}(?:\)|\])?")
_TRACK = re.compile(r"0\d\d?|\d\d?[.)]")
_YEAR = re.compile(r"[\[(]?(?:1[89]\d\d|20[0-4]\d)[\])]?")


def is_disc_id(text: str) -> bool:
    """Whether a part is a karaoke disc's number: "SC8123-05", "NOMAD-0003", "Az 1234-01"."""
    return len(text) <= 20 and _DISC_ID.fullmatch(text) is not None


def is_track_number(text: str) -> bool:
    """Whether a word is a position on a disc: "01", "07.", "3)"."""
    return len(text) <= 4 and _TRACK.fullmatch(text) is not None


def is_year(text: str) -> bool:
    """Whether a part is nothing but a year: "1971", "(2013)"."""
    return len(text) <= 6 and _YEAR.fullmatch(text) is not None


class Phrase(NamedTuple):
    """What a phrase means wherever it stands: noise of a kind, a variant, a channel's signature."""

    kind: NoiseKind
    variant: str = ""
    channel: str = ""


KARAOKE = Phrase("karaoke")


@cache
def phrases() -> dict[str, Phrase]:
    """Every phrase of the tables above, folded -> its meaning; the stronger where two name it."""
    rank: dict[NoiseKind, int] = {"loose": 0, "side": 1, "core": 2, "karaoke": 3}
    known: dict[str, Phrase] = {}

    def add(words: tuple[str, ...], meaning: Phrase) -> None:
        for phrase in map(fold, words):
            if phrase not in known or rank[meaning.kind] > rank[known[phrase].kind]:
                known[phrase] = meaning

    for channel in CHANNELS:
        for name in channel.names:
            if name in (DISC, MAKER):
                continue
            # "dam" and "ky" are also words; "karafun" is nothing else.
            add((name,), Phrase("core" if len(name) > 6 else "side", channel=channel.names[0]))
    for variant in VARIANTS:
        for word in variant.words:
            # "Long Live" and "Drive My Car Acoustic": one word is a variant only beside noise.
            kind: NoiseKind = "core" if " " in word else "side"
            add((word,), Phrase(kind, variant=variant.label or word.capitalize()))
    for noise in NOISE:
        add(noise.words, Phrase(noise.kind))
    return known


@cache
def longest_phrases() -> dict[str, int]:
    """The first word of every phrase -> how many words its longest phrase has."""
    longest: dict[str, int] = {}
    for phrase in phrases():
        words = phrase.split()
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


@cache
def cut_words() -> frozenset[str]:
    """Beginnings of the words that stand last in a name, where a length limit may have cut them."""
    return frozenset(word[:end] for word in LAST_WORDS for end in range(1, len(word)))


@cache
def channel_habits() -> dict[str, tuple[Order | None, float]]:
    """A channel's first name -> what it writes first, and how firmly."""
    return {row.names[0]: (row.first, row.weight) for row in CHANNELS}


@cache
def title_first_words() -> dict[str, float]:
    """Folded words whose presence says that the title comes first -> how firmly."""
    return {fold(word): weight for words, weight, _ in TITLE_FIRST_WORDS for word in words}


@cache
def unspaced_karaoke() -> str:
    """The karaoke words of scripts that put no space between words, as one choice of a pattern."""
    rows = (row for row in NOISE if row.kind == "karaoke" and row.language in ("ja", "ko", "zh"))
    words = {word for row in rows for word in row.words if len(word) > 1 and not word.isascii()}
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def credit_pattern(rows: tuple[Credit, ...]) -> re.Pattern[str]:
    """One pattern for all phrases of a table, the longest first, between word boundaries."""
    phrases = sorted({phrase for row in rows for phrase in row.phrases}, key=len, reverse=True)
    choice = "|".join(re.escape(phrase).replace(r"\ ", " +") for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{choice})(?!\w)[ :]*", re.IGNORECASE)
