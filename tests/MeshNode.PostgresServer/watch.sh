#!/bin/sh
# Ends a private PostgreSQL server and removes its folder when standard input ends: that is when whoever started it has
# asked for it, or is gone, in whatever way. Argument: FOLDER.
trap "" INT HUP
folder=$1
cat >/dev/null
if [ -f "$folder/data/postmaster.pid" ]; then
    pid=$(head -n 1 "$folder/data/postmaster.pid")
    # Only a server of this very folder: the id may belong to somebody else by now.
    if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$folder/data"; then
        kill -QUIT "$pid" 2>/dev/null
        tries=0
        while kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        kill -KILL "$pid" 2>/dev/null
    fi
fi
rm -rf "$folder"
