/*
 * SPDX 2.3, JSON and tag-value: what the files of its writer share.
 *
 *   spdx.c           the document: creation, relationships, licences
 *   spdx2_package.c  packages
 *   spdx2_ref.c      external references and their forms
 *   spdx2_form.c     members of JSON, or lines of tag-value
 */
#ifndef TU_SBOM_WRITE_SPDX2_H
#define TU_SBOM_WRITE_SPDX2_H

#include "base/json_writer.h"
#include "sbom/write/spdx_licences.h"
#include "sbom/write/write.h"

struct tu_spdx2_writing {
	struct tu_sbom_writing *w;
	bool tags; /* tag-value */
	struct tu_json_writer to; /* JSON */
	const struct tu_component *at; /* being written, for losses; NULL: the document */
	struct tu_spdx_licences licences;
};

/* ---- the two forms ---- */

/* A member of the open object, or a tag; nothing where it has no name. In tag-value it is one line:
 * other white space is changed. */
void tu_spdx2_put(
	struct tu_spdx2_writing *s, const char *member, const char *tag, struct tu_str text);
void tu_spdx2_put_opt(
	struct tu_spdx2_writing *s, const char *member, const char *tag, struct tu_str text);
/* The same for a text that may have lines: <text>…</text>. */
void tu_spdx2_put_text(
	struct tu_spdx2_writing *s, const char *member, const char *tag, struct tu_str text);
void tu_spdx2_put_bool(struct tu_spdx2_writing *s, const char *member, const char *tag, bool value);
/* A buffer as a text, which is given back. */
void tu_spdx2_put_buf(
	struct tu_spdx2_writing *s, const char *member, const char *tag, struct tu_buf *text);

/* Lists and objects: in tag-value only the order of the lines shows them. */
void tu_spdx2_open_list(struct tu_spdx2_writing *s, const char *member);
void tu_spdx2_close_list(struct tu_spdx2_writing *s);
void tu_spdx2_open_item(struct tu_spdx2_writing *s);
void tu_spdx2_close_item(struct tu_spdx2_writing *s);
/* An item of a list of texts: a value, or a tag for each. */
void tu_spdx2_add_text(struct tu_spdx2_writing *s, const char *tag, struct tu_str text);

/* An object of several words: members, or one line of a tag with what is between them. */
struct tu_spdx2_word {
	const char *member;
	struct tu_str text;
};
void tu_spdx2_put_words(struct tu_spdx2_writing *s, const char *tag, const char *between,
	const struct tu_spdx2_word *words, size_t count);

/* ---- parts ---- */

/* Append the id of a component; TU_NO_COMPONENT: of the document. */
void tu_spdx2_add_id(const struct tu_spdx2_writing *s, uint32_t index, struct tu_buf *out);
/* "Person: Jane Doe (jane@acme.example)". */
void tu_spdx2_add_actor(
	struct tu_spdx2_writing *s, const struct tu_party *party, struct tu_buf *out);
void tu_spdx2_package(struct tu_spdx2_writing *s, uint32_t index);

/* Identifiers and references of the component. */
void tu_spdx2_references(struct tu_spdx2_writing *s, const struct tu_component *c);
/* The first reference of a CycloneDX type that SPDX has a member for: "website", "distribution";
 * NULL when there is none. */
const struct tu_sbom_reference *tu_spdx2_reference_of(
	const struct tu_component *c, struct tu_str type);

#endif
