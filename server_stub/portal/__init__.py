"""The public's pages: whoever holds a report can see whether it is genuine and still true."""
