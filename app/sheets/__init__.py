"""Tables out of files: text in any Chinese encoding, and workbooks by way of a limited child process."""
