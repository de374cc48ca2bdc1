#!/bin/sh
# Ends a private PostgreSQL server and removes its folder when standard input ends: that is when whoever started it has
# asked for it, or is gone, in whatever way. Argument: FOLDER.
trap "" INT HUP TERM
folder=$1
cat >/dev/null

# Only a server of this very folder: the id may belong to somebody else by now. What has ended has no command line.
runs() {
    tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$folder/data"
}

if [ -f "$folder/data/postmaster.pid" ]; then
    pid=$(head -n 1 "$folder/data/postmaster.pid")
    if runs; then
        kill -QUIT "$pid" 2>/dev/null
        tries=0
        while runs && [ $tries -lt 100 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        ! runs || kill -KILL "$pid" 2>/dev/null
    fi
fi
rm -rf "$folder"
