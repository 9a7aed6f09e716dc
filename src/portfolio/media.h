/*
 * The media type of a document by what it begins with, for whoever downloads it. It is no
 * judgement of what the document says: a text that only looks like an SBOM is called one.
 */
#ifndef TU_PORTFOLIO_MEDIA_H
#define TU_PORTFOLIO_MEDIA_H

#include <tutela/str.h>

/* Static; "application/octet-stream" where nothing is known. */
const char *tu_media_of(struct tu_str bytes);
/* The same text, static, of one of those, of statements' or of "application/octet-stream" for any
 * other. */
const char *tu_media_known(struct tu_str media);
/* How a file of this type ends: "cdx.json", "spdx", "bin". Static. */
const char *tu_media_ending(struct tu_str media);

#endif
