#!/bin/sh
# Tạo CA nội bộ và chứng thư của máy chủ / Makes the internal CA and the certificate of the server.
#
#   make_ca.sh FOLDER NAME [NAME or ADDRESS ...]     for example  make_ca.sh ca duongthu.buudien.lan 192.168.10.5
#
# The CA is made once and kept; a later call makes only a new server certificate, signed by the same CA, so that the
# phones need not be touched. Formats: RFC 5280; 825 days at most for a server (what phones accept from a private CA).
# ca.key belongs on a USB stick in the safe, not on the server.
set -eu
umask 077

if [ $# -lt 2 ]; then
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
folder=$1
shift
name=$1
mkdir -p "$folder"
cd "$folder"

names=
for each; do
    case $each in
        *[!0-9.]*) kind=DNS ;; # a colon (IPv6) is not offered: give the name
        *) kind=IP ;;
    esac
    names="$names${names:+,}$kind:$each"
done

if [ ! -s ca.key ]; then
    openssl ecparam -name prime256v1 -genkey -noout -out ca.key
    openssl req -new -x509 -sha256 -days 3650 -key ca.key -out ca.crt \
        -subj "/O=Buu dien tinh/CN=Duong Thu CA" \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
        -addext "keyUsage=critical,keyCertSign,cRLSign"
fi

openssl ecparam -name prime256v1 -genkey -noout -out server.key.new
openssl req -new -sha256 -key server.key.new -out server.csr -subj "/CN=$name"
cat > server.ext <<END
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
subjectAltName=$names
END
openssl x509 -req -sha256 -days 825 -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial \
    -extfile server.ext -out server.crt.new
openssl verify -CAfile ca.crt server.crt.new
mv server.key.new server.key
mv server.crt.new server.crt
rm server.csr server.ext
# Android takes the CA as DER with the ending .crt.
openssl x509 -in ca.crt -outform der -out ca-android.crt
chmod 644 ca.crt ca-android.crt server.crt

echo "Dấu vân tay SHA-256 của CA, đọc lại khi cài lên điện thoại / Fingerprint of the CA, compare it on the phone:"
openssl x509 -in ca.crt -noout -fingerprint -sha256
