/*
 * When the certificates of a PEM file end: what a person must know in time.
 *
 * RFC 5280, 4.1.2.5: Certificate → TBSCertificate → validity → notAfter. Nothing else is read; the
 * TLS library judges whether the certificate is good. Pure.
 */
#ifndef TU_HTTP_CERTIFICATE_H
#define TU_HTTP_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/str.h>

/* The earliest end of all "CERTIFICATE" blocks, in seconds since 1970: of a chain, one that ended
 * is enough. False: there is none, or one that cannot be read; `*out_seconds` is 0 then. */
TU_NODISCARD bool tu_http_certificate_end(struct tu_str pem, int64_t *out_seconds);

#endif
