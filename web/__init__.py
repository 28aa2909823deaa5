"""The faces in a browser: one blueprint that stands alone or mounts into PiKaraoke."""
