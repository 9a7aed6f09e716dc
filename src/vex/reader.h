/*
 * What the readers of statements share: a document being built in an arena.
 *
 * Texts of a parsed document are copied by tu_vex_keep(); running out of memory is kept in
 * `status`, and the next tu_vex_keep() gives empty texts.
 */
#ifndef TU_VEX_READER_H
#define TU_VEX_READER_H

#include <tutela/vex.h>

#include "base/intern.h"
#include "base/json.h"
#include "base/vec.h"

struct tu_vex_builder {
	struct tu_arena *arena;
	struct tu_json root;
	struct tu_vex_document document;
	TU_VEC(struct tu_vex_claim) claims;
	TU_VEC(struct tu_sbom_note) notes;
	enum tu_status status;
};

/* Texts, products, hashes in an arena. */
struct tu_vex_texts {
	struct tu_str *at;
	size_t count;
	size_t cap;
};
struct tu_vex_products {
	struct tu_vex_product *at;
	size_t count;
	size_t cap;
};

/* What went wrong first is kept. */
void tu_vex_stop(struct tu_vex_builder *b, enum tu_status status);
void tu_vex_no_memory(struct tu_vex_builder *b);
struct tu_str tu_vex_keep(struct tu_vex_builder *b, struct tu_str text);
/* The member's text, kept. */
#define TU_VEX_KEEP(b, object, key) tu_vex_keep((b), TU_JSON_STR(object, key))
void tu_vex_add_text(struct tu_vex_builder *b, struct tu_vex_texts *texts, struct tu_str text);
void tu_vex_add_product(
	struct tu_vex_builder *b, struct tu_vex_products *products, struct tu_vex_product product);
void tu_vex_add_claim(struct tu_vex_builder *b, struct tu_vex_claim claim);
/* Tell of something that was not understood; equal messages are counted. */
void tu_vex_note(struct tu_vex_builder *b, struct tu_json at, const char *message);
/* A JSON pointer, printed: asking a value for its own costs a walk over its siblings. */
struct tu_str tu_vex_pointer(struct tu_vex_builder *b, const char *fmt, ...) TU_PRINTF(2, 3);
/* Sort an identifier into a product by what it looks like: purl, CPE, BOM-Link. */
void tu_vex_identify(struct tu_vex_builder *b, struct tu_vex_product *product, struct tu_str text);
/* "urn:uuid:3E67…" and "3e67…" alike: lower case without prefix. */
struct tu_str tu_vex_serial(struct tu_vex_builder *b, struct tu_str text);

/* The JSON-LD context of an OpenVEX document, the first of several. */
struct tu_str tu_vex_context(struct tu_json root);

/* Each fills document and claims from b->root. */
enum tu_status tu_vex_read_openvex(struct tu_vex_builder *b, struct tu_error *err);
enum tu_status tu_vex_read_cyclonedx(struct tu_vex_builder *b, struct tu_error *err);
enum tu_status tu_vex_read_csaf(struct tu_vex_builder *b, struct tu_error *err);

#endif
