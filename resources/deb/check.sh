#!/usr/bin/env bash
# Install the package into a bare Debian 12 and run it there: resources/deb/check.sh PACKAGE [BARE_ROOT]
# Needs: to be root, debootstrap, an apt source that answers, 1.5 GB in $TMPDIR, and for the look at a real display
# Xvfb. BARE_ROOT is a root of `debootstrap --variant=minbase bookworm`, copied, not changed; without one it is made.
set -euo pipefail
cd "$(dirname "$0")/../.."

package=${1:?the package} bare=${2:-}
lacking=()
[ "$(id -u)" -eq 0 ] || lacking+=("root")
for tool in debootstrap dpkg-deb chroot; do
    command -v "$tool" >/dev/null || lacking+=("$tool")
done
if [ ${#lacking[@]} -gt 0 ]; then
    echo "This check needs: ${lacking[*]}" >&2
    exit 2
fi

place=$(mktemp -d)
root=$place/root
display=""
finish() {
    [ -z "$display" ] || kill "$display" 2>/dev/null || true
    umount "$root/tmp/.X11-unix" 2>/dev/null || true
    umount "$root/proc" 2>/dev/null || true
    rm -rf --one-file-system "$place"
}
trap finish EXIT

if [ -n "$bare" ]; then
    cp -a "$bare" "$root"
else
    source=$(apt-get indextargets --format '$(SITE)' 'Codename: bookworm' 2>/dev/null | head -n 1)
    debootstrap --variant=minbase bookworm "$root" ${source:+"$source"} >"$place/debootstrap.log" || {
        tail -n 20 "$place/debootstrap.log" >&2
        exit 1
    }
fi
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
rm -rf "$root"/etc/apt/sources.list*
for part in sources.list sources.list.d apt.conf.d trusted.gpg.d preferences.d; do
    [ ! -e "/etc/apt/$part" ] || cp -rL "/etc/apt/$part" "$root/etc/apt/"
done
[ -d "$root/proc/1" ] || mount -t proc proc "$root/proc"
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
officer() { inside setpriv --reuid=4711 --regid=4711 --clear-groups env HOME=/home/officer TMPDIR=/tmp "$@"; }
say() { printf '%-34s %s\n' "$1" "$2"; }

before=$(inside dpkg-query -f '${Package}\n' -W | wc -l)
cp "$package" "$root/tmp/hengxin.deb"
inside apt-get update -qq
inside apt-get install -y -qq --no-install-recommends /tmp/hengxin.deb >"$place/apt.log" 2>&1 || {
    tail -n 20 "$place/apt.log" >&2
    exit 1
}
install -d -o 4711 -g 4711 "$root/home/officer"
say "package" "$(stat -c %s "$package") bytes"
say "installed" "$(du -sb "$root/usr/lib/hengxin" | cut -f 1) bytes"
say "packages it brought along" "$(($(inside dpkg-query -f '${Package}\n' -W | wc -l) - before - 1))"

# Libraries that nobody has. libcups is a suggestion: without it Qt's print plug-in stays away, files are saved.
find "$root/usr/lib/hengxin" -type f \( -name '*.so*' -o -perm /111 \) -printf '/%P\n' | sed 's,^,/usr/lib/hengxin,' |
    sort >"$root/tmp/objects"
missing=$(inside env LD_LIBRARY_PATH=/usr/lib/hengxin/_internal sh -c 'xargs -n 1 ldd </tmp/objects 2>/dev/null' | sed -n 's/^\s*\(\S*\) => not found$/\1/p' | sort -u)
say "libraries not found" "$(tr '\n' ' ' <<<"${missing:-none}")"
[ -z "$(grep -v '^libcups\.so\.2$' <<<"$missing" | sed '/^$/d')" ] || { echo "more is missing than is suggested" >&2; exit 1; }

timed() {
    local began=$EPOCHREALTIME
    "$@" >"$place/said" 2>"$place/said.err" || { cat "$place/said" "$place/said.err" >&2; return 1; }
    awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f s", b - a }'
}
self_test() { officer QT_QPA_PLATFORM=offscreen "$@" hengxin-client --self-test; }

say "--self-test, first start" "$(timed self_test)"
say "--self-test, second start" "$(timed self_test)"
cat "$place/said"
say "hengxin doctor" "$(timed officer hengxin doctor --json --home /tmp/h)"
say "hengxin --help" "$(timed officer hengxin --help)"

if command -v Xvfb >/dev/null; then
    mkdir -p "$root/tmp/.X11-unix" /tmp/.X11-unix
    Xvfb -displayfd 3 -ac -screen 0 1280x800x24 3>"$place/screen" >/dev/null 2>&1 &
    display=$!
    for _ in {1..100}; do [ -s "$place/screen" ] && break || sleep 0.1; done
    screen=$(<"$place/screen")
    mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
    say "--self-test on an X display" "$(timed officer "DISPLAY=:$screen" hengxin-client --self-test)"
fi

# Qt is replaceable: nothing asks who built it. One with other bytes runs, and it is the one that is used: broken, it
# stops the program.
gui=$root/usr/lib/hengxin/_internal/PySide6/Qt/lib/libQt6Gui.so.6
cp "$gui" "$place/gui"
printf 'another build' >>"$gui"
say "--self-test, another libQt6Gui" "$(timed self_test)"
truncate -s 100000 "$gui"
! timed self_test >/dev/null 2>&1 || { echo "a broken libQt6Gui is not noticed: it is not used" >&2; exit 1; }
cp "$place/gui" "$gui"

for file in copyright README.Qt NOTICE licences/LGPL-3.0.txt licences/GPL-3.0.txt; do
    [ -s "$root/usr/share/doc/hengxin/$file" ] || { echo "$file is not there" >&2; exit 1; }
done

# The declared dependencies are wanted: without one the program must not pass.
for needed in libegl1 libgl1 libxcb1; do
    inside dpkg --remove --force-depends "$needed" >/dev/null 2>&1
    if timed self_test >/dev/null 2>&1; then
        echo "it runs without $needed, which it declares" >&2
        exit 1
    fi
    (cd "$root" && inside apt-get install -y -qq --no-install-recommends -f >/dev/null 2>&1)
done
say "without any of its dependencies" "fails, as it should"

inside apt-get purge -y -qq hengxin >/dev/null 2>&1
[ ! -e "$root/usr/lib/hengxin" ] && [ ! -e "$root/usr/bin/hengxin-client" ] || { echo "purging leaves files" >&2; exit 1; }
say "purged" "nothing is left in /usr"
