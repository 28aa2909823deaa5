"""Karaoke channels and what each writes first, as a table, each row with its real name."""

# ruff: noqa: E501  (a table's row stays on one line)

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Order: TypeAlias = Literal["title", "artist"]


class Channel(NamedTuple):
    """A channel or label that signs its names, and what it writes first (None: either)."""

    names: tuple[str, ...]
    first: Order | None
    weight: float
    example: str


# Stand in the table of channels for any disc's number and for any maker's sign.
DISC, MAKER = "a disc's number", "a maker's sign"

# Makers whose name titles have as well: "Kelsea Ballerini - Legends (Karaoke)".
WORDS_TOO = frozenset(("legends", "zoom", "stingray", "dam", "chartbuster", "singa", "smule"))

# What each channel writes first. Weighted: a habit can be outvoted by a well-known artist.
CHANNELS: tuple[Channel, ...] = (
    Channel((DISC,), "artist", 1.4, "NOMAD-0003 - Cher - Apples Don't Fall Far From The Tree"),
    Channel((MAKER,), "artist", 0.8, "3rd Bass - Green Eggs And Swine [DJ Sauly Karaoke]"),
    Channel(("karafun", "karafun karaoke"), "title", 4.0, "Zombie - The Cranberries | Karaoke Version | KaraFun"),
    Channel(("sing king", "sing king karaoke", "singking"), "artist", 2.0, "Adele - Hello (Karaoke Version) Sing King"),
    Channel(("zoom karaoke", "zoom", "from zoom karaoke", "karaoke version from zoom karaoke"), "artist", 2.5, "Martika - Toy Soldiers - Karaoke Version from Zoom Karaoke"),
    Channel(("vocal star", "vocal star karaoke", "vocal star karaoke 4k"), "artist", 2.0, "Black Eyed Peas - Boom Boom Pow | With Lyrics HD Vocal-Star Karaoke 4K"),
    Channel(("party tyme", "party tyme karaoke"), "title", 1.0, "Fancy (Made Popular By Iggy Azalea) Party Tyme Karaoke"),
    Channel(("stingray", "stingray karaoke", "karaoke with lyrics stingray karaoke"), None, 0.0, "Jolene - Dolly Parton | Stingray Karaoke"),
    Channel(("sunfly", "sunfly karaoke", "sunfly hits"), "artist", 1.0, "Take That - Patience [Sunfly Karaoke]"),
    Channel(("sound choice", "chartbuster", "legends", "mr entertainer", "mr entertainer karaoke", "pop hits monthly", "music maestro", "easy karaoke", "the karaoke channel", "karaoke channel", "prosource karaoke", "ameritz karaoke", "ameritz", "sybersound", "sybersound karaoke", "charts karaoke", "karaoke nation", "karaoke hits", "zzang karaoke", "all star karaoke", "singer s edge", "starlite karaoke", "karaoke cloud", "lucky voice", "lucky voice karaoke", "singsnap", "smule", "singa", "smash hits karaoke", "sc", "sf", "cb", "thm", "phm", "mre", "sbi", "kv", "zm", "sgb", "dk karaoke", "sc karaoke", "sf karaoke", "karaoke house", "cantanta", "songjam", "studio karaoke", "karaoke planet", "karaoke mugen"), None, 0.0, "Oasis - Wonderwall [Ameritz Karaoke]"),
    Channel(("tj", "tj karaoke", "tj media", "tj노래방", "ky", "ky karaoke", "ky entertainment", "금영", "금영노래방", "태진", "jw karaoke"), "title", 3.0, "[TJ노래방] 취중진담 - 전람회 / TJ Karaoke"),
    Channel(("joysound", "dam", "uga", "歌っちゃ王", "カラオケ歌っちゃ王", "ニコカラ"), "title", 1.5, "Lemon / 米津玄師【カラオケ 歌っちゃ王】"),
    Channel(("sing2piano", "sing2guitar"), "artist", 1.5, "Adele - Easy On Me (Piano Karaoke Instrumental) Sing2Piano"),
    Channel(("karaokemedia",), None, 0.0, "Jueves La Oreja de Van Gogh KARAOKE KARAOKEMEDIA"),
    Channel(("coversph", "singkaraoke", "koolsound", "magic sing", "wow videoke", "platinum karaoke", "hd karaoke", "hq karaoke"), "title", 1.5, "Mapa - SB19 (HD Karaoke)"),
    Channel(("musisi karaoke", "musisi"), "title", 0.5, "Separuh Aku - Noah (Karaoke) Musisi"),
    Channel(("version karaoke", "karaokeversion", "karaoke version fr", "version-karaoke"), "artist", 0.5, "Indochine - L'aventurier (Version Karaoke)"),
    Channel(("音圓", "音圆", "金嗓", "美華", "美华", "弘音", "瑞影", "點將家", "大唐", "啟航"), None, 0.0, "至少還有你 - 林憶蓮 [音圓]"),
    Channel(("arirang", "arirang karaoke"), "title", 0.5, "Lối Nhỏ - Đen Vâu (Arirang Karaoke)"),
    Channel(("live dam", "dam ch", "clubdam", "第一興商", "joysound カラオケ", "歌っちゃ王 カラオケ"), "title", 1.5, "Lemon / 米津玄師【LIVE DAM】"),
)  # fmt: skip

# Words that tell which language's karaoke habits rule: Vietnamese, Korean and Philippine channels
# write the title first.
TITLE_FIRST_WORDS: tuple[tuple[tuple[str, ...], float, str], ...] = (
    (("beat", "tone"), 1.0, "Em Của Ngày Hôm Qua - Sơn Tùng M-TP | Karaoke Beat Gốc"),
    (("노래방", "금영", "カラオケ", "オフボーカル", "ニコカラ"), 1.0, "[TJ노래방] 취중진담 - 전람회"),
    (("minus", "videoke", "opm"), 0.8, "Ikaw - Yeng Constantino (Minus One)"),
)  # fmt: skip
