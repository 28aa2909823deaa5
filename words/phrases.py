"""Every code that may be said, and its phrase in English; a translator finds each phrase whole.

What stands in %(…)s is a parameter of the same name. A pair is a phrase for one and for many,
chosen by `count`.
"""

from __future__ import annotations

from ..system.said import N_, N_n

Template = str | tuple[str, str]

# What speaks for and against a candidate (`tasks/matching.py`).
_EVIDENCE: dict[str, Template] = {
    "artist_agrees": N_("artist agrees: %(given)s"),
    "artist_agrees_nearly": N_("artist agrees nearly: %(given)s for %(asked)s"),
    "artist_agrees_in_part": N_("artist agrees in part: %(given)s for %(asked)s"),
    "artist_differs": N_("another artist: %(given)s, not %(asked)s"),
    "artist_not_told": N_("the name tells no artist; %(given)s is one that has the song"),
    "artist_in_name": N_("%(given)s stands in the name"),
    "title_agrees": N_("title agrees: %(given)s"),
    "title_agrees_nearly": N_("title agrees nearly: %(given)s for %(asked)s"),
    "title_agrees_in_part": N_("title agrees in part: %(given)s for %(asked)s"),
    "title_differs": N_("another title: %(given)s, not %(asked)s"),
    "known_to_many": N_n(
        "known to %(count)s independent provider", "known to %(count)s independent providers"
    ),
    "known_to_one": N_("known to %(provider)s alone"),
    "listeners": N_n("%(count)s listener on Last.fm", "%(count)s listeners on Last.fm"),
    "artist_index": N_("the artist index knows who sings"),
    "likeliest_reading": N_("the likeliest reading of the name"),
    "later_reading": N_("reading %(place)s of the name (%(strength)s)"),
    "other_way_round": N_("also known the other way round, by %(artist)s"),
    "catalogued_artist": N_("%(artist)s is the artist where people keep a catalogue"),
    "title_is_artist": N_("%(artist)s is an artist of the library"),
    "cover_by_this_artist": N_("the name tells of a cover by this artist"),
    "cover_by_another": N_("the name tells of a cover by %(artist)s"),
    "cover_of_this": N_("the name tells of a cover, this may be the original"),
    "cover_by_nobody": N_("the name tells of a cover, not by whom"),
    "artist_new": N_("an artist new to the library"),
    "artist_of_library": N_("an artist of the library"),
    "karaoke_maker": N_("%(artist)s makes karaoke tracks"),
    "karaoke_track": N_("only offered as a karaoke track"),
    "imitator": N_("%(artist)s plays others' songs"),
    "version_missing": N_("no %(kinds)s version among the answers"),
    "version_only": N_("only a %(kinds)s version is known"),
    "guest_credited": N_("features %(names)s as the name says"),
    "guest_not_credited": N_("%(names)s of the name is not credited"),
    "some_guest_credited": N_("features a guest as the name says"),
    "some_guest_not_credited": N_("a guest of the name is not credited"),
    "no_rival": N_("no other song answers the name"),
    "far_rival": N_("well ahead of %(rival)s"),
    "near_rival": N_("%(rival)s answers the name as well"),
    "text_beside_title": N_("the name has “%(text)s” beside the title"),
    "medley": N_("the name tells of a medley"),
    "verified_by": N_("verified by %(list)s"),
    "year": N_("year %(year)s from %(provider)s"),
    "years_differ": N_(
        "year %(year)s from %(provider)s, but %(other_year)s from %(other_provider)s"
    ),
}
# Why a song is not enriched.
_OUTCOMES: dict[str, Template] = {
    "not_sure": N_("no answer is sure enough to apply"),
    "not_found": N_("not found at %(providers)s"),
    "refused_answer": N_("a person said that it is another song"),
    "no_song": N_("no song: macOS keeps it beside one"),
    "no_song_deleted": N_("no song: it lies where a system keeps what was deleted"),
    "no_song_download": N_("no song: a download has left it, which has picture or sound alone"),
    "renamed_to_another": N_(
        "The file's new name tells of another song than the one it was known as: which is it?"
    ),
    "changed_elsewhere": N_(
        "PiKaraoke, or another program, has changed this song: how sure that is, is not known"
    ),
    "said_elsewhere": N_(
        "PiKaraoke, or another program, has said this: how sure it is, is not known"
    ),
    "own_error": N_("%(error)s in our own code, see the log"),
    "troubles": "%(each)s",
    "trouble": N_("%(provider)s: %(reason)s"),
}
# Why a service gave no answer.
_FAILURES: dict[str, Template] = {
    "too_many_requests": N_("too many requests"),
    "too_many_requests_status": N_("too many requests (HTTP %(status)s)"),
    "server_failed": N_("the server failed (HTTP %(status)s)"),
    "not_let_in": N_("the server does not let us in (HTTP %(status)s)"),
    "question_rejected_status": N_("the question was rejected (HTTP %(status)s)"),
    "question_rejected": N_("%(provider)s rejects the question"),
    "question_rejected_error": N_("%(provider)s rejects the question (error %(error)s)"),
    "operation_failed": N_("%(provider)s's own operation failed (error %(error)s)"),
    "out_of_service": N_("%(provider)s is out of service (error %(error)s)"),
    "unavailable": N_("%(provider)s is temporarily unavailable (error %(error)s)"),
    "key_not_valid": N_("the API key is not valid (error %(error)s)"),
    "key_suspended": N_("the API key is suspended (error %(error)s)"),
    "token_not_valid": N_("the token is not valid (HTTP %(status)s)"),
    "no_contact": N_(
        "it lets nobody in who cannot be reached: give your mail address or web page with "
        "%(command)s (HTTP %(status)s)"
    ),
    "key_gain": N_(
        "Most songs of this library are named after about %(with_it)s with it, %(without)s without "
        "it."
    ),
    "free_token": N_(
        "With a free %(service)s %(key)s most songs would be named in some %(minutes)s min: "
        "%(page)s"
    ),
    "contact_missing": N_(
        "MusicBrainz and ListenBrainz are not asked, as they block programs that name no contact: "
        "give your mail address or web page with %(command)s"
    ),
    "endless_redirects": N_("sent from one address to the next without an end"),
    "another_address": N_("sent to another address (a log-in page of the network?)"),
    "own_failure": N_("broken off by an error of our own"),
    "odd_packing": N_("an answer packed in a way not asked for"),
    "answer_too_large": N_("an answer of more than %(megabytes)s MB"),
    "answer_not_unpackable": N_("an answer that cannot be unpacked"),
    "answer_empty": N_("an empty answer"),
    "answer_web_page": N_("a web page instead of data"),
    "answer_broken_encoding": N_("an answer in a broken encoding"),
    "answer_no_json": N_("an answer that is no JSON"),
    "another_question": N_("an answer to another question"),
    "answer_of_unknown_shape": N_("an answer of an unknown shape"),
    "address_not_valid": N_("the address is not valid (is it set rightly?)"),
    "no_socks": N_(
        "the proxy that the environment names is one of SOCKS, which needs a package: "
        "%(command)s, or take ALL_PROXY and HTTPS_PROXY out"
    ),
    "no_authorities": N_(
        "the certificates that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names are not there: "
        "set it rightly, or take it out"
    ),
    "host_not_found": N_("host name not found (is the network up?)"),
    "certificate_not_trusted": N_("certificate not trusted (is this machine's clock right?)"),
    "no_secure_connection": N_("no secure connection possible"),
    "proxy_failed": N_("the proxy gives no connection"),
    "connection_refused": N_("connection refused"),
    "connection_lost": N_("connection lost in the middle of an answer"),
    "connection_closed": N_("connection closed without an answer"),
    "no_connection": N_("no connection"),
    "connect_timeout": N_("no connection within %(seconds)s s"),
    "answer_timeout": N_("answer not complete within %(seconds)s s"),
    "silent": N_("silent for %(seconds)s s"),
    "stopping": N_("the worker is stopping"),
    "no_slot": N_("no slot came in time"),
}
# Why a list of songs is not taken in.
_LISTS: dict[str, Template] = {
    "link_none": N_("This is no link: paste one that begins with https://."),
    "link_password": N_("The link holds a password: download the file, and upload it."),
    "link_inside": N_("%(host)s is a machine inside a house: download the file, and upload it."),
    "link_lost": N_("%(host)s cannot be reached: is the link whole, and the network up?"),
    "link_status": N_(
        "%(host)s answers %(status)s: open the link in a browser, and upload the file."
    ),
    "link_broken": N_("The answer broke off or took too long: download the file, and upload it."),
    "list_large": N_(
        "The file is larger than %(megabytes)s MB, which no list of songs needs: save the sheet "
        "with the songs alone, as CSV."
    ),
    "list_unreadable": N_("The file cannot be read as a table: save it as CSV, .xlsx or .ods."),
    "list_no_column": N_(
        "The first line must name the columns, as Artist;Title;Year;Genre. It names: %(names)s"
    ),
    "list_empty": N_("The file holds no song: each line needs an artist and a title."),
    "list_no_videos": N_("The file names no YouTube video: it is no list of another host's."),
    "lists_unusable": N_("The lists' file %(file)s cannot be used: %(error)s"),
    "list_broken_off": N_("This was broken off: begin anew."),
    "list_long": N_("The list names more than %(count)s videos."),
}
# What the worker is about, and why it is not at work.
_STATES: dict[str, Template] = {
    "running": N_("Running"),
    "stopped": N_("Stopped: nothing is looked up until someone presses Start"),
    "paused": N_("Paused: nothing is looked up until someone presses Resume"),
    "quiet_hours": N_("Paused until %(until)s: quiet hours"),
    "song_plays": N_("Paused: a song is playing"),
    "no_provider": N_(
        "No provider can be asked: give a Last.fm key with %(command)s, or name others"
    ),
    "offline": N_("No consumer is running: start %(command)s"),
    "offline_then_stopped": N_(
        "No consumer is running, and the next one begins stopped: "
        "start %(command)s, then press Start"
    ),
    "offline_then_paused": N_(
        "No consumer is running, and the next one begins paused: "
        "start %(command)s, then press Resume"
    ),
}
# What is typed against it, named by whoever reads the sentence: it is typed there.
COMMANDS = {
    "no_contact": "set contact",
    "contact_missing": "set contact",
    "no_provider": "set lastfm",
}

PHRASES: dict[str, Template] = {**_EVIDENCE, **_OUTCOMES, **_FAILURES, **_LISTS, **_STATES}

# What sets a recording apart, as `judging.naming.version_kind` names it.
KINDS = {
    "acoustic": N_("acoustic"),
    "demo": N_("demo"),
    "instrumental": N_("instrumental"),
    "karaoke": N_("karaoke"),
    "live": N_("live"),
    "remaster": N_("remaster"),
    "remix": N_("remix"),
    "rerecording": N_("rerecording"),
    "tribute": N_("tribute"),
    "version": N_("edited"),
}
# Why a file keeps its name, as `review.renaming` names it.
KEEPS_ITS_NAME = {
    "gone": N_("The file is not where PiKaraoke has it."),
    "silent": N_("The disk or share that it lies on does not answer."),
    "playing": N_("It is playing."),
    "queued": N_("It stands in the queue."),
    "taken": N_("Another file has this name."),
    "twice": N_("Another song would get the same name."),
    "shared": N_("A song beside it has the same name, and its lyrics would come along."),
}
# How surely a name is read.
STRENGTHS = {"strong": N_("strong"), "weak": N_("weak"), "fallback": N_("fallback")}
