"""Phrases that name the artist ("in the style of"), as tables, each row with its real name."""

# ruff: noqa: E501  (a table's row stays on one line)

from __future__ import annotations

import re
from typing import NamedTuple

from .folding import fold


class Credit(NamedTuple):
    """A phrase before the artist's name: "Title PHRASE Artist"."""

    language: str
    phrases: tuple[str, ...]
    example: str


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
    Credit("en", ("from the repertoire of", "made hit by", "sung originally by", "famous by", "famously sung by", "in style off", "tribute to"), "Radio Ga Ga (from the repertoire of Queen) Karaoke"),
    Credit("es", ("como la canta", "como lo canta", "a la manera de", "al estilo", "en la voz de", "en voz de", "original de", "hecho popular por", "hecha popular por"), "Bésame mucho (a la manera de Luis Miguel) Karaoke"),
    Credit("pt", ("tornada famosa por", "tornado famoso por", "na voz de", "à maneira de", "originalmente cantada por", "sucesso na voz de", "à moda de"), "Garota de Ipanema (na voz de Tom Jobim) Karaokê"),
    Credit("fr", ("à la façon de", "originellement par", "rendu populaire par", "rendue populaire par", "popularisée par"), "La vie en rose (à la façon de Edith Piaf) [Karaoké]"),
    Credit("de", ("in der art von", "bekannt geworden durch", "bekannt von", "original von", "nach dem original von", "im stile von"), "99 Luftballons (in der Art von Nena) Karaoke"),
    Credit("it", ("reso famoso da", "alla maniera di", "portata al successo da", "portato al successo da", "originariamente di", "resa nota da", "nello stile"), "Volare (portata al successo da Domenico Modugno) Karaoke"),
    Credit("nl", ("gezongen door", "uitgevoerd door", "oorspronkelijk van", "bekend gemaakt door", "origineel van", "in stijl van"), "Bloed, zweet en tranen (oorspronkelijk van André Hazes)"),
    Credit("pl", ("spopularyzowane przez", "spopularyzowana przez", "wykonawca", "w wykonaniu", "oryginalne wykonanie"), "Jolka, Jolka pamiętasz (w wykonaniu Budka Suflera) karaoke"),
    Credit("ru", ("в исполнении", "исполняет", "исполнитель", "исп", "в манере", "как поет"), "Группа крови (в исполнении Кино) караоке"),
    Credit("uk", ("у стилі", "в стилі", "з репертуару", "у виконанні", "в виконанні", "виконує", "виконавець", "вик"), "Без бою (у виконанні Океан Ельзи) караоке"),
    Credit("tr", ("tarzında", "söyleyen", "seslendiren", "yorumlayan", "yorumuyla", "orijinali"), "Kuzu Kuzu (seslendiren Tarkan) karaoke"),
    Credit("el", ("στο στυλ του", "στο στυλ της", "στο στυλ των", "ερμηνεία", "ερμηνεύει", "ερμηνευτής", "τραγουδά", "τραγουδάει", "τραγούδι από"), "Μάτια μου (ερμηνεία Χάρις Αλεξίου) καραόκε"),
    Credit("he", ("בסגנון", "בסגנון של", "בביצוע", "בביצוע של", "מאת", "במקור של", "הזמר", "הזמרת"), "צליל מיתר (בביצוע אייל גולן) קריוקי"),
    Credit("ar", ("غناء", "على طريقة", "للفنان", "للفنانة", "الفنان", "الفنانة", "للمطرب", "بصوت", "أداء", "بأسلوب", "المطرب", "المطربة"), "نسم علينا الهوى (غناء فيروز) كاريوكي"),
    Credit("vi", ("phong cách", "theo phong cách", "trình bày", "ca sĩ", "ca sỹ", "thể hiện", "biểu diễn", "nghệ sĩ", "nhạc sĩ", "sáng tác"), "Lối Nhỏ (trình bày Đen Vâu) Karaoke"),
    Credit("id", ("dinyanyikan oleh", "dipopulerkan oleh", "dipopulerkan", "gaya", "oleh", "penyanyi", "ciptaan", "cipt", "voc", "vokal oleh"), "Separuh Aku (dipopulerkan oleh Noah) Karaoke"),
    Credit("fil", ("kanta ni", "kanta ng", "inawit ni", "inawit ng", "pinasikat ni", "pinasikat ng", "sa istilo ni", "sa istilo ng"), "Narda (kanta ng Kamikazee) Karaoke"),
    Credit("ko", ("원곡", "원곡자", "원곡 가수", "가수", "노래:", "스타일"), "취중진담 (원곡 전람회) 노래방"),
    Credit("ja", ("原曲", "歌手", "アーティスト", "歌唱", "歌:", "唄", "うた:", "ボーカル:"), "Lemon (歌手 米津玄師) カラオケ"),
    Credit("zh", ("原唱", "演唱", "演唱者", "歌手", "主唱", "原唱者", "唱:"), "稻香 (原唱 周杰倫) 伴奏"),
    Credit("hi", ("singer:", "singers:", "गायक", "गायिका", "स्वर", "artist:", "vocals by", "originally from"), "Tum Hi Ho (singer: Arijit Singh) Karaoke"),
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

# The longest word of each phrase: without one of them no pattern of `CREDITS` need be tried, which
# is a third of what a bracket costs.
CREDIT_HINTS = frozenset(
    max(fold(phrase).split(), key=len) for row in CREDITS for phrase in row.phrases
)

FEATURING = ("feat", "ft", "featuring", "feats", "with special guest", "featuring with")


def credit_pattern(rows: tuple[Credit, ...]) -> re.Pattern[str]:
    """One pattern for all phrases of a table, the longest first, between word boundaries.

    A phrase that ends on a colon needs one: "Singer: Arijit Singh", not "The Wedding Singer".
    """
    phrases = sorted({phrase for row in rows for phrase in row.phrases}, key=len, reverse=True)
    choices = []
    for phrase in phrases:
        words = re.escape(phrase.removesuffix(":")).replace(r"\ ", " +")
        choices.append(words + (" ?:" if phrase.endswith(":") else r"(?!\w)"))
    choice = "|".join(choices)
    return re.compile(rf"(?<!\w)(?:{choice})[ :]*", re.IGNORECASE)
