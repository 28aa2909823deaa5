"""PiKaraoke's own app with the dashboard inside, without its player, for the browser test.

    python host_app.py FOLDER [BASE_PATH]

Prints its port, then serves until it is ended.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

folder, base_path = sys.argv[1], (sys.argv[2:] or [""])[0]
# PiKaraoke reads its arguments when it is imported.
sys.argv = ["pikaraoke", *(["--base-path", base_path] if base_path else [])]

from gevent.pywsgi import WSGIServer  # noqa: E402
from pikaraoke import app as host  # noqa: E402
from pikaraoke.lib.admin_auth import AdminAuth  # noqa: E402
from pikaraoke.lib.preference_manager import PreferenceManager  # noqa: E402

from pikaraoke_enrichment import config, init_app  # noqa: E402

preferences = PreferenceManager(f"{folder}/config.ini")
host.app.config["KARAOKE_INSTANCE"] = SimpleNamespace(
    preferences=preferences,
    play_history=SimpleNamespace(
        get_current_session_name=lambda: "Friday </script><b>", has_active_session=lambda: True
    ),
)
auth = AdminAuth(preferences)
if "admin" in folder.rpartition("/")[2]:
    auth.set_password("secret")
host.app.secret_key = auth.secret_key
host.app.config["ADMIN_AUTH"] = auth
host.app.config["SITE_NAME"] = "PiKaraoke"
places = {"ENRICHMENT_CONFIG": f"{folder}/config.ini", "ENRICHMENT_DB": f"{folder}/pikaraoke.db"}
init_app(host.app, config.load(places))

server = WSGIServer(("127.0.0.1", 0), host.app, log=None)
server.start()
print(server.server_port, flush=True)
server.serve_forever()
