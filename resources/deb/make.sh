#!/usr/bin/env bash
# Put the frozen folder into a Debian package: resources/deb/make.sh dist/hengxin dist
# The same folder gives the same bytes: times come from the last commit, owners are root, names are sorted.
#     HENGXIN_DEB_FAST=1   compress at level 1 (for trials; a release takes 6)
set -euo pipefail
cd "$(dirname "$0")/../.."

frozen=${1:?the frozen folder} out=${2:?where the package goes}
if [ ! -x "$frozen/hengxin-client" ]; then
    echo "$frozen holds no frozen client; \`make build\` makes it" >&2
    exit 1
fi
umask 022
level=${HENGXIN_DEB_FAST:-6}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml | head -n 1)
architecture=$(dpkg --print-architecture)
qt=$(sed -n 's/^pyside6-essentials==\([0-9.]*\).*/\1/p' requirements/client.txt)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
tree=$place/tree doc=$place/tree/usr/share/doc/hengxin
mkdir -p "$tree/DEBIAN" "$tree/usr/lib" "$tree/usr/bin" "$doc" \
    "$tree/usr/share/applications" "$tree/usr/share/icons/hicolor/scalable/apps" "$tree/usr/share/mime/packages"
cp -a "$frozen" "$tree/usr/lib/hengxin"
for program in hengxin-client hengxin; do
    ln -s "../lib/hengxin/$program" "$tree/usr/bin/$program"
done
cp resources/deb/hengxin.desktop "$tree/usr/share/applications/"
cp resources/deb/hengxin.xml "$tree/usr/share/mime/packages/"
cp resources/deb/hengxin.svg "$tree/usr/share/icons/hicolor/scalable/apps/"
cp resources/deb/copyright NOTICE "$doc/"
cp -r docs/licences "$doc/licences"
sed -e "s/@QT@/$qt/" -e "s/@ARCHITECTURE@/$architecture/" resources/deb/README.Qt >"$doc/README.Qt"
gzip -9n <CHANGELOG.md >"$doc/changelog.gz"

find "$tree" -type d -exec chmod 755 {} +
find "$tree" -type f -perm /111 -exec chmod 755 {} +
find "$tree" -type f ! -perm /111 -exec chmod 644 {} +
size=$(du -sk --apparent-size "$tree/usr" | cut -f 1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" \
    resources/deb/control >"$tree/DEBIAN/control"
(cd "$tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$out"
package=$out/hengxin_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz "-z$level" --threads-max=2 -b "$tree" "$package" >/dev/null
echo "$package $(stat -c %s "$package") bytes, $size KiB installed"
