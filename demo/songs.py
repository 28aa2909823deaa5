"""The demonstration's songs: real songs, and the bad names that karaoke files have."""

from __future__ import annotations

from dataclasses import dataclass

from .catalogue import Song


@dataclass(frozen=True)
class DemoFile:
    """One file of the demonstration's folder; `song` is None where no service can know it."""

    name: str
    song: Song | None


def _file(
    name: str,
    artist: str,
    title: str,
    year: int,
    genre: str,
    album: str = "",
    *,
    aliases: tuple[str, ...] = (),
    covers: tuple[tuple[str, int], ...] = (),
    listeners: int = 800_000,
) -> DemoFile:
    song = Song(
        artist,
        title,
        year,
        genre,
        album,
        listeners=listeners,
        aliases=aliases,
        covers=covers,
    )
    return DemoFile(name, song)


FILES: tuple[DemoFile, ...] = (
    # YouTube karaoke channels, with the id as yt-dlp and youtube-dl write it
    _file(
        "Queen - Bohemian Rhapsody (Karaoke Version)---xK3Tn0vLq2w.mp4",
        *("Queen", "Bohemian Rhapsody", 1975, "Rock", "A Night at the Opera"),
        covers=(("Panic! at the Disco", 2016),),
    ),
    _file(
        "ABBA - Dancing Queen (Karaoke) [bQ7mZr1YpXc].mp4",
        *("ABBA", "Dancing Queen", 1976, "Pop", "Arrival"),
    ),
    _file(
        "Journey - Don't Stop Believin' | Karaoke Version | With Lyrics---Fg5hJk2LmN8.mp4",
        *("Journey", "Don't Stop Believin'", 1981, "Rock", "Escape"),
    ),
    _file(
        "Adele - Rolling in the Deep KARAOKE (HD, no guide melody)---pL0oK9iJ8uH.mp4",
        *("Adele", "Rolling in the Deep", 2010, "Soul", "21"),
    ),
    _file(
        "🎤 Toto - Africa 🎵 Sing Along Lyrics 🎵 Karaoke---aZ3sX4dC5fV.mp4",
        *("Toto", "Africa", 1982, "Rock", "Toto IV"),
        covers=(("Weezer", 2018),),
    ),
    _file(
        "Karaoke ♥ I Will Survive - Gloria Gaynor ♥---tY7uI8oP9aS.mp4",
        *("Gloria Gaynor", "I Will Survive", 1978, "Disco", "Love Tracks"),
        covers=(("Cake", 1996),),
    ),
    _file(
        "Billie Eilish - bad guy (Instrumental)---Qw2eR3tY4uI.webm",
        *("Billie Eilish", "bad guy", 2019, "Pop", "When We All Fall Asleep, Where Do We Go?"),
    ),
    _file(
        "Oasis - Wonderwall - KARAOKE - Lower Key (-3)---mN6bV5cX4zL.mp4",
        *("Oasis", "Wonderwall", 1995, "Rock", "(What's the Story) Morning Glory?"),
        covers=(("Ryan Adams", 2004),),
    ),
    _file(
        "a-ha - Take On Me (Official Video) [4K] (Karaoke)---hG4fD3sA2qW.mp4",
        *("a-ha", "Take On Me", 1984, "Synth-pop", "Hunting High and Low"),
    ),
    # "in the style of" and its kin
    _file(
        "I Want It That Way (In the Style of Backstreet Boys) [Karaoke Version].mp4",
        *("Backstreet Boys", "I Want It That Way", 1999, "Pop", "Millennium"),
    ),
    _file(
        "Sweet Caroline (Originally Performed by Neil Diamond).mp4",
        *(
            "Neil Diamond",
            "Sweet Caroline",
            1969,
            "Pop",
            "Brother Love's Travelling Salvation Show",
        ),
    ),
    _file(
        "Jolene (Made Famous by Dolly Parton) [Instrumental].mkv",
        *("Dolly Parton", "Jolene", 1973, "Country", "Jolene"),
        covers=(("The White Stripes", 2004), ("Olivia Newton-John", 1976)),
    ),
    _file(
        "Karaoke Take Me Home, Country Roads - John Denver _ KaraFun.mp4",
        *(
            "John Denver",
            "Take Me Home, Country Roads",
            1971,
            "Country",
            "Poems, Prayers & Promises",
        ),
        covers=(("Olivia Newton-John", 1973),),
    ),
    _file(
        "Valerie by Amy Winehouse (karaoke).mp4",
        *("Mark Ronson feat. Amy Winehouse", "Valerie", 2007, "Soul", "Version"),
        covers=(("The Zutons", 2006),),
    ),
    # CD+G discs: an id before everything, tracks, shouting
    _file(
        "SC8125-06 - Eagles - Hotel California.mp4",
        *("Eagles", "Hotel California", 1976, "Rock", "Hotel California"),
    ),
    _file(
        "SF042-11 - FLEETWOOD MAC - DREAMS.mp4",
        *("Fleetwood Mac", "Dreams", 1977, "Rock", "Rumours"),
        covers=(("The Corrs", 1998),),
    ),
    _file(
        "CB20355 - 03 - Cash, Johnny - Ring of Fire.mp4",
        *("Johnny Cash", "Ring of Fire", 1963, "Country", "Ring of Fire"),
    ),
    _file(
        "07 BON JOVI - LIVIN' ON A PRAYER.mp4",
        *("Bon Jovi", "Livin' on a Prayer", 1986, "Rock", "Slippery When Wet"),
    ),
    _file(
        "Beatles, The - Hey Jude - SC7517-02.mp4",
        *("The Beatles", "Hey Jude", 1968, "Rock", "Hey Jude"),
        covers=(("Wilson Pickett", 1969),),
    ),
    _file(
        "Presley, Elvis - Can't Help Falling in Love.mp4",
        *("Elvis Presley", "Can't Help Falling in Love", 1961, "Pop", "Blue Hawaii"),
        covers=(("UB40", 1993),),
    ),
    # underscores, dots, cases
    _file(
        "nirvana_-_smells_like_teen_spirit_(karaoke).mp4",
        *("Nirvana", "Smells Like Teen Spirit", 1991, "Grunge", "Nevermind"),
    ),
    _file(
        "Simon_and_Garfunkel-The_Sound_of_Silence-Karaoke.mp4",
        *("Simon & Garfunkel", "The Sound of Silence", 1964, "Folk", "Wednesday Morning, 3 A.M."),
        covers=(("Disturbed", 2015),),
    ),
    _file(
        "the.proclaimers.-.im.gonna.be.(500.miles).karaoke.avi",
        *("The Proclaimers", "I'm Gonna Be (500 Miles)", 1988, "Pop", "Sunshine on Leith"),
    ),
    _file(
        "CREEDENCE CLEARWATER REVIVAL PROUD MARY KARAOKE.mp4",
        *("Creedence Clearwater Revival", "Proud Mary", 1969, "Rock", "Bayou Country"),
        covers=(("Ike & Tina Turner", 1971),),
    ),
    # signs in names
    _file(
        "AC_DC - Highway to Hell (Karaoke).mp4",
        *("AC/DC", "Highway to Hell", 1979, "Hard Rock", "Highway to Hell"),
    ),
    _file(
        "P!nk - So What.mp4",
        *("P!nk", "So What", 2008, "Pop", "Funhouse"),
    ),
    _file(
        "R.E.M. - Losing My Religion [Karaoke].mp4",
        *("R.E.M.", "Losing My Religion", 1991, "Alternative Rock", "Out of Time"),
    ),
    _file(
        "Guns N' Roses - Sweet Child O' Mine (Live at the Ritz 1988) karaoke.mp4",
        *("Guns N' Roses", "Sweet Child O' Mine", 1987, "Hard Rock", "Appetite for Destruction"),
    ),
    _file(
        "What＇s Up？ - 4 Non Blondes ｜ Karaoke Version.mp4",
        *("4 Non Blondes", "What's Up?", 1992, "Rock", "Bigger, Better, Faster, More!"),
    ),
    _file(
        "＂Friends in Low Places＂ by Garth Brooks (Karaoke).mp4",
        *("Garth Brooks", "Friends in Low Places", 1990, "Country", "No Fences"),
    ),
    _file(
        "Beyoncé ft. Jay-Z — Crazy in Love (karaoke).mp4",
        *("Beyoncé feat. JAY-Z", "Crazy in Love", 2003, "R&B", "Dangerously in Love"),
        aliases=("Beyonce",),
    ),
    _file(
        "OutKast - Hey Ya! (Radio Edit) [Clean] Karaoke.mp4",
        *("OutKast", "Hey Ya!", 2003, "Hip-Hop", "Speakerboxxx/The Love Below"),
    ),
    # title first, and titles that look like something else
    _file(
        "My Heart Will Go On - Celine Dion (Karaoke).mp4",
        *("Céline Dion", "My Heart Will Go On", 1997, "Pop", "Let's Talk About Love"),
    ),
    _file(
        "Stand By Me - Ben E. King.mp4",
        *("Ben E. King", "Stand by Me", 1961, "Soul", "Don't Play That Song!"),
        covers=(("John Lennon", 1975),),
    ),
    _file(
        "Video Killed the Radio Star - The Buggles (Karaoke Video).mp4",
        *("The Buggles", "Video Killed the Radio Star", 1979, "New Wave", "The Age of Plastic"),
    ),
    _file(
        "Summer of '69 - Bryan Adams.mp4",
        *("Bryan Adams", "Summer of '69", 1984, "Rock", "Reckless"),
    ),
    _file(
        "1999 - Prince.mp4",
        *("Prince", "1999", 1982, "Funk", "1999"),
    ),
    # other languages and scripts
    _file(
        "Édith Piaf - La Vie en rose (Karaoké).mp4",
        *("Édith Piaf", "La Vie en rose", 1947, "Chanson"),
        covers=(("Grace Jones", 1977),),
    ),
    _file(
        "Nena - 99 Luftballons (Karaokeversion).mp4",
        *("Nena", "99 Luftballons", 1983, "New Wave", "Nena"),
    ),
    _file(
        "LUIS FONSI FT DADDY YANKEE - DESPACITO (VERSIÓN KARAOKE).mp4",
        *("Luis Fonsi feat. Daddy Yankee", "Despacito", 2017, "Latin Pop", "Vida"),
    ),
    _file(
        "坂本九 - 上を向いて歩こう (カラオケ).mp4",
        *("坂本九", "上を向いて歩こう", 1961, "J-Pop"),
        aliases=("Kyu Sakamoto", "Sakamoto, Kyū"),
    ),
    _file(
        "Кино - Группа крови (караоке).mp4",
        *("Кино", "Группа крови", 1988, "Post-Punk", "Группа крови"),
        aliases=("Kino",),
    ),
    _file(
        "싸이 - 강남스타일 [노래방].mp4",
        *("싸이", "강남스타일", 2012, "K-Pop", "싸이 6甲"),
        aliases=("PSY",),
    ),
    # no separator at all
    _file(
        "the killers mr brightside karaoke lyrics.mp4",
        *("The Killers", "Mr. Brightside", 2003, "Rock", "Hot Fuss"),
    ),
    # nothing that could be looked up
    DemoFile("VID_20190714_221530.mp4", None),
    DemoFile("Uncle Bert & the Garage Door - Happy Birthday Grandma Ilse.mp4", None),
)

# Titles that several have sung, by nobody that the name tells: they wait for a person.
TITLES_ALONE = ("hey jude.mp4", "Jolene Karaoke HD.mp4", "Stand By Me [karaoke].avi")

SONGS: tuple[Song, ...] = tuple(file.song for file in FILES if file.song is not None)


def file_names() -> tuple[str, ...]:
    """The names of the demonstration's files, which hold no sound."""
    return (*(file.name for file in FILES), *TITLES_ALONE)
