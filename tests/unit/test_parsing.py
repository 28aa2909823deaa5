"""Reading names: one table per rule, examples from general knowledge."""

import re

import pytest

from pikaraoke_enrichment.tasks.names.channels import CHANNELS, DISC, MAKER
from pikaraoke_enrichment.tasks.names.credit_words import BY_WORDS, CREDITS, SINGS
from pikaraoke_enrichment.tasks.names.front_numbers import FORMS, Form, numbered_kinds
from pikaraoke_enrichment.tasks.names.noise_words import NOISE
from pikaraoke_enrichment.tasks.names.track_marks import BACK, FRONT, NAMELESS, Mark, unmarked
from pikaraoke_enrichment.tasks.names.version_words import VARIANTS
from pikaraoke_enrichment.tasks.parsing import Habit, Hypothesis, Knowledge, parse


def first(name: str) -> Hypothesis:
    return parse(name).hypotheses[0]


def reads(name: str, artist: str, title: str) -> None:
    found = first(name)
    assert (found.artist, found.title) == (artist, title), parse(name)


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("Zombie - The Cranberries | Karaoke Version | KaraFun", "The Cranberries", "Zombie"),
        ("Marry You : Bruno Mars | Karaoke with Lyrics", "Bruno Mars", "Marry You"),
        ('Rehab in the Style of "Amy Winehouse" karaoke video with lyrics (no lead vocal)',
         "Amy Winehouse", "Rehab"),
        ("Adele - Hello (Karaoke Version)", "Adele", "Hello"),
        ("In the Style of Adele - Hello.mp4", "Adele", "Hello"),
        ("Martika - Toy Soldiers - Karaoke Version from Zoom Karaoke", "Martika", "Toy Soldiers"),
        ("Dancing Queen (Made Famous by ABBA) [Karaoke Version]", "ABBA", "Dancing Queen"),
        ("abba • waterloo • karaoke", "ABBA", "Waterloo"),
        ("The Joker Karaoke | The Steve Miller Band Karaoke Version", "The Steve Miller Band",
         "The Joker"),
        ("KARAOKE MY WAY - FRANK SINATRA", "Frank Sinatra", "My Way"),
        ("[TJ노래방] 취중진담 - 전람회 / TJ Karaoke", "전람회", "취중진담"),
        ("Lemon / 米津玄師【カラオケ 歌っちゃ王】", "米津玄師", "Lemon"),
        ("Callalily | Magbalik (Karaoke + Instrumental)", "Callalily", "Magbalik"),
    ],
)  # fmt: skip
def test_the_styles_of_channels(name: str, artist: str, title: str) -> None:
    reads(name, artist, title)


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("SC8123-05 - Cher - Believe", "Cher", "Believe"),
        ("SF123-07 - ABBA - Waterloo.cdg", "ABBA", "Waterloo"),
        ("MIX001 - 02 - Queen - Somebody To Love.mp4", "Queen", "Somebody To Love"),
        ("Toto - Africa - XYZK-0076.mp4", "Toto", "Africa"),
        ("Toto - Africa XYZK-0076 (KARAOKE).zip", "Toto", "Africa"),
        ("(SDK) Toto - Africa.cdg", "Toto", "Africa"),
        ("CKK - Alice in Chains - Would.zip", "Alice in Chains", "Would"),
        ("Toto - Africa [popeoke].zip", "Toto", "Africa"),
        ("Toto - Africa [DJ Somebody Karaoke].zip", "Toto", "Africa"),
        ("Toto - Africa - Rock Hard Karaoke.zip", "Toto", "Africa"),
        ("01 - Toto - Africa", "Toto", "Africa"),
        ("Toto - Toto IV - 10 - Africa.mp3", "Toto", "Africa"),
        ("Costello, Elvis - Alison", "Elvis Costello", "Alison"),
        ("Beatles, The - Let It Be", "The Beatles", "Let It Be"),
        ("JACKSON MICHAEL - BEN", "Michael Jackson", "Ben"),
        ("Rogers, Kenny & Parton, Dolly - Islands in the Stream", "Kenny Rogers & Dolly Parton",
         "Islands in the Stream"),
        ("Cash, Johnny - Boy Named Sue, A", "Johnny Cash", "A Boy Named Sue"),
    ],
)  # fmt: skip
def test_discs_of_the_community(name: str, artist: str, title: str) -> None:
    reads(name, artist, title)


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("311 - Amber (Karaoke)", "311", "Amber"),
        ("10 Years - Wasteland", "10 Years", "Wasteland"),
        ("UB40 - Red Red Wine", "UB40", "Red Red Wine"),
        ("Blink-182-I Miss You (Karaoke)", "Blink-182", "I Miss You"),
        ("99 Luftballons - Nena", "Nena", "99 Luftballons"),
        ("1979 - The Smashing Pumpkins (Karaoke)", "The Smashing Pumpkins", "1979"),
        ("2 Become 1 - Spice Girls [Karaoke]", "Spice Girls", "2 Become 1"),
        ("22 - Taylor Swift", "Taylor Swift", "22"),
        ("11 - Bohemian Rhapsody", "", "Bohemian Rhapsody"),
        ("7 - Bergziege (Karaoke)", "Bergziege", "7"),
    ],
)  # fmt: skip
def test_numbers_are_artists_and_titles(name: str, artist: str, title: str) -> None:
    reads(name, artist, title)


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("Eagles Hotel California karaoke version", "Eagles", "Hotel California"),
        ("Let It Be The Beatles Karaoke", "The Beatles", "Let It Be"),
        ("Karaoke Luis Miguel La Barca", "Luis Miguel", "La Barca"),
        ("Karaoke Jessie J ft. B.o.B Price Tag", "Jessie J", "Price Tag"),
        ("Adele Rolling In The Deep (Karaoke Version)", "Adele", "Rolling In The Deep"),
        ("Karaoke Version of Perfect by Ed Sheeran", "Ed Sheeran", "Perfect"),
        ("【カラオケ】千本桜/初音ミク", "初音ミク", "千本桜"),
        ("GOLDFISH take me home", "GOLDFISH", "Take Me Home"),
        ("Oasis-Wonderwall (Karaoke)", "Oasis", "Wonderwall"),
        ("Cilla Black    You're My World", "Cilla Black", "You're My World"),
        ("Rod  Stewart - Sailing", "Rod Stewart", "Sailing"),
        ("Quellwasser - Bergziege  Karaoke Version", "Quellwasser", "Bergziege"),
        ("Shani Wallis...As Long As He Needs Me", "Shani Wallis", "As Long As He Needs Me"),
        ('Queen "Somebody to Love" M/V', "Queen", "Somebody to Love"),
        ('"Somebody to Love" Queen', "Queen", "Somebody to Love"),
        ("The Celtic Tenors perform 'Danny Boy' for the Queen", "The Celtic Tenors", "Danny Boy"),
        ("Danny Boy (Johnny Cash)", "Johnny Cash", "Danny Boy"),
        ("Danny Boy (Johnny Cash Karaoke)", "Johnny Cash", "Danny Boy"),
        ("Danny Boy (Karaoke) [Johnny Cash]", "Johnny Cash", "Danny Boy"),
        ("'Danny Boy' by 'Johnny Cash' karaoke", "Johnny Cash", "Danny Boy"),
        ("YOASOBI「アイドル」カラオケ", "YOASOBI", "アイドル"),
        ("アイドルカラオケ - YOASOBI", "YOASOBI", "アイドル"),
        ("周杰倫-稻香KTV", "周杰倫", "稻香"),
        ("【カラオケ】アイドル/YOASOBI【実演奏・フル】", "YOASOBI", "アイドル"),
        ("Blue Suede Shoes by Elvis Presley - Karaoke", "Elvis Presley", "Blue Suede Shoes"),
        ("Stand by Me by Ben E. King Karaoke", "Ben E. King", "Stand by Me"),
    ],
)  # fmt: skip
def test_names_without_a_separator(name: str, artist: str, title: str) -> None:
    reads(name, artist, title)


@pytest.mark.parametrize(
    "title",
    [
        "Mr. Brightside",
        "My Love",
        "Don't Forget to Remember",
        "Hotel California",
        "Someone Like You",
        "Let It Be Me",
        "Stand by Me",
    ],
)
def test_a_title_alone_stays_whole(title: str) -> None:
    for name in (title, f"{title} (HD Karaoke)", f"{title}.mp4"):
        reads(name, "", title)
        assert first(name).strength == "fallback"


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("Danny Boy - Bergziege", "Bergziege", "Danny Boy"),
        ("Bergziege - Danny Boy", "Bergziege", "Danny Boy"),
        ("Waltzing Matilda: Quellwasser", "Quellwasser", "Waltzing Matilda"),
        ("Bergziege Bohemian Rhapsody karaoke", "Bergziege", "Bohemian Rhapsody"),
        ("Bohemian Rhapsody Bergziege", "Bergziege", "Bohemian Rhapsody"),
        ("Boogie Oogie Oogie - A Taste of Honey", "A Taste of Honey", "Boogie Oogie Oogie"),
    ],
)
def test_songs_that_everybody_knows_are_titles(name: str, artist: str, title: str) -> None:
    reads(name, artist, title)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("(Sittin' On) The Dock of the Bay - Otis Redding | Karaoke Version | KaraFun",
         "(Sittin' On) The Dock of the Bay"),
        ("Shakespears Sister - Hello (Turn Your Radio On) (Karaoke)", "Hello (Turn Your Radio On)"),
        ("Queen - Don't Stop Me Now (Official Video) [HD]", "Don't Stop Me Now"),
        ("Queen - Don't Stop Me Now (EMI Records 1979)", "Don't Stop Me Now"),
        ("Queen - Don't Stop Me Now (2011)", "Don't Stop Me Now"),
        ("Queen - Somebody to Love (Jefferson Airplane)", "Somebody to Love"),
        ("Queen - Somebody to Love (from Happy Feet)", "Somebody to Love"),
        ("Queen - Radio Ga Ga (www.example.com)", "Radio Ga Ga"),
        ("Queen - Radio Ga Ga (FLAC 24 bit)", "Radio Ga Ga"),
        ("Queen - Radio Ga Ga (Queen 7 of 13)", "Radio Ga Ga"),
        ("Queen - Radio Ga Ga Dance Practice #2", "Radio Ga Ga"),
        ("Queen - Radio Ga Ga Sanremo 1984", "Radio Ga Ga"),
        ("Queen - [Radio Ga Ga] (Karaoke)", "Radio Ga Ga"),
        ("Radio Ga Ga / One Vision - Queen (Karaoke)", "Radio Ga Ga - One Vision"),
        ("Toto - Love (in a box)", "Love (in a box)"),
    ],
)  # fmt: skip
def test_brackets_are_noise_or_title(name: str, title: str) -> None:
    assert first(name).title == title


def test_a_bracket_behind_a_title_is_offered_both_ways() -> None:
    titles = [
        found.title for found in parse("Kate Bush - Running Up That Hill (A Deal)").hypotheses
    ]
    assert titles[0] == "Running Up That Hill (A Deal)"
    assert "Running Up That Hill" in titles[:3]


@pytest.mark.parametrize(
    ("name", "variant"),
    [
        ("Toto - Africa (Live)", "Live"), ("Toto - Africa (Acoustic) Karaoke", "Acoustic"),
        ("Toto - Africa (Reggae Remix)", "Reggae Remix"), ("Toto - Africa (Key -2)", "Key -2"),
        ("Toto - Africa (-3 Key)", "Key -3"), ("Toto - Africa (No Guide Melody)", ""),
        ("Toto - Africa KARAOKE WITHOUT BACKING VOCALS", ""),
        ("Toto - Africa (Karaoke Lower Key)", "Lower key"), ("Toto - Africa (+3)", "Key +3"),
        ("Toto - Africa (Radio Version) Karaoke", "Radio Version"),
        ("Toto - Africa (Karaoke, Key of Eb)", "Key Eb"),
        ("Toto - Africa key of F sharp", "Key F#"),
        ("Toto - Africa - Key +2 KARAOKE", "Key +2"), ("Toto - Africa Key -3 (Karaoke)", "Key -3"),
        ("Toto - Africa (Karaoke in D)", "Key D"), ("Toto - Africa (in Bb minor)", "Key Bb"),
        ("Toto - Africa (+2 Karaoke)", "Key +2"),
        ("Toto - Africa (2 semitones lower)", "2 semitones lower"),
        ("Toto - Africa (Guide Vocal)", "Guide vocal"), ("Toto - Africa [duet]", "Duet"),
        ("Shallow - Lady Gaga & Bradley Cooper (Karaoke with Lady Gaga part only)",
         "Lady Gaga part"),
        ("Shallow - Lady Gaga & Bradley Cooper (Female Part)", "Female part"),
        ("Toto - Africa - Live at Wembley 1985", "Live at Wembley 1985"),
        ("Toto - Africa (Live at Wembley 1985)", "Live at Wembley 1985"),
        ("Toto - Africa [Live in Amsterdam, 2003] Karaoke", "Live in Amsterdam, 2003"),
        ("Toto - Africa", ""),
    ],
)  # fmt: skip
def test_variants_leave_the_title(name: str, variant: str) -> None:
    found = first(name)
    assert found.variant.lower() == variant.lower()
    assert found.title in ("Africa", "Shallow")


@pytest.mark.parametrize(
    ("name", "artist", "title", "featured"),
    [
        ("Mark Ronson ft. Amy Winehouse - Valerie", "Mark Ronson", "Valerie", ("Amy Winehouse",)),
        ("Valerie (feat. Amy Winehouse) - Mark Ronson (Karaoke)", "Mark Ronson", "Valerie",
         ("Amy Winehouse",)),
        ("Rihanna - Umbrella featuring Jay-Z", "Rihanna", "Umbrella", ("Jay-Z",)),
        ("Flo Rida Ft T-Pain & Somebody - Low [Karaoke]", "Flo Rida", "Low",
         ("T-Pain", "Somebody")),
        ("Elton John & Kiki Dee - Don't Go Breaking My Heart", "Elton John & Kiki Dee",
         "Don't Go Breaking My Heart", ()),
    ],
)  # fmt: skip
def test_guests_stay_out_of_the_search(
    name: str, artist: str, title: str, featured: tuple[str, ...]
) -> None:
    found = first(name)
    assert (found.artist, found.title, found.featured) == (artist, title, featured)


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("Roar - Katy Perry (Somebody Unheard Cover)", "Somebody Unheard", "Roar"),
        ("Conway Twitty - Jambalaya (Hank Williams Cover)", "Conway Twitty", "Jambalaya"),
        ("Roar - Katy Perry (Cover by Somebody Unheard)", "Somebody Unheard", "Roar"),
        ("Roar - Katy Perry (Boyce Avenue Cover)", "Boyce Avenue", "Roar"),
        ("Katy Perry - Roar (Piano Cover) - Quellwasser", "Quellwasser", "Roar"),
        ("Quellwasser Brothers - Crazy by Willie Nelson", "Quellwasser Brothers", "Crazy"),
        ("Elton John live at the Troubadour - Your Song", "Elton John", "Your Song"),
        ("Elton John with Kiki Dee - Your Song", "Elton John", "Your Song"),
        ("Quellwasser Song - Oliver! (musical) Karaoke", "Oliver!", "Quellwasser Song"),
        ("Bergziege (band) - Quellwasser Song Karaoke", "Bergziege", "Quellwasser Song"),
        ("Some Band - Lungs Out (Originally by Katy Perry)", "Some Band", "Lungs Out"),
    ],
)
def test_who_covers_and_who_is_covered(name: str, artist: str, title: str) -> None:
    reads(name, artist, title)


@pytest.mark.parametrize(
    ("name", "youtube_id", "artist", "title"),
    [
        ("Marry You ： Bruno Mars ｜ Karaoke with Lyrics---dQw4w9WgXcQ.mp4", "dQw4w9WgXcQ",
         "Bruno Mars", "Marry You"),
        ("Queen - Radio Ga Ga [dQw4w9WgXcQ].webm", "dQw4w9WgXcQ", "Queen", "Radio Ga Ga"),
        ("-UM1XiyBmhM__Sing King__Adele - Hello (Karaoke Version).mp4", "-UM1XiyBmhM",
         "Adele", "Hello"),
        ("-UM1XiyBmhM__Sing King__Adele - Hello---dQw4w9WgXcQ.mp4", "dQw4w9WgXcQ",
         "Adele", "Hello"),
        ("AC⧸DC - Thunderstruck---a1B2c3D4e5F.mp4", "a1B2c3D4e5F", "AC/DC", "Thunderstruck"),
        ("Queen - Radio Ga Ga-a1B2c3D4e5F.mp4", "a1B2c3D4e5F", "Queen", "Radio Ga Ga"),
        ("Queen - Radio Ga Ga (a1B2c3D4e5F).mp4", "a1B2c3D4e5F", "Queen", "Radio Ga Ga"),
        ("Queen - Radio Ga Ga_a1B2c3D4e5F.mp4", "a1B2c3D4e5F", "Queen", "Radio Ga Ga"),
        ("a1B2c3D4e5F.mp4", "a1B2c3D4e5F", "", "a1B2c3D4e5F"),
        ("Luis Miguel - La Barca [Instrumento].mp4", None, "Luis Miguel",
         "La Barca [Instrumento]"),
    ],
)  # fmt: skip
def test_youtube_ids(name: str, youtube_id: str | None, artist: str, title: str) -> None:
    assert parse(name).youtube_id == youtube_id
    reads(name, artist, title)


@pytest.mark.parametrize(
    "ending", ["mp4", "mp3", "zip", "mkv", "avi", "webm", "mov", "cdg", "ass", "MP4"]
)
def test_extensions_are_no_title(ending: str) -> None:
    reads(f"/songs/Queen/Queen - Radio Ga Ga.{ending}", "Queen", "Radio Ga Ga")


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("BeyoncÃ© - Halo (Karaoke)", "Beyoncé", "Halo"),
        ("Ｑｕｅｅｎ － Ｒａｄｉｏ　Ｇａ　Ｇａ", "Queen", "Radio Ga Ga"),
        ("Queen – Radio Ga Ga 🎤🔥 KARAOKE 🔥", "Queen", "Radio Ga Ga"),
        ("𝐐𝐮𝐞𝐞𝐧 - Radio Ga Ga", "Queen", "Radio Ga Ga"),
        ("Queen_-_Radio_Ga_Ga_(Karaoke)", "Queen", "Radio Ga Ga"),
        ("Queen - Don_t Stop Me Now", "Queen", "Don't Stop Me Now"),
        ("Simon &amp; Garfunkel - The Boxer", "Simon & Garfunkel", "The Boxer"),
        ("Queen%20-%20Radio%20Ga%20Ga.mp4", "Queen", "Radio Ga Ga"),
        ("Beyonc\udce9 - Halo", "Beyoncé", "Halo"),
        ("Queen - Radio Ga Ga.wmv", "Queen", "Radio Ga Ga"),
        ("Queen - Radio Ga Ga.CDG.zip", "Queen", "Radio Ga Ga"),
        ("Queen - Radio Ga Ga.karaoke.mp4", "Queen", "Radio Ga Ga"),
        ("Queen - Radio Ga Ga.f137.mp4", "Queen", "Radio Ga Ga"),
        ("Queen - Radio Ga Ga [CD+G]", "Queen", "Radio Ga Ga"),
        ("Radio Ga Ga - Queen | Karaoke Versi", "Queen", "Radio Ga Ga"),
        ("Radio Ga Ga - Queen (Kara", "Queen", "Radio Ga Ga"),
        ("\u202bفيروز - نسم علينا الهوى\u202c (كاريوكي)", "فيروز", "نسم علينا الهوى"),
        ("C:\\Karaoke\\Toto - Africa.zip", "Toto", "Africa"),
        ("AC/DC - Thunderstruck.mp4", "AC/DC", "Thunderstruck"),
    ],
)  # fmt: skip
def test_what_machines_did_to_names_is_undone(name: str, artist: str, title: str) -> None:
    reads(name, artist, title)


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("MARC ANTHONY - VIVIR MI VIDA KARAOKE", "Marc Anthony", "Vivir Mi Vida"),
        ("marc anthony - vivir mi vida karaoke", "Marc Anthony", "Vivir Mi Vida"),
        ("AC/DC - BACK IN BLACK", "AC/DC", "Back in Black"),
        ("DJ QUELLE - EVERYBODY", "DJ Quelle", "Everybody"),
        ("Gorillaz - DARE", "Gorillaz", "DARE"),
        ("k.d. lang - Constant Craving", "k.d. lang", "Constant Craving"),
    ],
)
def test_capitals_become_readable(name: str, artist: str, title: str) -> None:
    reads(name, artist, title)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_a_number_in_front_is_cut_whole(form: Form) -> None:
    reads(form.example, "Adele", "Hello")


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("102 Quellwasser - Bergziege (Karaoke)", "Quellwasser", "Bergziege"),
        ("0012. Adele - Hello", "Adele", "Hello"),
        ("16_Quellwasser - Bergziege", "Quellwasser", "Bergziege"),
        ("2021-05-06 Adele - Hello", "Adele", "Hello"),
        ("(102) Adele - Hello", "Adele", "Hello"),
        ("Track 3. 50 Cent - In da Club", "50 Cent", "In da Club"),
        ("21 Guns - Green Day", "Green Day", "21 Guns"),
        ("17 años - Los Ángeles Azules (Karaoke)", "Los Ángeles Azules", "17 Años"),
        ("1979 - Smashing Pumpkins", "Smashing Pumpkins", "1979"),
        ("505 - Arctic Monkeys (Karaoke)", "Arctic Monkeys", "505"),
        ("311 - Amber - Karaoke Version", "311", "Amber"),
        ("102. 311 - Amber", "311", "Amber"),
        ("7!! - Lovers (Karaoke)", "7!!", "Lovers"),
        ("12 Bergziege Quellwasser Karaoke", "", "Bergziege Quellwasser"),
        ('98 "Quellwasser" by Bergziege (Karaoke)', "Bergziege", "Quellwasser"),
        ("26 Quellwasser   Bergziege", "Quellwasser", "Bergziege"),
        ("42 Always_Be_My_Baby_David_Cook", "David Cook", "Always Be My Baby"),
        ("12-One_Direction_History", "One Direction", "History"),
        ("930 Adele (HELLO)", "Adele", "Hello"),
        ("57 - 周杰倫 稻香 KTV", "周杰倫", "稻香"),
        ("2-13 5 Seconds of Summer - Amnesia", "5 Seconds of Summer", "Amnesia"),
        ("1-18 14485 - Quellwasser - Bergziege", "Quellwasser", "Bergziege"),
        ("SF122-03_Always_Be_My_Baby_David_Cook", "David Cook", "Always Be My Baby"),
        ("SC8125-06 - Hello_by_Adele", "Adele", "Hello"),
        ("505 Arctic Monkeys Karaoke", "Arctic Monkeys", "505"),
        ("311_-_Love_Song", "311", "Love Song"),
        ("2002 (acoustic) - Anne-Marie", "Anne-Marie", "2002"),
        ("1913 Massacre - Woody Guthrie", "Woody Guthrie", "1913 Massacre"),
        ("1985 in the style of Bowling for Soup karaoke", "Bowling for Soup", "1985"),
    ],
)
def test_a_number_in_front_is_cut_or_kept(name: str, artist: str, title: str) -> None:
    reads(name, artist, title)


def test_neighbours_tell_whether_a_number_is_a_place() -> None:
    listed = [f"{number} Quellwasser - Lied {number}" for number in range(41, 50)]
    assert numbered_kinds([*listed, "Ohne - Nummer"]) == {"space": True}
    mixed = ["12 Wochen - Quellwasser", *(f"Quellwasser - Lied {sign}" for sign in "ABCDEFGHIJ")]
    assert numbered_kinds(mixed) == {"space": False}
    assert numbered_kinds(["102 Adele - Hello"]) == {}
    few = [f"{number} Quellwasser - Lied" for number in (41, 42, 44, 45, 47)]
    assert numbered_kinds([*few, *(f"Bergziege {sign} - Lied" for sign in "ABCDEFGHIJ")]) == {
        "space": True
    }
    in_a_list = parse("50 Cent - In da Club", folder=Habit(numbered={"space": True}))
    assert in_a_list.hypotheses[0].artist == "50 Cent"


@pytest.mark.parametrize("row", [*FRONT, *BACK], ids=lambda row: row.example)
def test_every_row_of_marks(row: Mark) -> None:
    assert re.search(rf"^(?:{row.pattern})" if row in FRONT else f"(?:{row.pattern})$", row.example)
    whole, bare = first(row.example), first(unmarked(row.example).text)
    assert (whole.artist, whole.title) == (bare.artist, bare.title)
    assert whole.artist
    assert bool(whole.variant) == (row.kind == "key")


@pytest.mark.parametrize("row", NAMELESS, ids=lambda row: row.example)
def test_what_machines_call_files_is_no_song(row: Mark) -> None:
    found = parse(row.example).hypotheses
    assert [one.strength for one in found] == ["fallback"]


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("UB40 - 05 - Red Red Wine", "UB40", "Red Red Wine"),
        ("BLINK-182-I MISS YOU", "blink-182", "I Miss You"),
        ("Sugar - Maroon_5", "Maroon 5", "Sugar"),
        ("Lou Bega - Mambo No_3", "Lou Bega", "Mambo No 3"),
        ("SR-71 - Right Now", "SR-71", "Right Now"),
        ("Will.i.am - Scream & Shout", "Will.i.am", "Scream & Shout"),
        ("24 - 05 - Quellwasser - Bergziege", "Quellwasser", "Bergziege"),
        ("Stevie Wonder - Songs in the Key of Life", "Stevie Wonder", "Songs in the Key of Life"),
    ],
)
def test_what_only_looks_like_a_mark_stays(name: str, artist: str, title: str) -> None:
    reads(name, artist, title)


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("Quellwasser - Bergziege | Wiesenfest - Talblick TV", "Quellwasser", "Bergziege"),
        ("Tum Hi Ho | Aashiqui 2 | Arijit Singh | Karaoke", "Arijit Singh", "Tum Hi Ho"),
        ("Kesariya - Brahmastra | Arijit Singh", "Arijit Singh", "Kesariya"),
        ("Mutiara - Laila Ayu | Karaoke Duet (Lirik) by SUARAmedia", "Laila Ayu", "Mutiara"),
        ("Maroon 5 Payphone ft Wiz Khalifa", "Maroon 5", "Payphone"),
        ("Bruciare per te (cori) Maker - Elisa (base)", "Elisa", "Bruciare per te"),
        ("Alegria (cori) (MLM) - Cirque du Soleil", "Cirque du Soleil", "Alegria"),
        ("(G)I-DLE - PV - Hann", "(G)I-DLE", "Hann"),
        ("2PAC-TUPAC SHAKUR-CHANGES", "2Pac", "Changes"),
        ("Adele Adele - Skyfall", "Adele", "Skyfall"),
        ("Adele Official - Hello", "Adele", "Hello"),
        ("A Tribe Called Quest - Lyrics To Go", "A Tribe Called Quest", "Lyrics To Go"),
        ("Kelsea Ballerini - Legends Karaoke Version", "Kelsea Ballerini", "Legends"),
        ("Natalia Oreiro - En El 2000", "Natalia Oreiro", "En El 2000"),
        ("STAY - The Kid LAROI - Karaoke", "The Kid LAROI", "STAY"),
        ('"Weird Al" Yankovic - Eat It (Karaoke)', '"Weird Al" Yankovic', "Eat It"),
        ("[KARAOKE] Not My Fault - Mỹ Mỹ, Lan Anh, Thu Hà l QUELL", "Mỹ Mỹ, Lan Anh, Thu Hà",
         "Not My Fault"),
        ("Không Muốn Yêu - Mỹ Tâm | Karaoke Beat Chuẩn", "Mỹ Tâm", "Không Muốn Yêu"),
        ("צליל מיתר - אייל גולן", "אייל גולן", "צליל מיתר"),
        ("アイドル / wacci", "Wacci", "アイドル"),
        ("Pasabta Ko (KARAOKE) by Leela Laburada", "Leela Laburada", "Pasabta Ko"),
        ("Phép Màu - QUELLs, Minh Tốc (Beat gốc)", "QUELLs, Minh Tốc", "Phép Màu"),
        ("Hà Nhi - Vì Em Chưa Bao Giờ Khóc I Karaoke Beat Gốc", "Hà Nhi",
         "Vì Em Chưa Bao Giờ Khóc"),
        ("Victor Yturbe 'El Piruli' - Yo Lo Comprendo (Karaoke)", 'Victor Yturbe "El Piruli"',
         "Yo Lo Comprendo"),
        ("周杰倫《稻香》KTV 伴奏版 高清修復版", "周杰倫", "稻香"),
        ("周杰倫 - 稻香KTV歌詞伴奏版", "周杰倫", "稻香"),
        ("五月天[突然好想你]KTV伴奏", "五月天", "突然好想你"),
        ("稻香 - 周杰倫 Jay Chou (伴奏)", "周杰倫", "稻香"),
        ("Adele+Hello+Karaoke", "Adele", "Hello"),
        ("LiSA - Gurenge (TV)", "LiSA", "Gurenge"),
        ("Hello cover of Adele (Karaoke)", "Adele", "Hello"),
        ("122 - Always_Be_My_Baby_David_Cook", "David Cook", "Always Be My Baby"),
        ("PSY - GANGNAM STYLE (강남스타일) Karaoke", "Psy", "Gangnam Style"),
        ("Elissa - Ajmal Ihsas karaoke / إليسا أجمل إحساس", "Elissa", "Ajmal Ihsas"),
        ("Kesariya Karaoke - Brahmastra - Arijit Singh", "Arijit Singh", "Kesariya"),
        ("Channa Mereya | Ae Dil Hai Mushkil | Karaoke | Pritam | Arijit Singh", "Arijit Singh",
         "Channa Mereya"),
        ("Karaoke | Kannaana Kanney | Sid Sriram | Viswasam", "Sid Sriram", "Kannaana Kanney"),
        ("Simply Karaoke - Valerie - Amy Winehouse", "Amy Winehouse", "Valerie"),
        ("林俊傑-江南-伴唱版", "林俊傑", "江南"),
        ("愛情的模樣(五月天)-KTV", "五月天", "愛情的模樣"),
        ("【KTV】蔡依林 - 說愛你", "蔡依林", "說愛你"),
        ("起风了 伴奏 买辣椒也用券", "买辣椒也用券", "起风了"),
        ("小幸運 田馥甄 Hebe 動態歌詞伴奏", "田馥甄", "小幸運"),
        ("Billie Eilish~Ocean Eyes~karaoke", "Billie Eilish", "Ocean Eyes"),
        ("Karaoke Gõ Cửa Trái Tim Song Ca | Quang Lê - Mai Thiên Vân",
         "Quang Lê - Mai Thiên Vân", "Gõ Cửa Trái Tim"),
    ],
)  # fmt: skip
def test_habits_of_the_field(name: str, artist: str, title: str) -> None:
    reads(name, artist, title)


@pytest.mark.parametrize(
    "name",
    [
        "Wings - Sejati (Karaoke)",
        "Weezer - Buddy Holly",
        "Natalia Quell - Ich Lebe 2005",
        "Queen - ABBA (Karaoke)",
    ],
)
def test_what_may_be_otherwise_is_not_sure(name: str) -> None:
    assert first(name).strength == "weak", parse(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ao Anh - KARAOKE - Tone Nam ( Dm /Re Thứ )",
        "08 - Vijayi Bhava - QuellSongs.com.mp3",
        "シアワセうさぎ(夏) OnVocal",
        "Hẹn Gặp Em Dưới Ánh Trăng - Karaoke (Vocal 30%) KEN 20250108001",
        "Quell no Hero - ED2 - Shout Baby",
    ],
)
def test_no_artist_is_invented(name: str) -> None:
    assert first(name).artist == "", parse(name)


@pytest.mark.parametrize("youtube_id", ["dQwXGcQZtRk", "a1B2c3D4e5F", "_xQzKLmnRTy"])
def test_ids_without_a_digit_are_no_words(youtube_id: str) -> None:
    assert parse(f"Adele - Hello-{youtube_id}.mp4").youtube_id == youtube_id
    assert parse("Adele - Hello-ZoomKaraoke.mp4").youtube_id is None


@pytest.mark.parametrize("row", NOISE, ids=lambda row: f"{row.kind}-{row.language}")
def test_every_row_of_noise(row) -> None:  # type: ignore[no-untyped-def]
    found = first(row.example)
    assert found.artist
    assert not any(sign in found.artist + found.title for sign in "()[]|【】")


@pytest.mark.parametrize("row", [*CREDITS, *BY_WORDS, *SINGS], ids=lambda row: row.example)
def test_every_row_of_credits(row) -> None:  # type: ignore[no-untyped-def]
    found = first(row.example)
    assert found.artist
    assert not any(phrase in f"{found.artist} {found.title}" for phrase in row.phrases)
    assert any(phrase in " ".join(found.evidence) for phrase in row.phrases)


@pytest.mark.parametrize("row", VARIANTS, ids=lambda row: row.example)
def test_every_row_of_variants(row) -> None:  # type: ignore[no-untyped-def]
    found = first(row.example)
    assert found.variant
    assert not found.title.endswith((")", "]"))


@pytest.mark.parametrize("row", CHANNELS, ids=lambda row: row.names[0])
def test_every_row_of_channels(row) -> None:  # type: ignore[no-untyped-def]
    found = first(row.example)
    assert found.artist
    assert found.title
    names = [name for name in row.names if name not in (DISC, MAKER)]
    assert not any(
        name in f"{found.artist} {found.title}".lower() for name in names if len(name) > 3
    )


def test_what_the_library_knows_decides_the_order() -> None:
    name = "Quellwasser - Bergziege (Karaoke)"
    for artist, title in (("Quellwasser", "Bergziege"), ("Bergziege", "Quellwasser")):
        found = parse(name, Knowledge(frozenset({artist.lower()}))).hypotheses[0]
        assert (found.artist, found.title, found.strength) == (artist, title, "strong")
        assert "artist: artist of this library" in found.evidence


def test_an_open_order_is_offered_both_ways() -> None:
    found = parse("Quellwasser - Bergziege").hypotheses
    pairs = {(one.artist, one.title) for one in found}
    assert {("Quellwasser", "Bergziege"), ("Bergziege", "Quellwasser")} <= pairs
    assert found[0].strength == "weak"
    assert found[-1].strength == "fallback"


def test_official_videos_put_the_artist_first() -> None:
    reads("Wasted Love - Randolph", "Randolph", "Wasted Love")
    reads("Wasted Love - Randolph [Official Video]", "Wasted Love", "Randolph")


def test_words_of_songs_tell_what_is_sung() -> None:
    found = first("Wasted Love - Randolph (Karaoke)")
    assert (found.artist, found.title) == ("Randolph", "Wasted Love")
    assert "title: words of songs" in found.evidence


def test_evidence_says_why() -> None:
    found = first("Zombie - The Cranberries | Karaoke Version | KaraFun")
    assert found.strength == "strong"
    assert "karafun writes the title first" in found.evidence
    assert "artist: well-known artist" in " ".join(found.evidence)


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("the.proclaimers.-.im.gonna.be.karaoke.avi", "The Proclaimers", "Im Gonna Be"),
        ("Oasis-Wonderwall-Karaoke.mp4", "Oasis", "Wonderwall"),
        ("HeyJude-Beatles.mp4", "Beatles", "Hey Jude"),
        ("McFly-Obviously.mp4", "McFly", "Obviously"),
        ("Simon_and_Garfunkel-The_Boxer-Karaoke", "Simon and Garfunkel", "The Boxer"),
        ("R.E.M. - Nightswimming.mp4", "R.E.M.", "Nightswimming"),
        ("abba_dancing-queen_karaoke", "ABBA", "Dancing Queen"),
        ("abba-dancing_queen", "ABBA", "Dancing Queen"),
        ("dancing_queen-abba", "ABBA", "Dancing Queen"),
        ("abba-dancing_queen-karaoke", "ABBA", "Dancing Queen"),
        ("bohemian-rhapsody_queen", "Queen", "Bohemian Rhapsody"),
        ("bruno-mars-just-the-way-you-are-karaoke", "Bruno Mars", "Just the Way You Are"),
        ("Bruno-Mars---Just-The-Way-You-Are", "Bruno Mars", "Just The Way You Are"),
        ("BrunoMars_JustTheWayYouAre_Karaoke", "Bruno Mars", "Just The Way You Are"),
        ("Bruno Mars >> Just The Way You Are", "Bruno Mars", "Just The Way You Are"),
    ],
)
def test_dots_and_hyphens_that_stand_for_spaces(name: str, artist: str, title: str) -> None:
    best = parse(name).hypotheses[0]
    assert (best.artist, best.title) == (artist, title)


@pytest.mark.parametrize("name", ["米津玄師 - Lemon (カラオケ)", "Lemon - 米津玄師 (カラオケ)"])
def test_a_habit_turns_nothing_round_where_one_side_alone_is_a_song(name: str) -> None:
    best = parse(name).hypotheses[0]
    assert (best.artist, best.title, best.strength) == ("米津玄師", "Lemon", "strong")


@pytest.mark.parametrize("cry", ["!!! BEST KARAOKE !!!", "HD KARAOKE!!", "*** FULL HQ ***"])
def test_what_is_cried_out_in_front_is_no_title(cry: str) -> None:
    best = parse(f"{cry} Livin' On a Prayer -- Bon Jovi -- with lyrics").hypotheses[0]
    assert (best.artist, best.title) == ("Bon Jovi", "Livin' On a Prayer")
