"""Words that are no part of artist or title, as a table: one row a habit, each with its real name.

To teach the parser a language, add rows here. A word is written as people write it; case and
accents do not count. The names are examples of the kind, and the tests read every one.
"""

# ruff: noqa: E501  (a table's row stays on one line)

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

# How much a word says by itself:
#   karaoke  this is a karaoke track; may stand anywhere, and makes its bracket noise
#   core     noise at either end of a part ("Wonderwall lyrics")
#   side     noise beside a core or karaoke word, or alone in brackets ("HD", "video", "with")
#   alone    noise only where it is all of a bracket or part ("[Legends]")
#   loose    noise only in brackets or parts where all else is noise too ("on screen", "no")
NoiseKind: TypeAlias = Literal["karaoke", "core", "side", "alone", "loose"]


class Noise(NamedTuple):
    """Words that are no part of artist or title."""

    kind: NoiseKind
    language: str
    words: tuple[str, ...]
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
    Noise("karaoke", "en", ("vocal removed", "vocals off", "no voice", "karaoke track", "karaoke with lyrics", "karaoke with lyrics on screen", "karaoke lyrics", "karaoke version with lyrics", "sing along version", "sing along with lyrics", "full karaoke", "clean karaoke", "official karaoke", "unofficial karaoke", "karaoke song", "instrumental karaoke", "midi karaoke", "karaoke cover", "original karaoke", "demo karaoke", "caraoke", "karafun karaoke version", "instrumental with lyrics", "original instrumental", "official instrumental"), "Wonderwall - Oasis (Vocal Removed)"),
    Noise("karaoke", "es", ("sin voz", "sin voces", "sin la voz", "solo pista", "pista instrumental", "pista original", "fondo musical", "karaoke completo", "karaoke con letra", "karaoke oficial", "karaoke profesional", "karaoke full", "version instrumental", "para cantar", "pista de karaoke", "pista con letra"), "Amor eterno - Rocío Dúrcal (sin voz)"),
    Noise("core", "es", ("letra y música", "letra y acordes", "explicita", "explicito", "letra oficial", "video letra", "video con letra", "video lyric", "lyric video oficial", "estreno", "video musical"), "Amor eterno - Rocío Dúrcal (letra y música)"),
    Noise("karaoke", "pt", ("playback com letra", "sem voz", "sem vocal", "sem a voz", "karaokê completo", "fundo musical", "base instrumental", "versão instrumental", "instrumental com letra", "karaokê com letra", "videokê", "karaoke com letra", "versão playback"), "Evidências - Chitãozinho & Xororó (sem voz)"),
    Noise("core", "pt", ("letra e música", "com legenda", "áudio oficial", "vídeo clipe", "videoclipe", "videoclipe oficial", "clip oficial", "lançamento"), "Evidências - Chitãozinho & Xororó (áudio oficial)"),
    Noise("karaoke", "fr", ("sans voix", "sans la voix", "sans chant", "bande instrumentale", "bande orchestre", "karaoké avec paroles", "karaoke avec paroles", "instrumental avec paroles", "karaoké complet", "version playback", "musique sans voix", "karaoké instrumental"), "Ne me quitte pas - Jacques Brel (sans voix)"),
    Noise("core", "fr", ("vidéo officielle", "clip vidéo", "vidéo clip", "audio officiel", "paroles et musique", "vidéo paroles", "lyrics vidéo"), "Ne me quitte pas - Jacques Brel (vidéo officielle)"),
    Noise("karaoke", "de", ("ohne gesang", "ohne stimme", "ohne vocals", "ohne chor", "karaoke mit text", "karaoke mit songtext", "karaoke zum mitsingen", "mit text zum mitsingen", "instrumental mit text", "musik ohne gesang", "begleitung", "karaoke deutsch", "deutsches karaoke"), "Atemlos durch die Nacht - Helene Fischer (ohne Gesang)"),
    Noise("core", "de", ("offizielles musikvideo", "offizielles video", "musikvideo", "offizielle audio", "lyrics deutsch", "deutsche lyrics", "deutscher text", "text und musik", "lyrikvideo"), "Atemlos durch die Nacht - Helene Fischer (offizielles Musikvideo)"),
    Noise("karaoke", "it", ("strumentale", "versione strumentale", "base strumentale", "versione strumentale originale", "base originale", "solo base", "senza voce", "senza cori", "senza la voce", "karaoke con testo", "karaoke con testi", "karaoke version con testo", "basi musicali con testo", "base karaoke con testo", "karaoke italiano", "base con testo"), "Albachiara - Vasco Rossi (strumentale)"),
    Noise("core", "it", ("testi", "con testi", "video ufficiale", "audio ufficiale", "videoclip ufficiale", "lyric video ufficiale", "testo e video", "sincro"), "Albachiara - Vasco Rossi (testi)"),
    Noise("side", "it", ("base", "basi", "originale"), "Albachiara - Vasco Rossi (base)"),
    Noise("karaoke", "nl", ("instrumentaal", "instrumentale versie", "zonder zang", "zonder koor", "meezingen", "meezing karaoke", "karaoke met tekst", "karaoke versie met tekst", "zing mee", "meezinger"), "Bloed, zweet en tranen - André Hazes (zonder zang)"),
    Noise("core", "nl", ("officiële video", "officiële clip", "officiële videoclip", "officiële lyrics", "met lyrics", "tekst en muziek"), "Bloed, zweet en tranen - André Hazes (officiële video)"),
    Noise("karaoke", "pl", ("wersja instrumentalna", "bez wokalu", "bez linii melodycznej", "bez chórków", "podkład z tekstem", "karaoke z tekstem", "polskie karaoke", "podkład karaoke", "instrumental z tekstem"), "Kolorowe jarmarki - Maryla Rodowicz (bez wokalu)"),
    Noise("core", "pl", ("oficjalny teledysk", "teledysk", "oficjalne wideo", "oficjalny klip", "oficjalne audio", "tekst piosenki", "z napisami", "słowa piosenki", "oficjalny odsłuch"), "Kolorowe jarmarki - Maryla Rodowicz (oficjalny teledysk)"),
    Noise("karaoke", "ru", ("инструментал", "инструментальная версия", "без голоса", "без вокала", "без слов", "минус с бэками", "минус с бэк вокалом", "минус один", "караоке с текстом", "караоке hd", "караоке онлайн", "задавка"), "Кино - Группа крови (без голоса)"),
    Noise("core", "ru", ("официальный клип", "официальное видео", "официальное аудио", "премьера", "премьера клипа", "премьера песни", "премьера трека", "слова песни", "слова", "с субтитрами", "субтитры", "лирик видео", "видеоклип", "клип", "караоке клип", "новинка", "плюс", "текст и музыка"), "Кино - Кукушка (официальный клип)"),
    Noise("karaoke", "uk", ("мінус", "мінусовка", "караоке українською", "українське караоке", "фонограма", "без голосу", "без вокалу", "без слів", "інструментал", "інструментальна версія", "караоке з текстом", "зі словами"), "Океан Ельзи - Без бою (мінусовка)"),
    Noise("core", "uk", ("текст пісні", "слова пісні", "офіційне відео", "офіційний кліп", "офіційне аудіо", "прем єра", "прем'єра", "прем'єра кліпу", "відеокліп", "лірик відео", "з текстом", "з субтитрами"), "Океан Ельзи - Без бою (офіційне відео)"),
    Noise("karaoke", "tr", ("enstrümantal", "enstrumantal", "sözlü karaoke", "vokalsiz", "karaoke altyapı", "karaoke şarkı sözleri", "karaoke sözleri ile", "enstrümantal versiyon", "sözlü altyapı"), "Kuzu Kuzu - Tarkan (enstrümantal)"),
    Noise("core", "tr", ("resmi klip", "resmi video", "video klip", "klip", "sözleriyle", "sözleri ile", "sözlü", "şarkı sözü", "lyrics sözleri", "resmi müzik videosu", "ses videosu", "resmi ses"), "Kuzu Kuzu - Tarkan (resmi klip)"),
    Noise("karaoke", "el", ("καραόκε", "καραοκε", "ορχηστρικό", "ορχηστρική εκδοχή", "ορχηστρική έκδοση", "χωρίς φωνή", "χωρίς φωνητικά", "οργανικό", "καραόκε με στίχους", "καραόκε ελληνικά"), "Χάρις Αλεξίου - Μάτια μου (καραόκε)"),
    Noise("core", "el", ("επίσημο βίντεο", "επίσημο βίντεο κλιπ", "επίσημο μουσικό βίντεο", "βίντεο κλιπ", "βιντεοκλίπ", "επίσημο video clip", "με λόγια", "λόγια", "στίχοι τραγουδιού"), "Χάρις Αλεξίου - Μάτια μου (επίσημο βίντεο)"),
    Noise("karaoke", "he", ("קריוקי עם מילים", "קריוקי ישראלי", "ללא שירה", "בלי שירה", "ללא קול", "ליווי", "ליווי מוזיקלי", "אינסטרומנטל", "אינסטרומנטלי", "גרסת הקריוקי", "גרסה אינסטרומנטלית", "פלייבק עם מילים", "קריוקי לשיר", "שירה בציבור"), "אייל גולן - צליל מיתר (ללא שירה)"),
    Noise("core", "he", ("עם מילים", "מילים", "הקליפ הרשמי", "קליפ רשמי", "הקליפ", "קליפ", "וידאו רשמי", "הוידאו הרשמי", "אודיו רשמי", "אודיו", "כתוביות", "עם כתוביות", "מילים לשיר"), "אייל גולן - צליל מיתר (הקליפ הרשמי)"),
    Noise("karaoke", "ar, fa", ("كاريوكى", "كارا أوكي", "كاراوكي", "كارا اوكي", "بدون صوت", "موسيقى بدون غناء", "عزف", "عزف فقط", "بدون موسيقى", "نسخة كاريوكي", "کارائوکه", "بدون خواننده", "كاريوكي عربي"), "فيروز - نسم علينا الهوى (كاراوكي)"),
    Noise("core", "ar, fa", ("مع الكلمات", "كلمات", "كلمات الأغنية", "كلمات اغنية", "بالكلمات", "فيديو كليب", "فيديو الكلمات", "الكليب الرسمي", "الفيديو الرسمي", "فيديو كليب حصري", "حصريا", "حصري", "النسخة الأصلية", "نسخة أصلية", "جودة عالية", "توزيع جديد", "كليب", "متن آهنگ", "موزیک ویدیو"), "فيروز - نسم علينا الهوى (حصريا)"),
    Noise("karaoke", "hi, ta, te, bn", ("karaoke with scrolling lyrics", "scrolling karaoke", "hd karaoke with lyrics", "karaoke with english lyrics", "karaoke track with lyrics", "हिंदी कराओके", "कराओके बोल के साथ", "कराओके ट्रैक", "tamil karaoke", "telugu karaoke", "bangla karaoke", "malayalam karaoke", "punjabi karaoke", "hindi karaoke with lyrics", "unplugged karaoke", "karaoke with tamil lyrics"), "Tum Hi Ho - Arijit Singh (Karaoke with Scrolling Lyrics)"),
    Noise("core", "hi, ta, te, bn", ("lyrical video", "lyrical", "lyrical song", "full video", "full video song", "video song", "audio song", "full audio song", "full hd video", "with hindi lyrics", "with english lyrics", "scrolling lyrics", "with scrolling lyrics", "गीत के साथ", "बोल के साथ", "बोल", "jukebox", "title track lyrical"), "Tum Hi Ho - Arijit Singh (lyrical video)"),
    Noise("karaoke", "th", ("คาราโอเกะมิดี้", "ตัดเสียงร้อง", "ไม่มีเสียงร้อง", "ไม่มีไกด์", "มีไกด์", "ไกด์ร้อง", "ดนตรี", "ดนตรีอย่างเดียว", "ซาวด์ดนตรี", "แบคกิ้งแทร็ค", "บรรเลง", "เสียงต้นฉบับ", "ต้นฉบับ", "ดนตรีต้นฉบับ", "karaoke thai", "คาราโอเกะ hd"), "ก่อน - โมเดิร์นด็อก (ตัดเสียงร้อง)"),
    Noise("core", "th", ("เนื้อเพลง", "พร้อมเนื้อเพลง", "เนื้อร้อง", "ลิขสิทธิ์แท้", "มิวสิควิดีโอ", "เพลงประกอบละคร", "official mv thai", "เพลงประกอบภาพยนตร์", "ออฟฟิเชียล"), "ก่อน - โมเดิร์นด็อก (เนื้อเพลง)"),
    Noise("karaoke", "vi", ("beat phối", "beat phối mới", "beat không lời", "beat gốc có bè", "beat chuẩn có bè", "full beat chuẩn", "không bè", "có bè", "full bè", "giữ bè", "bè rap", "bè rap gốc", "giữ rap", "giữ giọng rap", "phối mới", "bản phối mới", "bản chuẩn", "karaoke tiếng anh", "karaoke tiếng việt", "nhạc không lời", "karaoke dễ hát", "karaoke có bè", "karaoke lyrics video", "beat hd", "ca ra ô kê", "tách lời"), "Lối Nhỏ - Đen Vâu (Bè Rap)"),
    Noise("core", "vi", ("official lyrics", "lyrics official", "lời việt", "nhạc hoa lời việt", "liên khúc nhạc", "nhạc trữ tình", "nhạc vàng", "nhạc trẻ", "dễ hát", "dễ hát nhất", "chất lượng cao"), "Lạ Lùng - Vũ (dễ hát)"),
    Noise("side", "vi", ("bolero", "rumba", "cha cha cha", "chachacha", "slow rock", "tango", "trầm", "cao", "phối", "liên khúc", "không lời", "thiếu lời", "gốc có bè", "ballad"), "Lạ Lùng - Vũ (Karaoke Bolero)"),
    Noise("karaoke", "id", ("karaoke dangdut", "karaoke duet", "karaoke duet dangdut", "karaoke dangdut koplo", "tanpa vocal", "no vocal koplo", "karaoke lirik tanpa vokal", "lirik tanpa vokal", "karaoke indonesia", "karaoke original", "karaoke hd", "versi karaoke", "karaoke nada", "karaoke versi original", "lirik berjalan", "karaoke koplo version", "karaoke lirik berjalan", "instrumental lirik"), "Separuh Aku - Noah (Karaoke Dangdut)"),
    Noise("core", "id", ("dengan lirik berjalan", "video musik", "musik video", "lirik video", "lirik dan chord", "hd audio", "audio jernih", "kualitas jernih", "teks berjalan", "official lirik"), "Separuh Aku - Noah (lirik video)"),
    Noise("side", "id", ("musik", "koplo", "dangdut", "dangdut koplo", "syahdu", "dangdut syahdu", "lagu", "audio hd", "versi dangdut"), "Separuh Aku - Noah (koplo)"),
    Noise("karaoke", "fil", ("opm karaoke", "tagalog karaoke", "opm videoke", "karaoke hits", "videoke hits", "videoke version", "opm minus one", "minus one with lyrics", "karaoke tagalog", "songhits karaoke"), "Narda - Kamikazee (OPM Karaoke)"),
    Noise("core", "fil", ("opm", "opm lyrics", "visayan song", "bisrock", "bisaya song", "bisaya", "ilocano song", "opm hits", "tagalog lyrics"), "Narda - Kamikazee (OPM)"),
    Noise("karaoke", "ko", ("인스트", "인스트루멘탈", "반주음악", "노래방 버전", "노래방버전", "mr 반주", "무반주", "멜로디 제거", "보컬 제거", "가사 첨부", "가사첨부", "금영 노래방", "tj 노래방", "태진 노래방", "노래방 mr", "karaoke mr", "inst mr", "mr inst", "melody removed", "mr removed"), "취중진담 - 전람회 (인스트)"),
    Noise("core", "ko", ("고음질", "고화질", "드라마 ost", "ost", "가사포함", "가사 포함", "한글자막", "한글 자막", "자막포함", "뮤비", "공식", "공식 뮤직비디오", "발음", "가사 해석"), "취중진담 - 전람회 (고음질)"),
    Noise("karaoke", "ja", ("on vocal", "onvocal", "off vocal ver", "オンボーカル", "オフボ", "インスト", "インスト版", "インストゥルメンタル", "歌詞付", "歌詞付き", "歌詞あり", "歌詞入り", "ガイドメロディ付", "ガイドメロディー付き", "ガイドメロディあり", "ガイドメロディーなし", "ガイド無し", "ガイドあり", "ガイド付き", "原曲key", "原曲キー", "原キー", "フルコーラス", "ピアノ伴奏", "カラオケ字幕", "カラオケ音源", "カラオケバージョン", "コード付き", "立体音響カラオケ", "高音質カラオケ", "生音カラオケ", "ボーカルなし", "ボーカル無し", "歌なし", "歌無し", "カラオケ練習", "カラオケ練習用", "伴奏", "カラオケver", "フルカラオケ", "ショートver", "カウントあり", "カウント無し", "メロディーなし", "歌唱用"), "Lemon - 米津玄師 (インスト)"),
    Noise("core", "ja", ("高音質", "公式", "公式mv", "公式ミュージックビデオ", "本人映像", "映像付き", "歌詞", "歌詞字幕", "歌詞動画", "フル歌詞", "フルバージョン", "アニメ映像", "主題歌", "弾き語り", "生演奏"), "Lemon - 米津玄師 (公式)"),
    Noise("karaoke", "zh", ("伴奏版", "ktv伴奏版", "ktv伴奏", "伴奏音乐", "伴奏音樂", "伴奏mv", "去人聲", "去人声", "消人聲", "消人声", "消音版", "消音伴奏", "原版伴奏", "純伴奏", "纯伴奏", "和音伴奏", "帶和音伴奏", "带和音伴奏", "帶和音", "带和音", "無和音", "无和音", "歌词版", "歌詞版", "ktv歌詞", "ktv歌词", "ktv版", "ktv music", "ktv with pinyin lyrics", "拼音", "拼音卡拉ok伴奏", "卡拉ok伴奏", "卡拉ok版", "卡拉ok字幕", "卡拉ok字幕版", "立体声伴奏", "立體聲伴奏", "立体声", "立體聲", "動態歌詞", "动态歌词", "滚动歌词", "滾動歌詞", "動態歌詞版", "不間斷版", "不间断版", "伴唱帶", "伴唱版", "導唱版", "无人声版", "無人聲版", "左右聲道", "左右声道", "雙聲道", "双声道", "pinyin karaoke", "pinyin karaoke version", "karaoke version instrumental music", "instrumental music", "ktv hd", "卡拉ok", "欢迎点歌", "歡迎點歌"), "稻香 - 周杰倫 (去人聲)"),
    Noise("core", "zh", ("高清", "高清版", "高清修復版", "高清修复版", "修復版", "修复版", "高清mv", "超清", "4k修复", "官方mv", "官方版", "官方完整版", "官方歌詞版", "完整版", "原版mv", "mv版", "帶歌詞", "带歌词", "歌詞", "歌词", "高音質", "高音质", "無損", "无损", "無損音質", "无损音质", "pinyin lyrics", "with pinyin lyrics", "with lyrics 歌詞", "官方高畫質", "官方hd", "繁體字幕", "动态歌词", "中英字幕", "原聲帶"), "稻香 - 周杰倫 (高清修復版)"),
    Noise("side", "zh", ("原唱", "hd", "音乐", "音樂", "版", "版本", "粵語", "粤语", "國語", "国语", "台語", "字幕", "with pinyin"), "稻香 - 周杰倫 (粵語 KTV)"),
    Noise("core", "sv, no, da, fi", ("officiell video", "offisiell video", "officiel video", "sångtext", "med text", "med sångtext", "med tekst", "sanat", "sanoilla", "virallinen video", "karaoke sanoilla", "lyriikat", "sangtekst"), "Dancing Queen - ABBA (officiell video)"),
    Noise("core", "cs, hu, ro, sr, bg", ("s textem", "oficiální video", "oficiálny videoklip", "hivatalos videó", "dalszöveg", "dalszöveggel", "versuri", "cu versuri", "videoclip oficial", "zvanični video", "službeni video", "официално видео", "karaoke verze", "magyar karaoke", "instrumentální verze", "uz tekst"), "Láska - Lucie (oficiální video)"),
    Noise("core", "en", ("amv", "pv", "opening", "ending", "tv size ver", "full size", "english subtitles", "eng sub", "official instrumental video", "explicit", "unofficial", "premiere", "live performance video", "color coded lyrics", "lyrics hd", "hd lyrics", "multi", "official music", "stage cam", "fancam"), "Queen - Don't Stop Me Now (AMV)"),
    Noise("core", "any", ("youtube", "on youtube", "youtube video"), "Oasis - Wonderwall (Karaoke) - YouTube [HQ]"),
    Noise("side", "any", ("midi", "midi file", "mp3+g", "cdg"), "Azzurro (Adriano Celentano) base karaoke midi"),
    Noise("core", "ar", ("موسيقى و كلمات", "موسيقى وكلمات", "مع الموسيقى"), "فيروز - نسم علينا الهوى (موسيقى و كلمات)"),
    Noise("core", "sv, no, da, nl", ("svensk text", "norsk tekst", "dansk tekst", "dansk version", "nederlandse tekst", "engelsk text"), "ABBA - Dancing Queen (svensk text)"),
    Noise("loose", "any", ("i", "l", "ve", "und", "et", "y", "и", "та"), "Barış Manço - Gülpembe (Lyrics I Şarkı Sözleri)"),
    Noise("loose", "en", ("clean version", "tv", "arm", "ss", "mlm", "muz", "songhits", "kbps", "removed", "melody", "guide"), "Queen - Don't Stop Me Now (clean video version)"),
    Noise("side", "en", ("full", "full ver", "tv size", "short ver", "long ver", "game size", "full version"), "Lemon - 米津玄師 (FULL)"),
)  # fmt: skip

# "Zombie - The Cranberries | Karaoke Versi": words that a length limit may have cut.
LAST_WORDS = (
    "karaoke", "version", "versión", "versão", "instrumental", "lyrics", "video", "karafun",
)  # fmt: skip
