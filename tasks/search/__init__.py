"""The list of songs as it is searched, filtered and sorted."""
