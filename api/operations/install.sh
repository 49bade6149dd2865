#!/bin/sh
# Kiểm tra gói cài đặt rồi giao cho install.py / Checks the bundle, then hands over to install.py.
#   ./install.sh install | upgrade | rollback   [--help]
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

if ! (cd "$here" && sha256sum --check --strict --quiet SHA256SUMS); then
    echo "Gói cài đặt đã bị hỏng hoặc bị sửa đổi: KHÔNG cài gì cả. Hãy chép lại gói." >&2
    echo "The bundle is damaged or was changed: NOTHING was installed. Copy it anew." >&2
    exit 3
fi

wanted=$(cat "$here/PYTHON")
for python in "${PYTHON:-}" "python$wanted" python3; do
    if [ -n "$python" ] && "$python" -I -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$wanted')" 2>/dev/null; then
        exec "$python" -I "$here/install.py" "$@"
    fi
done

echo "Cần Python $wanted trên máy chủ này (Debian: python$wanted và python$wanted-venv)." >&2
echo "Python $wanted is needed on this server (Debian: python$wanted and python$wanted-venv)." >&2
exit 4
